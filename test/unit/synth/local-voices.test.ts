import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { SpeechRequest } from '../../../src/speech/source.ts';
import { localVoices } from '../../../src/synth/local-voices.ts';
import { type Collected, collect } from '../../kit/collect.ts';
import { levelOf } from '../../kit/voice-measures.ts';

const RATE = 44_100;
const HELLO = 'Hello traveller, welcome to the village.';
const voices = localVoices();
afterAll(() => voices.dispose());

function speak(request: string | SpeechRequest, signal = new AbortController().signal): Promise<Collected> {
  return collect(voices.speak(typeof request === 'string' ? { text: request } : request, signal));
}

/** Checks what every line promises, and returns it. */
function sound(text: string, line: Collected): Collected {
  expect(line.error).toBeUndefined();
  const duration = line.samples.length / RATE;
  let [end, from] = [0, 0];
  for (const cue of line.cues) {
    expect(cue.start).toBe(end);
    expect(cue.end).toBeGreaterThan(cue.start);
    expect(cue.from).toBeGreaterThanOrEqual(from);
    expect(cue.from).toBeLessThan(text.length + 1);
    [end, from] = [cue.end, cue.from!];
  }
  expect(end).toBe(duration);
  let [time, place] = [0, 0];
  for (const word of line.words) {
    expect(text.slice(word.from, word.to)).toBe(word.text);
    expect(word.from).toBeGreaterThanOrEqual(place);
    expect(word.start).toBeGreaterThanOrEqual(time);
    expect(word.end).toBeGreaterThan(word.start);
    [time, place] = [word.end, word.to];
  }
  expect(time).toBeLessThanOrEqual(duration);
  return line;
}

/** Visemes in order, those of the pauses left out. */
function spoken(line: Collected): string {
  return line.cues
    .map((cue) => cue.viseme)
    .filter((viseme) => viseme !== 'sil')
    .join(' ');
}

