import { describe, expect, it } from 'vitest';
import { LatenessEstimate } from '../../../src/clock/lateness.ts';
import { LineMaker, type Sayable } from '../../../src/npc/line-maker.ts';
import type { SpokenLine } from '../../../src/npc/spoken-line.ts';
import { SilentPlayer } from '../../../src/playback/silent-player.ts';
import { AgentReply } from '../../../src/voices/agent-reply.ts';
import { TONE_SECONDS, toneVoices } from '../../kit/tone-voices.ts';

const SENTENCES = [
  'The gate is shut. ',
  'Come back at dawn, will you? ',
  'Or sleep by the wall. ',
  'Good night.',
];
const TEXT = SENTENCES.join('');

/** A few characters at a time, as a language model writes; says how far it came and whether it was told to stop. */
function writer(text: string, breakAt = Number.POSITIVE_INFINITY) {
  const seen = { written: 0, stopped: false };
  async function* pieces(): AsyncGenerator<string> {
    try {
      for (; seen.written < text.length; seen.written += 5) {
        if (seen.written >= breakAt) throw new Error('the model went away');
        yield text.slice(seen.written, seen.written + 5);
      }
    } finally {
      seen.stopped = true;
    }
  }
  return { seen, pieces: pieces() };
}

/** Lines on a virtual clock, a frame at a time. */
function theatre() {
  const voices = toneVoices({ sampleRate: 8_000 });
  const lateness = new LatenessEstimate();
  const maker = new LineMaker({ voices, writtenVoices: voices, lateness, maxLineBytes: 1e8 });
  const player = new SilentPlayer();
  const out = new Float32Array(15);
  let nowMs = 1_000;

  function say(what: Sayable): SpokenLine {
    const line = maker.lineOf(what, { voice: 'F2', keep: true });
    void line.play(async () => player);
    return line;
  }

  /** Plays on until `until` holds; `each` is told every frame. */
  async function play(line: SpokenLine, until: () => boolean, each: () => void = () => {}): Promise<void> {
    for (let frame = 0; frame < 20_000 && !until(); frame++) {
      await new Promise((resolve) => setImmediate(resolve));
      nowMs += 16;
      player.update(nowMs);
      line.sample(nowMs, out);
      each();
    }
    expect(until()).toBe(true);
  }

  return { voices, lateness, say, play };
}

