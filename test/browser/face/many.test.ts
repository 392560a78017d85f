import type { AssetContainer } from '@babylonjs/core/assetContainer.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import mira from '../../../assets/characters/mira.glb?url';
import { bindFace } from '../../../src/face/binding.ts';
import { registerFaceLoader, unregisterFaceLoader } from '../../../src/face/loader.ts';
import { CHANNEL, createPose } from '../../../src/pose/channels.ts';
import { type Made, ZOO } from '../../kit/zoo/index.ts';
import { difference, Portrait, ZooStage } from './zoo-stage.ts';

const silent = createPose();
const speaking = createPose();
speaking[CHANNEL.aa] = 0.8;

let stage: ZooStage;
let character: Uint8Array;

beforeAll(async () => {
  stage = new ZooStage();
  character = new Uint8Array(await (await fetch(mira)).arrayBuffer());
  registerFaceLoader();
});
afterAll(() => {
  unregisterFaceLoader();
  stage.dispose();
});

async function load(name: string, scene: Scene): Promise<{ made: Made; container: AssetContainer }> {
  const made = await ZOO.find((exhibit) => exhibit.name === name)!.make(character);
  return { made, container: await LoadAssetContainerAsync(made.bytes, scene, { pluginExtension: '.glb' }) };
}

/** One speaks and the other is silent, and then the other way round: each is seen to do as it is told. */
async function expectApart(scene: Scene, made: Made, roots: readonly TransformNode[]): Promise<void> {
  roots.forEach((root, index) => {
    root.position.x = index * 3 * made.size;
  });
  const portraits = roots.map((root) => new Portrait(scene, root, bindFace(root), made));
  const [one, other] = portraits as [Portrait, Portrait];
  const pictures = async (poses: readonly Float32Array[]): Promise<Uint8Array[]> => {
    portraits.forEach((portrait, index) => {
      portrait.face.write(poses[index]!);
    });
    return [await one.draw(poses[0]!), await other.draw(poses[1]!)];
  };
  const rest = await pictures([silent, silent]);
  const first = await pictures([speaking, silent]);
  const second = await pictures([silent, speaking]);
  expect(difference(first[0]!, rest[0]!)).toBeGreaterThan(2);
  expect(difference(first[1]!, rest[1]!)).toBeLessThan(0.1);
  expect(difference(second[0]!, rest[0]!)).toBeLessThan(0.1);
  expect(difference(second[1]!, rest[1]!)).toBeGreaterThan(2);
  for (const portrait of portraits) portrait.face.dispose();
}

it.each(['oculus', 'vrm1'])('two characters of one container (%s) speak each for itself', async (name) => {
  const scene = stage.open();
  const { made, container } = await load(name, scene);
  const roots = [0, 1].map(() => container.instantiateModelsToScene().rootNodes[0] as TransformNode);
  await expectApart(scene, made, roots);
  scene.dispose();
});

it('a character and its clone, which share their weights, speak each for itself', async () => {
  const scene = stage.open();
  const { made, container } = await load('doll', scene);
  container.addAllToScene();
  const root = container.rootNodes[0] as Mesh;
  const clone = root.clone('Clone')!;
  const managers = [root, clone].map((each) =>
    each.getChildMeshes(false).map((mesh) => mesh.morphTargetManager),
  );
  expect(managers[1]!.filter((manager) => manager)).toEqual(managers[0]!.filter((manager) => manager));
  await expectApart(scene, made, [root, clone]);
  scene.dispose();
});
