import { describe, expect, it } from 'vitest';
import {
  CreateParleyAsync,
  Director,
  type Parley,
  renderOfflineAsync,
  type TalkingNpc,
  type Track,
  type Turn,
  trackOf,
  trackVoices,
} from '../../src/index.ts';
import { openSound } from './open-sound.ts';
import { Recorder } from './recorder.ts';
import { Stage } from './stage.ts';
import { until } from './waiting.ts';

const RATE = 24_000;

/** A hum of `hum` seconds with silence before and after, as services send it. */
function hummed(text: string, hum: number, before = 0, after = 0): Track {
  const seconds = before + hum + after;
  return trackOf({
    text,
    voice: 'F1',
    sampleRate: RATE,
    samples: Int16Array.from({ length: Math.round(seconds * RATE) }, (_, index) => {
      const at = index / RATE - before;
      return at < 0 || at >= hum ? 0 : Math.round(12_000 * Math.sin(2 * Math.PI * 300 * at));
    }),
    cues: [{ viseme: 'aa', start: before, end: before + hum, weight: 1 }],
    words: [{ text, start: before, end: before + hum, from: 0, to: text.length }],
  });
}

/** Turns of uneven silence, and the gaps that they are to have. */
const TRACKS = [
  hummed('one', 0.8, 0.1, 0.3),
  hummed('two', 0.6, 0.25, 0.05),
  hummed('three', 0.7, 0, 0.4),
  hummed('four', 0.5, 0.15, 0.2),
  hummed('five', 0.6, 0.2, 0),
];
const GAPS = [0.2, -0.1, 0.05, 0.4];

function turnsOf([mira, tomas]: readonly TalkingNpc[], say: (track: Track) => Turn['say']): Turn[] {
  return TRACKS.map((track, index) => ({
    npc: index % 2 === 0 ? mira! : tomas!,
    say: say(track),
    ...(index > 0 && { gap: GAPS[index - 1]! }),
  }));
}

async function meet(options: { audioContext?: OfflineAudioContext; tracks?: readonly Track[] } = {}) {
  const stage = new Stage();
  if (options.audioContext) stage.stop();
  const roots = [await stage.load('mira'), await stage.load('tomas')] as const;
  roots[0].position.x = -1;
  roots[1].position.x = 1;
  for (const mesh of roots.flatMap((root) => root.getChildMeshes())) mesh.isVisible = false;
  const parley = await CreateParleyAsync(stage.scene, {
    voices: trackVoices(options.tracks ?? TRACKS),
    ...(options.audioContext && { audioContext: options.audioContext }),
    spatial: { hrtfVoices: 0 },
  });
  const npcs = roots.map((root, index) => parley.addNpc(root, { name: index === 0 ? 'Mira' : 'Tomas' }));
  return { stage, parley, npcs };
}

/** Stretches of sound, seconds: silence under 30 ms is part of them. */
function stretches(signal: Float32Array, rate: number): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let index = 0; index < signal.length; index++) {
    if (Math.abs(signal[index]!) < 0.02) continue;
    const last = found.at(-1);
    if (last && index / rate - last.end < 0.03) last.end = index / rate;
    else found.push({ start: index / rate, end: index / rate });
  }
  return found;
}

function gapsIn(channels: readonly Float32Array[], rate: number): number[] {
  const turns = channels.flatMap((channel) => stretches(channel, rate)).sort((a, b) => a.start - b.start);
  return turns.slice(1).map(({ start }, index) => start - turns[index]!.end);
}

/** Both voices before they are placed, one a channel. */
async function tapped(parley: Parley, npcs: readonly TalkingNpc[]): Promise<Recorder> {
  const context = parley.audioContext!;
  const merger = new ChannelMergerNode(context, { numberOfInputs: npcs.length });
  await until(() => npcs.every(({ spatial }) => spatial !== undefined));
  for (const [index, { spatial }] of npcs.entries()) spatial!.player.tap.connect(merger, 0, index);
  return Recorder.start(merger);
}

