import '@babylonjs/loaders/glTF/2.0/index.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import type { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import light from '../../../assets/characters/mira-light.glb?url';
import full from '../../../assets/characters/tomas.glb?url';
import { inspectFace } from '../../../src/face/binding.ts';

let engine: Engine;
let scene: Scene;

beforeAll(() => {
  engine = new Engine(document.createElement('canvas'), false);
  scene = new Scene(engine);
});
afterAll(() => {
  scene.dispose();
  engine.dispose();
});

/** Bytes of the textures in which Babylon keeps morph targets: layers of four floats a texel. */
function uploaded(textures: readonly BaseTexture[]): number {
  return textures
    .filter((texture) => texture.name.startsWith('Morph texture_'))
    .map((texture) => texture.getInternalTexture()!)
    .reduce((sum, { width, height, depth }) => sum + width * height * depth * 16, 0);
}

it.each([
  ['a light character', light, 1e6],
  ['a full one', full, 64e6],
])(
  'tells how much graphics memory the morph targets of %s fill, for each of its clones',
  async (_, url, most) => {
    const before = uploaded(scene.textures);
    const container = await LoadAssetContainerAsync(url, scene);
    const roots = [0, 1].map(() => container.instantiateModelsToScene().rootNodes[0]!);
    const { morphBytes } = inspectFace(roots[0] as TransformNode);
    expect(morphBytes).toBeLessThan(most);
    // The file's own, and those of two clones.
    expect(uploaded(scene.textures) - before).toBe(3 * morphBytes);
    for (const root of roots) root.dispose();
    container.dispose();
  },
);
