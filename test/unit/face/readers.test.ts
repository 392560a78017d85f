import '@babylonjs/loaders/glTF/2.0/index.js';
import { readFile } from 'node:fs/promises';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeshShapes } from '../../../src/face/by-shape.ts';
import { readRigFile } from '../../../src/face/gltf/file-rig.ts';
import { inspectRig } from '../../../src/face/inspect.ts';
import { registerFaceLoader, unregisterFaceLoader } from '../../../src/face/loader.ts';
import type { Rig } from '../../../src/face/rig.ts';
import { ZOO } from '../../kit/zoo/index.ts';

let character: Uint8Array;

beforeAll(async () => {
  character = await readFile(new URL('../../../assets/characters/mira.glb', import.meta.url));
  registerFaceLoader();
});
afterAll(() => unregisterFaceLoader());

async function load(
  bytes: Uint8Array<ArrayBuffer>,
  rightHanded: boolean,
): Promise<{ scene: Scene; root: TransformNode }> {
  const scene = new Scene(new NullEngine());
  scene.useRightHandedSystem = rightHanded;
  const container = await LoadAssetContainerAsync(bytes, scene, { pluginExtension: '.glb' });
  container.addAllToScene();
  return { scene, root: container.rootNodes[0] as TransformNode };
}

/** What a rig says, without what only one of the readers can know, and in one order. */
function said({ meshes, nodes, extensions, loaded, shapes, expressions, humanoid, ...rest }: Rig): unknown {
  const named = meshes.map(({ storage, ...mesh }) => mesh);
  return {
    ...rest,
    meshes: named.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    lengths: meshes
      .map(({ name, targets }, mesh) => `${name} ${pointsOf(shapes?.(mesh), targets.length)}`)
      .toSorted(),
    nodes: nodes.map(({ name, joint }) => `${name} ${joint}`).toSorted(),
    humanoid: Object.fromEntries(Object.entries(humanoid).map(([part, node]) => [part, nodes[node]!.name])),
    expressions: expressions.map(({ binds, ...expression }) => ({
      ...expression,
      binds: binds
        .map(({ mesh, ...bind }) => JSON.stringify({ ...bind, mesh: meshes[mesh]?.name }))
        .toSorted(),
    })),
  };
}

/** How far all targets move all points, thousandths; and which way is up. */
function pointsOf(shapes: MeshShapes | undefined, targets: number): string {
  let sum = 0;
  for (let target = 0; target < targets; target++) {
    for (const shift of shapes!.shift(target) as Float32Array) sum += Math.abs(shift);
  }
  const up = Array.from(shapes!.up, (axis) => (Math.round(axis * 1000) || 0) / 1000);
  return `${Math.round(sum * 1000)} ${up.slice(0, 3)}`;
}

describe.each(
  ZOO.filter(({ name }) => !name.includes('meshopt')).map((exhibit) => [exhibit.name, exhibit] as const),
)('%s', (name, exhibit) => {
  it.each([false, true])(
    'is the same from its file and from a live scene (right-handed: %s)',
    async (rightHanded) => {
      const { bytes } = await exhibit.make(character);
      const { scene, root } = await load(bytes, rightHanded);
      expect(said(inspectRig(root).rig)).toEqual(said(readRigFile(bytes, name)));
      scene.getEngine().dispose();
    },
  );
});
