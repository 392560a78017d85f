import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import doc from '../../docs/recording.md?raw';
import { CreateParleyAsync, lokutorVoices, renderOfflineAsync } from '../../src/index.ts';
import self from './recording.test.ts?raw';
import { Stage } from './stage.ts';

let gateway: string;

beforeAll(async () => {
  gateway = await commands.serve();
});
afterAll(() => commands.kill(gateway));

/** The code of docs/recording.md, and what it gave: both ears, and all influences of all frames. */
async function record(): Promise<{ readonly ears: Float32Array[]; readonly poses: Float32Array }> {
  const stage = new Stage();
  const { scene } = stage;
  const engine = scene.getEngine();
  const canvas = engine.getRenderingCanvas();
  const voices = lokutorVoices({ url: gateway });
  stage.stop();
  const [miraRoot, tomasRoot] = [await stage.load('mira'), await stage.load('tomas')] as const;
  miraRoot.position.x = -1;
  tomasRoot.position.x = 1;
  const managers = [miraRoot, tomasRoot].flatMap((root: TransformNode) =>
    root.getChildMeshes().flatMap(({ morphTargetManager }) => morphTargetManager ?? []),
  );
  for (const root of [miraRoot, tomasRoot]) for (const mesh of root.getChildMeshes()) mesh.isVisible = false;
  const poses: number[] = [];
  const keepPicture = async (_canvas: unknown) => {
    for (const manager of managers) {
      for (let index = 0; index < manager.numTargets; index++) poses.push(manager.getTarget(index).influence);
    }
  };

  // recording.md
  const audioContext = new OfflineAudioContext(2, 3 * 48_000, 48_000); // three seconds in stereo
  const parley = await CreateParleyAsync(scene, { voices, audioContext });
  const mira = parley.addNpc(miraRoot, { name: 'Mira', voice: 'F1' });
  const tomas = parley.addNpc(tomasRoot, { name: 'Tomas', voice: 'M3' });

  engine.stopRenderLoop(); // frames are made by the recording from here on
  const sound = await renderOfflineAsync(parley, {
    fps: 60,
    onFrame: async ({ index, seconds }) => {
      if (index > 0) await keepPicture(canvas); // that of the frame before
      if (index === 0) mira.say('Good evening.');
      if (seconds === 1.5) tomas.say('And to you.');
    },
  });
  parley.dispose(); // sound is an AudioBuffer; the context is closed
  // end

  voices.dispose();
  stage.dispose();
  return { ears: [sound.getChannelData(0), sound.getChannelData(1)], poses: Float32Array.from(poses) };
}

it('the recording of the documentation is the same each time', async () => {
  const [first, second] = [await record(), await record()];
  const bytes = (row: Float32Array) => new Uint8Array(row.buffer, row.byteOffset, row.byteLength);
  const same = (row: Float32Array, other: Float32Array) =>
    row.length === other.length && bytes(row).every((byte, index) => byte === bytes(other)[index]);
  expect(same(first.poses, second.poses)).toBe(true);
  expect(same(first.ears[0]!, second.ears[0]!)).toBe(true);
  expect(same(first.ears[1]!, second.ears[1]!)).toBe(true);
  expect(first.poses.some((influence) => influence > 0.3)).toBe(true);
  for (const [from, to] of [
    [0.1, 0.6],
    [1.6, 2.1],
  ] as const) {
    expect(first.ears[0]!.subarray(from * 48_000, to * 48_000).some((sample) => sample > 0.01)).toBe(true);
  }
});

it('is the code that was run here', () => {
  const [, ran = ''] = /\/\/ recording\.md\n([\s\S]*?)\/\/ end/.exec(self) ?? [];
  const [, shown = ''] = /```ts\n([\s\S]*?)```/.exec(doc) ?? [];
  const bare = (code: string) => code.replace(/\s+/g, '');
  expect(bare(shown).length).toBeGreaterThan(400);
  expect(bare(shown)).toBe(bare(ran));
});