describe('a line whose text is still being written', () => {
  it('is one line: all of it is said, its words are told where they stand, without a gap', async () => {
    const { voices, say, play } = theatre();
    const line = say(writer(TEXT).pieces);
    expect(line.text).toBe('');
    const told: string[] = [];
    line.onWordObservable.add((word) => {
      expect(line.text.slice(word.from, word.to)).toBe(word.text);
      told.push(word.text);
    });
    await play(line, () => line.ended);
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
    expect((await line.finished).seconds).toBeCloseTo(TEXT.length * TONE_SECONDS, 2);
    expect([line.text, line.request.text]).toEqual([TEXT, TEXT]);
    expect(told).toEqual(TEXT.match(/\w+/g));
    expect(line.stats.stalledMs).toBe(0);
    expect(voices.requests.map(({ text, voice }) => [text, voice])).toEqual(
      SENTENCES.map((text) => [text, 'F2']),
    );
    expect((await line.track()).text).toBe(TEXT);
  });

  it('is made at most one clause ahead, and stopping it stops whoever writes', async () => {
    const { voices, say, play } = theatre();
    const endless = `${TEXT} `.repeat(20);
    const { pieces, seen } = writer(endless);
    const line = say(pieces);
    await play(
      line,
      () => line.playhead > 4,
      () => {
        let start = 0;
        for (const { text } of voices.requests.slice(0, -1)) {
          expect(start).toBeLessThanOrEqual(line.playhead + 1.02);
          start += text.length * TONE_SECONDS;
        }
      },
    );
    const stopped = line.stop();
    await play(line, () => line.ended);
    const heard = await stopped;
    expect(heard.seconds).toBeGreaterThan(4);
    expect(endless.startsWith(line.text)).toBe(true);
    expect(heard.text + heard.rest).toBe(line.text);
    expect(line.rest).toBe(heard.rest);
    await expect.poll(() => seen.stopped).toBe(true);
    expect(seen.written).toBeLessThan(200);
    expect(voices.requests.length).toBeLessThan(6);
  });

  it('waits for a slow writer and goes on, and says nothing of the network', async () => {
    const { lateness, say, play } = theatre();
    lateness.handleStall(120);
    const before = lateness.targetMs;
    let write: (piece: string | undefined) => void = () => {};
    async function* slow(): AsyncGenerator<string> {
      yield 'One is here. T';
      for (;;) {
        const piece = await new Promise<string | undefined>((resolve) => {
          write = resolve;
        });
        if (piece === undefined) return;
        yield piece;
      }
    }
    const line = say(slow());
    await play(line, () => line.state === 'stalled');
    expect(line.stats.targetMs).toBe(before); // As much is held back as of any line.
    expect(line.playhead).toBeCloseTo('One is here. '.length * TONE_SECONDS, 1);
    write('wo came late. A');
    await play(line, () => line.playhead > 1.2);
    write('nd so on.');
    await new Promise((resolve) => setImmediate(resolve));
    write(undefined);
    await play(line, () => line.ended);
    expect(await line.finished).toMatchObject({ outcome: 'finished' });
    expect(line.text).toBe('One is here. Two came late. And so on.');
    expect(lateness.targetMs).toBe(before);
  });

  it('fails with the reason when its writer does, once what came was heard', async () => {
    const { say, play } = theatre();
    const line = say(writer(TEXT, 40).pieces);
    await play(line, () => line.ended);
    const { outcome, error, seconds } = await line.finished;
    expect(outcome).toBe('failed');
    expect(String(error?.cause)).toContain('the model went away');
    expect(seconds).toBeCloseTo(SENTENCES[0]!.length * TONE_SECONDS, 2);
  });

  it('is let go of where it is never said', async () => {
    const { say } = theatre();
    let returned = 0;
    const idle: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          returned++;
          return { done: true, value: undefined };
        },
      }),
    };
    const { voices } = theatre();
    const maker = new LineMaker({
      voices,
      writtenVoices: voices,
      lateness: new LatenessEstimate(),
      maxLineBytes: 1e8,
    });
    await maker.lineOf(idle, {}).stop();
    expect(returned).toBe(1);
    expect(() => say(5 as never)).toThrowError(/async iterable/);
  });
});

describe('the reply of an agent', () => {
  const words = (text: string, start: number) => ({
    type: 'words' as const,
    words: [{ text, start, end: start + 0.2, from: 0, to: text.length }],
  });
  const sound = (seconds: number) => ({
    type: 'audio' as const,
    samples: new Int16Array(seconds * 8_000),
    sampleRate: 8_000,
  });

  it('is a line as any other, as it comes', async () => {
    const { say, play } = theatre();
    const reply = new AgentReply();
    const line = say(reply);
    const told: string[] = [];
    line.onWordObservable.add(({ text }) => told.push(text));
    reply.text = 'Who goes there?';
    reply.push([words('Who', 0.1), sound(0.8)]);
    await play(line, () => line.playhead > 0.3);
    expect([line.text, told]).toEqual(['Who goes there?', ['Who']]);
    reply.push([sound(0.4)]);
    reply.end();
    await play(line, () => line.ended);
    const { outcome, seconds } = await line.finished;
    expect([outcome, Math.round(seconds * 1000)]).toEqual(['finished', 1_200]);
  });

  it('is let go of when its line is stopped', async () => {
    const { say, play } = theatre();
    const reply = new AgentReply();
    const line = say(reply);
    reply.push([sound(2)]);
    await play(line, () => line.playhead > 0.2);
    const stopped = line.stop();
    await play(line, () => line.ended);
    expect((await stopped).seconds).toBeLessThan(1);
    await expect.poll(() => reply.over).toBe(true);
  });
});
