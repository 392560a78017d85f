import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { expect, it, onTestFinished } from 'vitest';
import { CreateParleyAsync, Director, type DirectorOptions, type Track, trackOf } from '../../src/index.ts';
import { toneVoices } from '../kit/tone-voices.ts';
import { openSound } from './open-sound.ts';
import { Recorder } from './recorder.ts';
import { Stage } from './stage.ts';
import { until } from './waiting.ts';

/** Window in which tones of whole multiples of 100 Hz do not disturb each other, seconds. */
const WINDOW = 0.01;

/** A square on which everybody hums a note of their own, and a recorder of what is heard of it. */
async function square(options: DirectorOptions) {
  const stage = new Stage();
  const sound = await openSound({ audioContext: new AudioContext({ sampleRate: 48_000 }) });
  const director = new Director(options);
  const parley = await CreateParleyAsync(stage.scene, {
    voices: toneVoices(),
    spatial: { hrtfVoices: 0 },
    director,
    ...sound,
  });
  onTestFinished(() => {
    parley.dispose();
    stage.dispose();
    sound.audioEngine.dispose();
  });
  await parley.unlockAsync();
  const person = (name: string, metres: number) => {
    const root = new TransformNode(name, stage.scene);
    root.position = new Vector3(0, 0, metres - 2); // The player stands at z = -2.
    const head = new TransformNode('Head', stage.scene);
    head.parent = root;
    head.position.y = 1.5;
    return parley.addNpc(root, { name, life: false, cone: false });
  };
  const recorder = await Recorder.start(
    (sound.audioEngine.mainOut as unknown as { readonly _inNode: AudioNode })._inNode,
  );
  return { stage, director, person, recorder };
}

/** A note of `hz`, a multiple of 100. */
function note(hz: number, seconds: number): Track {
  return trackOf({
    text: 'm',
    voice: '',
    sampleRate: 24_000,
    samples: Int16Array.from({ length: seconds * 24_000 }, (_, index) =>
      Math.round(8_000 * Math.sin((2 * Math.PI * hz * index) / 24_000)),
    ),
    cues: [{ viseme: 'PP', start: 0, end: seconds, weight: 1 }],
    words: [{ text: 'm', start: 0, end: seconds, from: 0, to: 1 }],
  });
}

/** How loud a note is in each window of a recording, decibels. */
function levelsOf(signal: Float32Array, hz: number): number[] {
  const size = WINDOW * 48_000;
  const turn = (2 * Math.PI * hz) / 48_000;
  return Array.from({ length: Math.floor(signal.length / size) }, (_, window) => {
    let [re, im] = [0, 0];
    for (let at = window * size; at < (window + 1) * size; at++) {
      re += signal[at]! * Math.cos(turn * at);
      im += signal[at]! * Math.sin(turn * at);
    }
    return 20 * Math.log10((2 / size) * Math.hypot(re, im) + 1e-9);
  });
}

/** Where a note begins and ends: the first and the last window within 3 dB of its loudest. */
function span(levels: readonly number[]): [number, number] {
  const loud = Math.max(...levels) - 3;
  return [levels.findIndex((level) => level > loud), levels.findLastIndex((level) => level > loud)];
}

it('the quest line is heard above chatter that is 9 dB softer meanwhile, and no gain moves by more than 1 dB in 10 ms', async () => {
  const { person, director, recorder } = await square({ voices: 3 });
  const [baker, guard, elder] = [person('baker', 2), person('guard', 3), person('elder', 4)];
  await until(() => director.count('near') === 3);
  const chatter = [baker.say(note(400, 6)), guard.say(note(700, 6))];
  await until(() => chatter.every((line) => line.playhead > 0.5));
  const quest = elder.say(note(1_100, 2), { priority: 1 });
  await until(() => quest.ended);
  await until(() => chatter.every((line) => line.ended));
  const [left] = recorder.stop() as [Float32Array];
  const [begun, ended] = span(levelsOf(left, 1_100));
  expect((ended - begun) * WINDOW).toBeGreaterThan(1.9);
  for (const hz of [400, 700]) {
    const levels = levelsOf(left, hz);
    const [first, last] = span(levels);
    expect(first).toBeLessThan(begun);
    expect(last).toBeGreaterThan(ended + 20);
    const full = levels[begun - 30]!;
    const meanwhile = levels.slice(begun + 40, ended - 10);
    for (const level of meanwhile) expect(level - full).toBeCloseTo(-9, 0);
    expect(levels[last - 10]! - full).toBeCloseTo(0, 0);
    // From window to window, after the note has come and before it goes; notes beside it leak a little.
    const slopes = levels
      .slice(first + 4, last - 4)
      .map((level, at) => Math.abs(level - levels[first + 3 + at]!));
    console.log(`${hz} Hz: at most ${Math.max(...slopes).toFixed(2)} dB in 10 ms`);
    expect(Math.max(...slopes)).toBeLessThan(1.05);
  }
});

it('chatter that waits begins when the quest is told, by who has waited longest', async () => {
  const { person, director, recorder } = await square({ voices: 1 });
  const [elder, baker, crone] = [person('elder', 4), person('baker', 2), person('crone', 7)];
  await until(() => director.count('near') === 3);
  const quest = elder.say(note(1_100, 8), { priority: 1 });
  const patient = crone.say(note(700, 1));
  await until(() => quest.playhead > 6.5);
  const fresh = baker.say(note(400, 1));
  await until(() => fresh.ended && patient.ended);
  const [left] = recorder.stop() as [Float32Array];
  const [told, then, last] = [1_100, 700, 400].map((hz) => span(levelsOf(left, hz))) as [
    number,
    number,
  ][] as [[number, number], [number, number], [number, number]];
  expect(then[0]).toBeGreaterThan(told[1]);
  expect(last[0]).toBeGreaterThan(then[1]);
});

it('a line that is joined in its midst comes out of nothing, at most 1 dB in 10 ms', async () => {
  const { person, director, recorder } = await square({ hearingMetres: 20 });
  const smith = person('smith', 30);
  await until(() => director.count('unheard') === 1 && director.speaking === 0);
  const line = smith.say(note(400, 8));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(line.state).toBe('queued');
  smith.attachedNode!.position.z = 8;
  await until(() => line.ended);
  const levels = levelsOf(recorder.stop()[0]!, 400);
  const [loud, last] = span(levels);
  const full = levels[loud + 20]!;
  const first = levels.findIndex((level) => level > full - 60);
  expect(levels[first + 2]! - full).toBeLessThan(-34);
  expect((last - first) * WINDOW).toBeGreaterThan(5.5);
  expect((last - first) * WINDOW).toBeLessThan(6.6);
  const slopes = levels
    .slice(first + 3, last - 4)
    .map((level, at) => Math.abs(level - levels[first + 2 + at]!));
  console.log(`joined: at most ${Math.max(...slopes).toFixed(2)} dB in 10 ms`);
  expect(Math.max(...slopes)).toBeLessThan(1.05);
});
