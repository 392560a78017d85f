import { beforeAll, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import { type Cue, type SpeechPart, timedVoices, type VoiceSource } from '../../src/index.ts';
import { OpenEars } from '../../src/voices/timed/open-ears.ts';
import { watchTasks } from './task-watch.ts';

const TEXT = 'Welcome back, traveller. The bridge to Port Mira is broken, but my brother may mend it.';
const RATE = 24_000;
let pcm: string;
let samples: Int16Array<ArrayBuffer>;

beforeAll(async () => {
  ({ pcm } = await commands.say(TEXT, ['--source', 'local', '--rate', String(RATE)]));
  samples = new Int16Array(Uint8Array.from(atob(pcm), (one) => one.charCodeAt(0)).buffer);
});

/** A service that sends the whole line at once and tells nothing of it. */
const plain = (): VoiceSource => ({
  name: 'plain',
  timing: { origin: 'audio', confidence: 0 },
  home: 'page',
  async *speak(): AsyncGenerator<SpeechPart> {
    yield { type: 'audio', samples: samples.slice(), sampleRate: RATE };
    yield { type: 'end' };
  },
  dispose() {},
});

async function cuesOf(source: VoiceSource, signal = new AbortController().signal): Promise<Cue[]> {
  const cues: Cue[] = [];
  for await (const part of source.speak({ text: TEXT }, signal))
    if (part.type === 'cues') cues.push(...part.cues);
  return cues;
}

it('hears in a worker of the page, and without one, what it hears in Node', async () => {
  const wanted = await commands.timedCues(pcm, RATE, TEXT);
  expect(wanted.at(-1)!.end).toBeCloseTo(samples.length / RATE, 6);
  for (const worker of [undefined, false, '/no-such-worker.js'] as const) {
    const source = timedVoices(plain(), { worker });
    const cues = await cuesOf(source);
    source.dispose();
    expect(cues).toEqual(wanted);
  }
});

it('has a worker, and goes without where none can be started', async () => {
  const [usual, lost] = [new OpenEars(undefined), new OpenEars('/no-such-worker.js')];
  await Promise.all([usual.prepare('en'), lost.prepare('en')]);
  expect(usual.trouble).toBeUndefined();
  expect(lost.trouble).toBeInstanceOf(Error);
  usual.dispose();
  lost.dispose();
});

it('leaves frames their time, with and without a worker', async () => {
  for (const worker of [undefined, false] as const) {
    const source = timedVoices(plain(), { worker });
    await cuesOf(source); // Code that runs for the first time is slow.
    const watch = watchTasks();
    await cuesOf(source);
    const { turns, longestMs } = watch.end();
    source.dispose();
    // The figure itself is a bench's; this machine may be busy with other things for a while.
    expect(turns).toBeGreaterThan(20);
    expect(longestMs).toBeLessThan(100);
  }
});

it('stops at once when the line is cancelled, and when it is disposed of', async () => {
  const source = timedVoices(plain());
  const stop = new AbortController();
  const parts = source.speak({ text: TEXT }, stop.signal)[Symbol.asyncIterator]();
  expect((await parts.next()).value).toMatchObject({ type: 'cues' });
  await parts.return?.(undefined);
  expect((await cuesOf(source)).length).toBeGreaterThan(20);
  const last = source.speak({ text: TEXT }, stop.signal)[Symbol.asyncIterator]();
  await last.next();
  source.dispose();
  source.dispose();
  await expect(
    (async () => {
      while (!(await last.next()).done);
    })(),
  ).rejects.toMatchObject({ code: 'aborted' });
});
