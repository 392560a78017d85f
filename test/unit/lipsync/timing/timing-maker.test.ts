import { beforeAll, describe, expect, it } from 'vitest';
import { cuesOfPhones } from '../../../../src/lipsync/phones.ts';
import { joinCues } from '../../../../src/lipsync/timing/cue-pieces.ts';
import type { SoundModel } from '../../../../src/lipsync/timing/hearing.ts';
import { loadReader, loadSoundModel } from '../../../../src/lipsync/timing/learned.ts';
import { repairCues } from '../../../../src/lipsync/timing/repair.ts';
import { repairTrackAsync } from '../../../../src/lipsync/timing/repair-track.ts';
import { spreadText } from '../../../../src/lipsync/timing/spread.ts';
import { LOOK_AHEAD_SECONDS, TimingMaker } from '../../../../src/lipsync/timing/timing-maker.ts';
import type { Cue } from '../../../../src/speech/cue.ts';
import { InputError } from '../../../../src/speech/errors.ts';
import { trackOf } from '../../../../src/speech/track-of.ts';
import { labels } from '../../../bench/visemes/accuracy/score.ts';
import { type Spoken, speakSentences } from '../../../bench/visemes/spoken.ts';

let model: SoundModel;
let spoken: Spoken[];
let read: Awaited<ReturnType<typeof loadReader>>;

beforeAll(async () => {
  [model, spoken, read] = await Promise.all([loadSoundModel(), speakSentences(4, 0, 11), loadReader('en')]);
});

function make(
  line: Spoken,
  options: { text?: string; chunk?: number; lookAheadSeconds?: number } = {},
): {
  maker: TimingMaker;
  cues: Cue[];
} {
  const { text, chunk = 641, lookAheadSeconds } = options;
  const maker = new TimingMaker(model, {
    sampleRate: line.sampleRate,
    ...(text !== undefined && { text, read }),
    ...(lookAheadSeconds !== undefined && { lookAheadSeconds }),
  });
  const cues: Cue[] = [];
  for (let at = 0; at < line.samples.length; at += chunk)
    cues.push(...maker.push(line.samples.subarray(at, at + chunk)));
  cues.push(...maker.end());
  return { maker, cues };
}

