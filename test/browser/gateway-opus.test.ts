/** Sound in Opus from a real gateway, decoded in a real browser: by WebCodecs, and by the package where there is none. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import { CreateParleyAsync, type GatewayVoicesOptions, gatewayVoices, VISEMES } from '../../src/index.ts';
import { resampleAll } from '../../src/pcm/resampler.ts';
import { type OpenSocket, openWebSocket } from '../../src/voices/session/socket.ts';
import { type Collected, collect } from '../kit/collect.ts';
import { lagOf, likenessOf } from '../kit/likeness.ts';
import { MouthWatch } from './mouth-watch.ts';
import { Recorder } from './recorder.ts';
import { Stage } from './stage.ts';

const TEXT = 'Maybe Bob opened a map of the old bridge, and then he sang.';
const RATE = 44_100;
performance.setResourceTimingBufferSize(5_000);
const never = new AbortController().signal;

let base: string;
let url: string;

beforeAll(async () => {
  base = await commands.serve();
  url = base.replace(/\/ws$/, '/v1/speech');
});
afterAll(() => commands.kill(base));

/** A source, and what its sockets received: bytes by kind of frame. */
function speaker(options: GatewayVoicesOptions = {}) {
  const received = { pcm: 0, opus: 0 };
  const openSocket: OpenSocket = (address, events, ...rest) =>
    openWebSocket(
      address,
      {
        ...events,
        onMessage(data) {
          if (typeof data !== 'string') received[data[0] === 2 ? 'opus' : 'pcm'] += data.length;
          events.onMessage(data);
        },
      },
      ...rest,
    );
  return { voices: gatewayVoices(url, { openSocket, ...options }), received };
}

async function collectOf(options: GatewayVoicesOptions, from?: number): Promise<Collected> {
  let share = '';
  const { voices } = speaker({ ...options, onLine: (info) => (share = info.share) });
  try {
    const line = await collect(voices.speak({ text: TEXT }, never));
    if (from === undefined) return line;
    return await collect(voices.join(share, { text: TEXT, from }).parts());
  } finally {
    voices.dispose();
  }
}

/** Whether the package for browsers without WebCodecs was loaded so far. */
function packageLoaded(): boolean {
  return performance.getEntriesByType('resource').some(({ name }) => name.includes('wasm-decoder'));
}

const decoder = globalThis.AudioDecoder;

describe.each(['WebCodecs', 'the package'])('a line in Opus, decoded by %s', (by) => {
  beforeAll(() => {
    if (by === 'the package') Reflect.deleteProperty(globalThis, 'AudioDecoder');
  });
  afterAll(() => {
    globalThis.AudioDecoder = decoder;
  });

  it('has the samples that it had, each in its place', async () => {
    const { voices, received } = speaker();
    const line = await collect(voices.speak({ text: TEXT }, never));
    voices.dispose();
    expect(packageLoaded()).toBe(by === 'the package');
    expect(received.pcm).toBe(0);
    const truth = await collectOf({ sound: 'pcm' });
    expect(line.error).toBeUndefined();
    expect(line.samples.length).toBe(truth.samples.length);
    expect(received.opus * 12).toBeLessThan(2 * truth.samples.length);
    expect(Math.abs(lagOf(line.samples, truth.samples, RATE))).toBeLessThan(0.15);
    const tail = truth.samples.length - RATE / 2;
    expect(Math.abs(lagOf(line.samples.slice(tail), truth.samples.slice(tail), RATE))).toBeLessThan(0.15);
    expect(likenessOf(line.samples, truth.samples)).toBeGreaterThan(0.9);
    expect([line.cues, line.words]).toEqual([truth.cues, truth.words]);
  });

  it('is joined late with what has the same place', async () => {
    const whole = await collectOf({});
    for (const from of [0.05, 0.4217, 1.3]) {
      const late = await collectOf({}, from);
      const first = Math.round(from * RATE);
      expect([from, late.samples.length]).toEqual([from, whole.samples.length - first]);
      const likeness = likenessOf(late.samples.slice(0, RATE / 5), whole.samples.slice(first));
      expect([from, likeness > 0.99]).toEqual([from, true]);
    }
  });
});

