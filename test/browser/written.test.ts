import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CreateParleyAsync, type Parley, type TalkingNpc } from '../../src/index.ts';
import { TONE_SECONDS, type ToneVoices, toneVoices } from '../kit/tone-voices.ts';
import { Stage } from './stage.ts';

const SENTENCES = [
  'The gate is shut. ',
  'Come back at dawn, will you? ',
  'Or sleep by the wall. ',
  'Good night.',
];
const TEXT = SENTENCES.join('');

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A few characters at a time, as a language model writes; says whether it was told to stop. */
function writer(text: string, { everyMs = 0, breakAt = Number.POSITIVE_INFINITY } = {}) {
  const seen = { written: 0, stopped: false };
  async function* pieces(): AsyncGenerator<string> {
    try {
      for (; seen.written < text.length; seen.written += 5) {
        if (seen.written >= breakAt) throw new Error('the model went away');
        if (everyMs > 0) await pause(everyMs);
        yield text.slice(seen.written, seen.written + 5);
      }
    } finally {
      seen.stopped = true;
    }
  }
  return { seen, pieces: pieces() };
}

describe('a text that is still being written', () => {
  let stage: Stage;
  let voices: ToneVoices;
  let parley: Parley;
  let npc: TalkingNpc;

  beforeEach(async () => {
    stage = new Stage();
    voices = toneVoices();
    parley = await CreateParleyAsync(stage.scene, { voices });
    npc = parley.addNpc(new TransformNode('Nobody', stage.scene), { name: 'Nobody', voice: 'F2' });
    await parley.unlockAsync();
  });
  afterEach(() => {
    parley.dispose();
    stage.dispose();
  });

  it('is one line: all of it is said, its words are told where they stand, without a gap', async () => {
    const line = npc.say(writer(TEXT).pieces, { keep: true });
    expect(line.text).toBe('');
    const told: string[] = [];
    line.onWordObservable.add((word) => {
      expect(line.text.slice(word.from, word.to)).toBe(word.text);
      told.push(word.text);
    });
    const { outcome, seconds } = await line.finished;
    expect(outcome).toBe('finished');
    expect(line.text).toBe(TEXT);
    expect(told).toEqual(TEXT.match(/\w+/g));
    expect(seconds).toBeCloseTo(TEXT.length * TONE_SECONDS, 2);
    expect(line.stats.stalledMs).toBe(0);
    expect(voices.requests.map(({ text, voice }) => [text, voice])).toEqual(
      SENTENCES.map((text) => [text, 'F2']),
    );
    expect((await line.track()).text).toBe(TEXT);
  });

  it('is made at most one clause ahead, and stopping it stops whoever writes', async () => {
    const endless = SENTENCES.join('').replace('Good night.', 'Good night. ').repeat(20);
    const { pieces, seen } = writer(endless);
    const line = npc.say(pieces);
    const starts = () =>
      voices.requests.map((_request, nth) =>
        voices.requests.slice(0, nth).reduce((sum, { text }) => sum + text.length * TONE_SECONDS, 0),
      );
    for (let nth = 0; nth < 30; nth++) {
      await pause(100);
      for (const start of starts().slice(0, -1)) expect(start).toBeLessThanOrEqual(line.playhead + 1.01);
    }
    expect(line.playhead).toBeGreaterThan(1.5);
    const heard = await line.stop();
    expect(heard.seconds).toBeGreaterThan(1.5);
    expect(endless.startsWith(line.text)).toBe(true);
    expect(heard.text + heard.rest).toBe(line.text);
    await expect.poll(() => seen.stopped).toBe(true);
    expect(seen.written).toBeLessThan(250);
    expect(voices.requests.length).toBeLessThan(8);
  });

  it('waits for a slow writer and goes on', async () => {
    const line = npc.say(writer('One. Then two. And now three.', { everyMs: 500 }).pieces);
    const { outcome, seconds } = await line.finished;
    expect(outcome).toBe('finished');
    expect(seconds).toBeCloseTo(29 * TONE_SECONDS, 2);
    expect(line.stats.stalledMs).toBeGreaterThan(0);
  });

  it('fails with the reason when its writer does, once what came was heard; the next line goes on', async () => {
    const line = npc.say(writer(TEXT, { breakAt: 40 }).pieces);
    const next = npc.say('Go on.');
    const { outcome, error, seconds } = await line.finished;
    expect(outcome).toBe('failed');
    expect(String(error?.cause)).toContain('the model went away');
    expect(seconds).toBeCloseTo(SENTENCES[0]!.length * TONE_SECONDS, 2);
    expect((await next.finished).outcome).toBe('finished');
  });

  it('is let go of where it is never said', async () => {
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
    npc.say('First.');
    const dropped = npc.say(idle, { whileSpeaking: 'drop' });
    expect((await dropped.finished).outcome).toBe('stopped');
    expect(returned).toBe(1);
    expect(() => npc.say(5 as never)).toThrowError(/async iterable/);
  });
});