/** Share of frames with the right viseme. */
function right(line: Spoken, cues: readonly Cue[]): number {
  const wanted = labels(cuesOfPhones(line.phones), line.seconds);
  const got = labels(cues, line.seconds);
  return wanted.filter((viseme, frame) => viseme === got[frame]).length / wanted.length;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('timing made of sound', () => {
  it('with its text, is right for most frames, and says so', () => {
    const made = spoken.map((line) => ({ line, ...make(line, { text: line.text }) }));
    expect(mean(made.map(({ line, cues }) => right(line, cues)))).toBeGreaterThan(0.65);
    for (const { maker, line } of made) {
      expect(maker.timing.origin).toBe('alignment');
      expect(maker.timing.confidence).toBeGreaterThan(0.3);
      expect(maker.words.map(({ text }) => text)).toEqual(line.text.match(/[A-Za-z']+/g));
      for (const [index, word] of maker.words.entries()) {
        expect(word.start).toBeGreaterThanOrEqual(maker.words[index - 1]?.end ?? 0);
        expect(word.end).toBeGreaterThan(word.start);
        expect(line.text.slice(word.from, word.to)).toBe(word.text);
      }
    }
  });

  /** A text that is told in pieces of a few letters, `aheadSeconds` before each is heard. */
  function grow(line: Spoken, aheadSeconds: number): { maker: TimingMaker; cues: Cue[] } {
    const maker = new TimingMaker(model, { sampleRate: line.sampleRate, read, growing: true });
    const cues: Cue[] = [];
    const { text, seconds, samples, sampleRate } = line;
    for (let at = 0; at < samples.length; at += 641) {
      const known = Math.floor(((at / sampleRate + aheadSeconds) / seconds) * (text.length + 3));
      // A space at the end says that the last word is whole.
      maker.addText(`${text} `.slice(0, Math.max(0, known - (known % 3))), false);
      cues.push(...maker.push(samples.subarray(at, at + 641)));
    }
    maker.addText(`${text} `, true);
    cues.push(...maker.end());
    return { maker, cues };
  }

  it('with a text that grows ahead of its sound, is nearly as right as with all of it', () => {
    const whole = mean(spoken.map((line) => right(line, make(line, { text: line.text }).cues)));
    const grown = spoken.map((line) => ({ line, ...grow(line, 0.8) }));
    const score = mean(grown.map(({ line, cues }) => right(line, cues)));
    expect(score).toBeGreaterThan(whole - 0.06);
    for (const { maker, line } of grown) {
      expect(maker.words.map(({ text }) => text)).toEqual(line.text.match(/[A-Za-z']+/g));
    }
  });

  it('with a text that comes after its sound, is no worse than without', () => {
    const alone = mean(spoken.map((line) => right(line, make(line).cues)));
    expect(mean(spoken.map((line) => right(line, grow(line, -1.5).cues)))).toBeGreaterThan(alone - 0.03);
    const other = new TimingMaker(model, { sampleRate: 16_000, read, text: 'One two ', growing: true });
    other.addText('Quite another', false);
    other.addText('One two three', true);
    other.addText('One two three four', true);
    expect(other.end()).toEqual([]);
  });

  it('alone, is right for more frames than silence is', () => {
    const made = spoken.map((line) => ({ line, ...make(line) }));
    expect(mean(made.map(({ line, cues }) => right(line, cues)))).toBeGreaterThan(0.4);
    expect(made.every(({ maker }) => maker.timing.origin === 'audio' && maker.words.length === 0)).toBe(true);
  });

  it('with a text that is another, follows the ear, and says so', () => {
    const made = spoken.map((line, index) => make(line, { text: spoken[(index + 1) % spoken.length]!.text }));
    const alone = mean(spoken.map((line) => right(line, make(line).cues)));
    expect(mean(made.map(({ cues }, index) => right(spoken[index]!, cues)))).toBeGreaterThan(alone - 0.06);
    expect(made.filter(({ maker }) => maker.timing.origin === 'audio').length).toBeGreaterThanOrEqual(3);
  });

  /** All lines as one. */
  function chained(): Spoken {
    const samples = Int16Array.from(spoken.flatMap((line) => [...line.samples]));
    let before = 0;
    const phones = spoken.flatMap((line) => {
      const at = before;
      before += line.seconds;
      return line.phones.map((phone) => ({ ...phone, start: phone.start + at, end: phone.end + at }));
    });
    return {
      ...spoken[0]!,
      text: spoken.map(({ text }) => text).join(' '),
      samples,
      phones,
      seconds: before,
    };
  }

  it('comes back to a text of which sentences were left out, or that has some more', () => {
    const all = chained();
    const texts = spoken.map(({ text }) => text);
    const alone = right(all, make(all).cues);
    const whole = right(all, make(all, { text: all.text }).cues);
    const first = make(all, { text: texts.slice(1).join(' ') });
    const middle = make(all, { text: [texts[0], ...texts.slice(2)].join(' ') });
    const more = make(all, { text: `Buffalo bubbles pop upon my purple mop. ${all.text}` });
    const before = make(all, { text: texts[0]! });
    for (const { cues } of [first, middle]) {
      expect(right(all, cues)).toBeGreaterThan(alone + (whole - alone) / 4);
    }
    expect(right(all, more.cues)).toBeGreaterThan(alone + (whole - alone) / 2);
    expect(right(all, before.cues)).toBeGreaterThan(alone - 0.02);
    // Words after what is missing are found where they are.
    const times = make(all, { text: all.text }).maker.words;
    const last = times.slice(-10);
    for (const [index, { text, start }] of first.maker.words.slice(-10).entries()) {
      expect(text).toBe(last[index]!.text);
      expect(Math.abs(start - last[index]!.start)).toBeLessThan(0.03);
    }
  });

  it('is sure of a text that is heard, and not of one that is another or has more; what is not heard has no time', () => {
    for (const lookAheadSeconds of [LOOK_AHEAD_SECONDS, 0.5]) {
      for (const [index, line] of spoken.slice(0, 2).entries()) {
        const other = spoken[(index + 1) % spoken.length]!.text;
        const sure = (text: string) => {
          const { maker } = make(line, { text, lookAheadSeconds });
          const { words, timing } = maker;
          return {
            words: words.map(({ from }) => from),
            end: words.at(-1)?.end ?? 0,
            confidence: timing.confidence,
          };
        };
        const right = sure(line.text);
        expect(right.confidence).toBeGreaterThan(0.85);
        const wrong = sure(other);
        expect(wrong.confidence).toBeLessThan(0.45);
        expect(wrong.words.length).toBeLessThan(other.split(' ').length / 2);
        const more = sure(`${line.text} ${other}`);
        expect(more.confidence).toBeGreaterThan(0.25);
        expect(more.confidence).toBeLessThan(0.7);
        expect(more.words).toEqual(right.words);
        const cut = line.text.indexOf(' ', line.text.length / 2);
        const less = sure(line.text.slice(0, cut));
        expect(less.confidence).toBeLessThan(0.7);
        // The last word of it does not last till the end.
        expect(less.end).toBeLessThan(line.seconds - 0.5);
        const before = sure(`${other} ${line.text}`);
        expect(before.confidence).toBeLessThan(0.7);
        expect(before.words.filter((from) => from < other.length).length).toBeLessThan(2);
      }
    }
  });

  it('hears no text in silence and noise', () => {
    const samples = new Int16Array(32_000);
    const silent = make({ ...spoken[0]!, samples, sampleRate: 16_000 }, { text: spoken[0]!.text });
    let seed = 1;
    const noisy = samples.map(() => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return ((seed >>> 16) % 8_000) - 4_000;
    });
    const noise = make({ ...spoken[0]!, samples: noisy, sampleRate: 16_000 }, { text: spoken[0]!.text });
    for (const { maker } of [silent, noise]) expect(maker.timing).toEqual({ origin: 'audio', confidence: 0 });
    expect(silent.maker.words).toEqual([]);
  });

  it('does not depend on how samples are cut; cues follow each other from the first to the last sample', () => {
    const line = spoken[1]!;
    const whole = make(line, { text: line.text, chunk: line.samples.length });
    const torn = make(line, { text: line.text, chunk: 97 });
    expect(torn.cues).toEqual(whole.cues);
    let reached = 0;
    for (const cue of whole.cues) {
      expect(cue.start).toBeCloseTo(reached, 9);
      expect(cue.end).toBeGreaterThan(cue.start);
      reached = cue.end;
    }
    expect(reached).toBeCloseTo(line.seconds, 9);
  });

  it('tells a shape once its look-ahead is there, never later', () => {
    const line = spoken[1]!;
    for (const lookAheadSeconds of [0.12, 0.25]) {
      const maker = new TimingMaker(model, {
        sampleRate: line.sampleRate,
        text: line.text,
        read,
        lookAheadSeconds,
      });
      let told = 0;
      for (let at = 0; at + 160 <= line.samples.length; at += 160) {
        told = maker.push(line.samples.subarray(at, at + 160)).at(-1)?.end ?? told;
        // A shape that goes on is told in pieces of 20 ms; a hundredth is the frame itself.
        expect((at + 160) / line.sampleRate - told).toBeLessThan(lookAheadSeconds + 0.02 + 0.021);
      }
      maker.end();
    }
  });

  it('ends once, and refuses too little look-ahead', () => {
    const { maker } = make(spoken[0]!);
    expect(maker.end()).toEqual([]);
    expect(() => maker.push(new Int16Array(10))).toThrow(InputError);
    expect(() => new TimingMaker(model, { sampleRate: 16_000, lookAheadSeconds: 0.05 })).toThrow(InputError);
  });

  it('makes a line without a sample, or a word, of nothing', () => {
    const maker = new TimingMaker(model, { sampleRate: 24_000, text: ' … ', read });
    expect(maker.end()).toEqual([]);
    expect(maker.timing).toEqual({ origin: 'audio', confidence: 0 });
  });
});

describe('times of a service', () => {
  it.each([
    [
      'told in milliseconds',
      (cue: Cue) => ({ ...cue, start: cue.start * 1000, end: cue.end * 1000 }),
      1e-3,
      0,
    ],
    ['told in ticks', (cue: Cue) => ({ ...cue, start: cue.start * 1e7, end: cue.end * 1e7 }), 1e-7, 0],
    ['with another zero', (cue: Cue) => ({ ...cue, start: cue.start + 0.2, end: cue.end + 0.2 }), 1, -0.2],
    ['right as they are', (cue: Cue) => cue, 1, 0],
  ])('%s are mended', (_, spoil, unit, shift) => {
    const line = spoken[3]!;
    const heard = heardOf(line);
    const repaired = repairCues(cuesOfPhones(line.phones).map(spoil), heard, line.seconds);
    expect(repaired.unit).toBe(unit);
    expect(Math.abs(repaired.shift - shift)).toBeLessThan(0.025);
    expect(repaired.fit).toBeGreaterThan(0.35);
    expect(right(line, repaired.cues)).toBeGreaterThan(0.85);
  });

  it('of a whole track are mended with its words', async () => {
    const line = spoken[3]!;
    const late = (time: number): number => time + 0.15;
    const track = trackOf({
      text: line.text,
      samples: line.samples,
      sampleRate: line.sampleRate,
      timing: { origin: 'service', confidence: 1 },
      cues: line.cues.slice(0, -2).map((cue) => ({ ...cue, start: late(cue.start), end: late(cue.end) })),
      words: [{ text: line.text.slice(0, 3), start: 0.35, end: 0.6, from: 0, to: 3 }],
    });
    const mended = await repairTrackAsync(track);
    expect(mended.words[0]!.start).toBeCloseTo(0.2, 1);
    expect(right(line, mended.cues)).toBeGreaterThan(right(line, track.cues) + 0.3);
    expect(mended.timing.origin).toBe('service');
    expect(mended.timing.confidence).toBeGreaterThan(0.35);
  });

  function heardOf(line: Spoken): readonly Float32Array[] {
    const maker = new TimingMaker(model, { sampleRate: line.sampleRate });
    maker.push(line.samples);
    maker.end();
    return maker.heard;
  }
});

describe('a text without its sound', () => {
  it('is spread over the speech, and within words that are known', () => {
    const line = spoken[0]!;
    const speech = { start: line.phones[0]!.end, end: line.phones.at(-1)!.start };
    const blind = spreadText({ text: line.text, lang: 'en', read: read!, ...speech });
    const { maker } = make(line, { text: line.text });
    const guided = spreadText({ text: line.text, lang: 'en', read: read!, ...speech, words: maker.words });
    expect(right(line, joinCues(blind.cues))).toBeGreaterThan(0.25);
    expect(right(line, joinCues(guided.cues))).toBeGreaterThan(right(line, blind.cues));
    expect(blind.words.map(({ text }) => text)).toEqual(line.text.match(/[A-Za-z']+/g));
    expect(blind.words.at(-1)!.end).toBeCloseTo(speech.end, 1);
  });
});
