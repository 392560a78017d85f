import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { expect, it } from 'vitest';
import {
  CreateMurmurAsync,
  CreateParleyAsync,
  type Murmur,
  renderOfflineAsync,
  trackVoices,
} from '../../src/index.ts';
import { rms } from './recorder.ts';
import { Stage } from './stage.ts';

const RATE = 48_000;

/** Both ears of a crowd of bystanders, from half a second after it is there. */
async function heard(
  places: readonly (readonly [x: number, z: number])[],
  seconds = 2,
  act: (murmur: Murmur, at: number) => void = () => {},
) {
  const stage = new Stage();
  stage.stop();
  stage.camera.position.set(0, 1.5, 0);
  stage.camera.rotation.set(0, 0, 0);
  const parley = await CreateParleyAsync(stage.scene, {
    voices: trackVoices([]),
    audioContext: new OfflineAudioContext(2, seconds * RATE, RATE),
  });
  const murmur = await CreateMurmurAsync(parley);
  for (const [x, z] of places) {
    const node = new TransformNode('bystander', stage.scene);
    node.position.set(x, 1.5, z);
    murmur.add(node);
  }
  const sound = await renderOfflineAsync(parley, { fps: 20, onFrame: ({ seconds: at }) => act(murmur, at) });
  parley.dispose();
  stage.dispose();
  return [0, 1].map((ear) => sound.getChannelData(ear));
}

const crowd = (count: number, x: number, z: number) => Array.from({ length: count }, () => [x, z] as const);

const levelOf = (ear: Float32Array, from = 1.2, to = 2) => rms(ear.subarray(from * RATE, to * RATE));

it('a crowd is heard from where it stands, and louder the more they are and the nearer', async () => {
  const [left, right] = await heard(crowd(10, -6, 0));
  expect(levelOf(left!)).toBeGreaterThan(3 * levelOf(right!));
  const [otherLeft, otherRight] = await heard(crowd(10, 6, 0));
  expect(levelOf(otherRight!)).toBeGreaterThan(3 * levelOf(otherLeft!));
  const few = levelOf((await heard(crowd(5, 0, 6)))[0]!);
  const many = levelOf((await heard(crowd(20, 0, 6)))[0]!);
  const far = levelOf((await heard(crowd(20, 0, 12)))[0]!);
  expect(20 * Math.log10(many / few)).toBeCloseTo(6, 0);
  expect(20 * Math.log10(many / far)).toBeCloseTo(6, 0);
  // What a voice at that distance is: -26 dB less 6, 4 and 15.6, and for twenty 13 more.
  expect(20 * Math.log10(many)).toBeGreaterThan(-45);
  expect(20 * Math.log10(many)).toBeLessThan(-30);
  expect(levelOf((await heard([]))[0]!)).toBe(0);
});

it('goes without a click when it is disposed', async () => {
  let murmur: Murmur | undefined;
  const states: boolean[] = [];
  const [left] = await heard(crowd(10, 0, 4), 3, (own, at) => {
    murmur = own;
    if (at === 1) own.dispose();
    states.push(own.heard);
  });
  expect(murmur!.heard).toBe(false);
  expect(states[10]).toBe(true);
  expect(levelOf(left!, 0.8, 1)).toBeGreaterThan(0.005);
  expect(levelOf(left!, 1.2, 3)).toBe(0);
  const steepest = (from: number, to: number) => {
    let most = 0;
    for (let index = from * RATE; index < to * RATE; index++)
      most = Math.max(most, Math.abs(left![index]! - left![index - 1]!));
    return most;
  };
  expect(steepest(1, 1.2)).toBeLessThanOrEqual(steepest(0.5, 1));
});

it('costs a fraction of one voice', async () => {
  const cost = async (count: number) => {
    const rounds: number[] = [];
    for (let round = 0; round < 5; round++) {
      const begun = performance.now();
      await heard(crowd(count, 3, 4), 20);
      rounds.push(performance.now() - begun);
    }
    return Math.min(...rounds) / 20;
  };
  const [none, some] = [await cost(0), await cost(50)];
  console.info(
    `murmur: ${(some - none).toFixed(2)} ms a second of sound (a scene without: ${none.toFixed(1)})`,
  );
  expect(some - none).toBeLessThan(100); // A tenth of the audio thread, on a machine that is busy.
});
