import { expect, it, onTestFinished } from 'vitest';
import { CreateParleyAsync } from '../../src/index.ts';
import { toneVoices } from '../kit/tone-voices.ts';
import { countingTrack } from './heard.ts';
import { openSound } from './open-sound.ts';
import { Recorder, rms } from './recorder.ts';
import { Stage } from './stage.ts';
import { pause, until } from './waiting.ts';

/** A character that hums for six seconds, and a recorder of what leaves the engine. */
async function hum() {
  const stage = new Stage();
  const sound = await openSound();
  const parley = await CreateParleyAsync(stage.scene, {
    voices: toneVoices(),
    spatial: { hrtfVoices: 0 }, // Its loudness at a single frequency is another.
    ...sound,
  });
  onTestFinished(() => {
    parley.dispose();
    stage.dispose();
    sound.audioEngine.dispose();
  });
  const root = await stage.load('mira');
  const npc = parley.addNpc(root, { name: 'Mira', life: false });
  await parley.unlockAsync();
  const recorder = await Recorder.start(
    (sound.audioEngine.mainOut as unknown as { readonly _inNode: AudioNode })._inNode,
  );
  const targets = root.getChildMeshes().flatMap(({ morphTargetManager: manager }) => {
    return Array.from({ length: manager?.numTargets ?? 0 }, (_, index) => manager!.getTarget(index));
  });
  const opening = () =>
    Math.max(...targets.filter(({ name }) => name === 'viseme_aa').map(({ influence }) => influence));
  /** Loudness of a fifth of a second, once what was changed has come about. */
  const loudness = async () => {
    await pause(300);
    const { frames } = recorder;
    await until(() => recorder.frames >= frames + 9_600);
    return rms(recorder.heard().subarray(frames, frames + 9_600));
  };
  return { stage, npc, recorder, loudness, opening };
}

it('an NPC is as loud as it is told, and silent when it is muted, while its mouth goes on', async () => {
  const { stage, npc, recorder, loudness, opening } = await hum();
  expect([npc.volume, npc.muted]).toEqual([1, false]);
  const line = npc.say(countingTrack(24));
  await until(() => line.playhead > 0.3);
  const full = await loudness();
  npc.volume = 0.5;
  expect((await loudness()) / full).toBeCloseTo(0.5, 1);
  npc.muted = true;
  const openings: number[] = [];
  const watch = stage.scene.onAfterRenderObservable.add(() => openings.push(opening()));
  expect((await loudness()) / full).toBeLessThan(1e-3);
  const { playhead } = line;
  npc.volume = 2;
  expect((await loudness()) / full).toBeLessThan(1e-3);
  watch.remove();
  expect(line.playhead).toBeGreaterThan(playhead);
  expect(Math.max(...openings)).toBeGreaterThan(0.2);
  expect(Math.min(...openings)).toBeLessThan(0.05);
  npc.muted = false;
  expect((await loudness()) / full).toBeCloseTo(2, 0);
  expect(line.state).toBe('speaking');
  // No step is larger than those of the hum at twice its volume.
  const heard = recorder.stop()[0]!;
  const own = 2 * Math.SQRT2 * full * ((2 * Math.PI * 220) / 44_100);
  let most = 0;
  for (let at = 1; at < heard.length; at++) most = Math.max(most, Math.abs(heard[at]! - heard[at - 1]!));
  expect(most).toBeLessThan(1.1 * own);
});

it('an NPC keeps its volume while it has no node and no voice yet, and refuses what is none', async () => {
  const { npc, loudness } = await hum();
  const root = npc.attachedNode!;
  root.removeBehavior(npc);
  npc.muted = true;
  root.addBehavior(npc);
  const line = npc.say(countingTrack(8));
  await until(() => line.playhead > 0.1);
  expect(await loudness()).toBeLessThan(1e-4);
  for (const volume of [-1, Number.NaN, Number.POSITIVE_INFINITY, 'loud'])
    expect(() => {
      npc.volume = volume as number;
    }).toThrowError(/volume of "Mira".*a number from 0/);
  expect(() => {
    npc.muted = 1 as never;
  }).toThrowError(/true or false/);
  expect([npc.volume, npc.muted]).toEqual([1, true]);
});