describe('a conversation that is heard', () => {
  it('has the gaps and overlaps that were asked for, in the sound itself', async () => {
    const { stage, parley, npcs } = await meet();
    await parley.unlockAsync();
    const recorder = await tapped(parley, npcs);
    const talk = parley.converse(npcs, { turns: turnsOf(npcs, (track) => track.text) });
    let stoodMs = 0;
    let lastMs = performance.now();
    const watch = setInterval(() => {
      stoodMs = Math.max(stoodMs, performance.now() - lastMs);
      lastMs = performance.now();
    }, 20);
    expect(await talk.finished).toEqual({ outcome: 'finished', turns: 5 });
    clearInterval(watch);
    const gaps = gapsIn(recorder.stop(), parley.audioContext!.sampleRate);
    expect(gaps.length).toBe(GAPS.length);
    // A page that is given no time says its turns late, never early.
    const late = stoodMs > 150 ? 1 : 0.03;
    for (const [index, gap] of gaps.entries()) {
      expect(gap - GAPS[index]!).toBeGreaterThan(-0.03);
      expect(gap - GAPS[index]!).toBeLessThan(late);
    }
    parley.dispose();
    stage.dispose();
  });

  it('has those of people where none are asked for', async () => {
    const { stage, parley, npcs } = await meet();
    await parley.unlockAsync();
    const recorder = await tapped(parley, npcs);
    const turns = turnsOf(npcs, (track) => track).map(({ npc, say }) => ({ npc, say }));
    await parley.converse(npcs, { turns, seed: 11 }).finished;
    const gaps = gapsIn(recorder.stop(), parley.audioContext!.sampleRate);
    expect(gaps.length).toBe(GAPS.length);
    for (const gap of gaps) {
      expect(gap).toBeGreaterThan(-0.13);
      expect(gap).toBeLessThan(0.53);
    }
    parley.dispose();
    stage.dispose();
  });

  it('falls silent in a syllable when it is held, and goes on with the word that was cut', async () => {
    const { stage, parley, npcs } = await meet();
    await parley.unlockAsync();
    const [mira] = npcs;
    const talk = parley.converse(npcs, { turns: turnsOf(npcs, (track) => track) });
    const said: string[] = [];
    talk.onTurnObservable.add(({ line }) => void said.push(line.text));
    await until(() => (mira!.line?.playhead ?? 0) > 0.3);
    const recorder = await tapped(parley, npcs);
    const heldAt = recorder.frames;
    talk.hold();
    await until(() => !npcs.some(({ speaking }) => speaking));
    const { sampleRate } = parley.audioContext!;
    await until(() => recorder.frames - heldAt > 0.5 * sampleRate);
    expect(stretches(recorder.stop()[0]!, sampleRate)[0]!.end).toBeLessThan(heldAt / sampleRate + 0.2);
    said.length = 0; // The next turn may have been given to its character already, and was taken back.
    talk.resume();
    await until(() => said.length > 0);
    expect(said[0]).toBe('one');
    await talk.stop();
    parley.dispose();
    stage.dispose();
  });
});

it('a conversation that is recorded has its gaps to the sample', async () => {
  const audioContext = new OfflineAudioContext(2, 5 * 48_000, 48_000);
  const { stage, parley, npcs } = await meet({ audioContext });
  const turns = turnsOf(npcs, (track) => track);
  const sound = await renderOfflineAsync(parley, {
    fps: 20,
    onFrame: ({ index }) => {
      if (index === 1) parley.converse(npcs, { turns });
    },
  });
  // She is on the left, he on the right.
  const [left, right] = [sound.getChannelData(0), sound.getChannelData(1)];
  const own = (near: Float32Array, far: Float32Array) =>
    near.map((sample, index) => (Math.abs(sample) > 1.5 * Math.abs(far[index]!) ? sample * 8 : 0));
  const gaps = gapsIn([own(left, right), own(right, left)], 48_000);
  for (const [index, gap] of gaps.entries()) expect(Math.abs(gap - GAPS[index]!)).toBeLessThan(0.01);
  expect(gaps.length).toBe(GAPS.length);
  stage.dispose();
});

it('a line of the story makes a bus of the game softer while it is spoken, and gives it back', async () => {
  const { audioContext, audioEngine } = await openSound();
  const music = await audioEngine.createBusAsync('music');
  const ambience = await audioEngine.createBusAsync('ambience');
  music.setVolume(0.8);
  const stage = new Stage();
  const parley = await CreateParleyAsync(stage.scene, {
    voices: trackVoices(TRACKS),
    audioContext,
    audioEngine,
    director: new Director({ duckedBuses: [music, ambience], duckDecibels: 12 }),
  });
  const elder = parley.addNpc(await stage.load('mira'), { name: 'Elder' });
  await parley.unlockAsync();
  await until(() => Math.abs(music.volume - 0.8) < 0.001);
  const chatter = elder.say(hummed('one', 0.5));
  await chatter.finished;
  expect(music.volume).toBeCloseTo(0.8);
  const story = elder.say(hummed('two', 1), { priority: 1 });
  await until(() => story.state === 'speaking' && story.playhead > 0.5);
  expect(20 * Math.log10(music.volume / 0.8)).toBeCloseTo(-12, 1);
  ambience.setVolume(0.05); // The game wants it so: it stays.
  await story.finished;
  await until(() => Math.abs(music.volume - 0.8) < 0.001);
  expect(ambience.volume).toBeCloseTo(0.05);
  parley.dispose();
  stage.dispose();
  audioEngine.dispose();
});