it('many lines at once are decoded side by side', async () => {
  const { voices } = speaker();
  const texts = Array.from({ length: 12 }, (_, nth) => `This is line ${nth}.`);
  const lines = await Promise.all(texts.map((text) => collect(voices.speak({ text }, never))));
  voices.dispose();
  const plain = speaker({ sound: 'pcm' });
  for (const [nth, line] of lines.entries()) {
    const truth = await collect(plain.voices.speak({ text: texts[nth]! }, never));
    expect([nth, line.error, line.samples.length]).toEqual([nth, undefined, truth.samples.length]);
  }
  plain.voices.dispose();
});

it('a character speaks it: the sound that is played is the line’s, and the mouth is with it', async () => {
  const truth = await collectOf({ sound: 'pcm' });
  const { voices, received } = speaker();
  const stage = new Stage();
  const parley = await CreateParleyAsync(stage.scene, { voices });
  try {
    const root = await stage.load('mira');
    const npc = parley.addNpc(root, { name: 'Mira' });
    await parley.unlockAsync();
    const mouth = new MouthWatch(root);
    const shown: { at: number; open: number }[] = [];
    const words: string[] = [];
    for (let drawn = 0; drawn < 5; drawn++)
      await new Promise<void>((resolve) => stage.scene.onAfterRenderObservable.addOnce(() => resolve())); // Shaders are made.
    await npc.prepare(TEXT).ready; // So that no stall of this machine is in it.
    const line = npc.say(TEXT);
    line.onWordObservable.add(({ text }) => words.push(text));
    stage.scene.onAfterRenderObservable.add(() => shown.push({ at: line.playhead, open: mouth.furthest }));
    while (!npc.spatial) await new Promise((resolve) => setTimeout(resolve, 5));
    const { player } = npc.spatial;
    const recorder = await Recorder.start(player.tap);
    const { outcome, seconds } = await line.finished;
    const heard = recorder.stop()[0]!;
    expect([outcome, received.pcm]).toEqual(['finished', 0]);
    expect(received.opus).toBeGreaterThan(0);
    expect(seconds).toBeCloseTo(truth.samples.length / RATE, 3);
    expect(words).toEqual(TEXT.match(/\w+/g));

    // What was played is the line: the same delay at its first word and at its last.
    const rate = player.context.sampleRate;
    const wanted = resampleAll(Int16Array.from(truth.samples), RATE, rate);
    const begin = firstSound(wanted);
    const offset = firstSound(heard) - begin;
    const delayAt = (at: number) => lagOf(heard.subarray(at + offset), wanted.subarray(at), rate);
    const early = delayAt(begin);
    expect(Math.abs(delayAt(wanted.length - Math.round(0.6 * rate)) - early)).toBeLessThan(0.3);
    expect(Math.abs(early)).toBeLessThan(5);

    // The mouth moves where there is speech, and rests where the line is silent.
    const moments = shown.filter(({ at }) => at > 0.05 && at < seconds - 0.05);
    expect(Math.max(...moments.map(({ open }) => open))).toBeGreaterThan(0.3);
    for (const { at, open } of moments) {
      const near = truth.cues.filter((cue) => cue.start < at + 0.2 && cue.end > at - 0.2);
      if (near.every(({ viseme }) => viseme === 'sil')) expect(open).toBeLessThan(0.2);
    }
    expect(VISEMES).toContain(truth.cues[0]!.viseme);
  } finally {
    parley.dispose();
    stage.dispose();
    voices.dispose();
  }
});

function firstSound(signal: ArrayLike<number>): number {
  const loudest = Math.max(...Array.from(signal, Math.abs).filter((_, at) => at % 7 === 0));
  return Array.prototype.findIndex.call(signal, (sample: number) => Math.abs(sample) > loudest / 10);
}