describe('localVoices', () => {
  it('speaks a sentence: words and cues before the sound they belong to, then the end', async () => {
    const line = sound(HELLO, await speak(HELLO));
    expect(line.types).toEqual(['words', 'cues', 'audio', 'end']);
    expect(line.words.map((word) => word.text)).toEqual([
      'Hello',
      'traveller',
      'welcome',
      'to',
      'the',
      'village',
    ]);
    expect(spoken(line)).toBe('E E nn O U DD RR aa FF E nn RR U E nn kk E PP DD E TH E FF I nn E CH');
    expect(line.samples.length / RATE).toBeGreaterThan(1.8);
    expect(line.samples.length / RATE).toBeLessThan(3);
    const { rms } = levelOf(Int16Array.from(line.samples), RATE);
    expect(rms).toBeGreaterThan(-25);
  });

  it('puts every cue on the letter it belongs to', async () => {
    const text = 'Map the 42 ships, Dr. Fox!';
    const line = sound(text, await speak(text));
    const at = (viseme: string) =>
      line.cues.filter((cue) => cue.viseme === viseme).map((cue) => `${text[cue.from!]}${cue.from}`);
    expect(at('PP')).toEqual(['M0', 'p2', 'p14']);
    expect(at('TH')).toEqual(['t4']);
    expect(at('FF')).toEqual(['48', 'F22']);
    expect(line.words.map((word) => word.text)).toEqual(['Map', 'the', '42', 'ships', 'Dr', 'Fox']);
  });

  it('keeps places in the text as given through emoji, markup and expansions', async () => {
    const text = '👋🏽 “Hello”, <b>Zoë</b> — you have 50% of 42 €…';
    const line = sound(text, await speak(text));
    expect(line.words.map((word) => word.text)).toEqual([
      'Hello',
      'Zoë',
      'you',
      'have',
      '50%',
      'of',
      '42',
      '€',
    ]);
  });

  it('is silent where the cues say so, and heard where they do not', async () => {
    const line = await speak('Stop. Go!');
    const level = (start: number, end: number) => {
      const part = line.samples.slice(Math.round(start * RATE), Math.round(end * RATE));
      return Math.sqrt(part.reduce((sum, sample) => sum + sample ** 2, 0) / part.length);
    };
    const pauses = line.cues.filter((cue) => cue.viseme === 'sil' && cue.end - cue.start > 0.1);
    expect(pauses.length).toBeGreaterThanOrEqual(2);
    for (const { start, end } of pauses) expect(level(start + 0.03, end - 0.03)).toBeLessThan(60);
    for (const word of line.words) expect(level(word.start, word.end)).toBeGreaterThan(800);
  });

  it('starts within 40 ms of the first sample and ends soon after the last sound', async () => {
    const line = await speak(HELLO);
    expect(line.words[0]!.start).toBeLessThanOrEqual(0.04);
    const tail = line.samples.length / RATE - line.words.at(-1)!.end;
    expect(tail).toBeGreaterThan(0.1);
    expect(tail).toBeLessThan(0.2);
  });

  it('gives the first sentence away before the last one is made', async () => {
    const text = `${HELLO} `.repeat(40);
    const first = voices.speak({ text }, new AbortController().signal)[Symbol.asyncIterator]();
    const before = performance.now();
    await first.next();
    const toFirst = performance.now() - before;
    while (!(await first.next()).done);
    expect(toFirst).toBeLessThan((performance.now() - before) / 4);
  });

  it('breathes between sentences, and joins them without a step', async () => {
    const line = sound('We go. We stay. We rest.', await speak('We go. We stay. We rest.'));
    const pauses = line.cues.filter(
      (cue, index) => cue.viseme === 'sil' && index > 0 && cue.end < line.cues.at(-1)!.end,
    );
    const whole = pauses.reduce((sum, cue) => sum + cue.end - cue.start, 0);
    expect(whole / 2).toBeGreaterThan(0.25);
    expect(whole / 2).toBeLessThan(0.45);
    const step = line.samples.reduce(
      (most, sample, index) => Math.max(most, Math.abs(sample - (line.samples[index - 1] ?? 0))),
      0,
    );
    expect(step).toBeLessThan(9_000);
  });

  it('speaks as fast as asked, cues and words along', async () => {
    const normal = await speak(HELLO);
    for (const speed of [0.5, 1.5, 2]) {
      const line = sound(HELLO, await speak({ text: HELLO, speed }));
      const ratio = normal.samples.length / line.samples.length / speed;
      expect(ratio).toBeGreaterThan(0.93);
      expect(ratio).toBeLessThan(1.07);
      expect(spoken(line)).toBe(spoken(normal));
    }
  });

  it('makes the same line the same way, every time', async () => {
    expect(await speak(HELLO)).toEqual(await speak(HELLO));
  });

  it('speaks at any rate asked for, as long as at 44,100', async () => {
    const line = await speak(HELLO);
    for (const sampleRate of [8_000, 22_050, 48_000]) {
      const other = localVoices({ sampleRate, threads: 1 });
      const there = await collect(other.speak({ text: HELLO }, new AbortController().signal));
      other.dispose();
      expect(there.samples.length / sampleRate).toBeCloseTo(line.samples.length / RATE, 3);
      expect(there.cues.at(-1)!.end).toBe(there.samples.length / sampleRate);
    }
  });

  it.each([
    ['a voice', { text: HELLO, voice: 'F9' }, 'F1 F2 F3'],
    ['a language', { text: HELLO, lang: 'xx' }, '"xx"'],
    ['a speed that is too low', { text: HELLO, speed: 0.4 }, '0.5 to 2'],
    ['a speed that is none', { text: HELLO, speed: Number.NaN }, '0.5 to 2'],
  ])('refuses %s that it does not have, and says what it has', async (_, request, hint) => {
    const { error, types } = await speak(request);
    expect(error).toMatchObject({ code: 'refused', message: expect.stringContaining(hint) });
    expect(types).toEqual([]);
  });

  it.each(['m2', 'M2'])('knows the voice %s and English of every country', async (voice) => {
    expect((await speak({ text: 'Yes.', voice, lang: 'en-GB' })).error).toBeUndefined();
  });

  it.each(['', '  \n', '👋🏽', '…!?', '한국어'])(
    'refuses %j, in which there is nothing to say',
    async (text) => {
      const { error, types } = await speak(text);
      expect(error).toMatchObject({ code: 'refused', reason: expect.stringContaining('English words') });
      expect(types).toEqual([]);
    },
  );

  it.each([
    { sampleRate: 4_000 },
    { sampleRate: 44_100.5 },
    { sampleRate: 96_000 },
    { threads: 0 },
    { threads: 1.5 },
  ])('cannot be made with %j', (options) => {
    expect(() => localVoices(options)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });

  it('stops when it is aborted, between sentences and before the first', async () => {
    const abort = new AbortController();
    const types: string[] = [];
    const reading = (async () => {
      for await (const part of voices.speak({ text: `${HELLO} `.repeat(20) }, abort.signal)) {
        types.push(part.type);
        if (part.type === 'audio') abort.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
    expect(types).toEqual(['words', 'cues', 'audio']);
    expect((await speak(HELLO, abort.signal)).error?.code).toBe('aborted');
  });

  it('lets a short line through while a long one is spoken', async () => {
    const one = localVoices({ threads: 1 });
    const signal = new AbortController().signal;
    const order: string[] = [];
    const long = collect(one.speak({ text: `${HELLO} `.repeat(30) }, signal)).then(() => order.push('long'));
    const short = collect(one.speak({ text: 'Yes. Of course.' }, signal)).then(() => order.push('short'));
    await Promise.all([long, short]);
    one.dispose();
    expect(order).toEqual(['short', 'long']);
  });

  it('fails running lines with `aborted` when disposed, and may be disposed twice', async () => {
    const other = localVoices();
    const running = collect(other.speak({ text: HELLO }, new AbortController().signal));
    other.prepare?.();
    await new Promise((resolve) => setTimeout(resolve, 20));
    other.dispose();
    other.dispose();
    expect((await running).error?.code).toBe('aborted');
    expect((await collect(other.speak({ text: HELLO }, new AbortController().signal))).error?.code).toBe(
      'aborted',
    );
  });

  it('speaks or refuses whatever it is given, and never breaks', { timeout: 600_000 }, async () => {
    const pieces = fc.constantFrom(
      ...'Hello|world.|3.5|$5|1/2/2026|-5|(|)|"|\'|/|$|--help|-o|<prosody rate="slow">|👋|12345678901234567890|a.b.c'.split(
        '|',
      ),
      ...'R2D2|NASA|I.|No.|brr|xkcd|%|&|@|https://a.b/c|é|½|\u0000|\ud83d|hmm|e.g.|\n\n|—|aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.split(
        '|',
      ),
    );
    const text = fc.oneof(
      fc.array(pieces, { maxLength: 12 }).map((words) => words.join(' ')),
      fc.string({ unit: 'binary-ascii', maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('F2', 'M1', 'M4'), async (given, voice) => {
        const line = await speak({ text: given, voice });
        if (line.error)
          expect(line.error).toMatchObject({ reason: expect.stringContaining('nothing in this text') });
        else sound(given, line);
      }),
      { numRuns: process.env.PARLEY_LONG ? 2_000 : 60, seed: 23 },
    );
  });
});
