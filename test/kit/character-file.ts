/** The demo's characters without pictures: loaded from their files into Babylon's NullEngine, for geometry in Node. */
import '@babylonjs/loaders/glTF/2.0/index.js';
import { readFile } from 'node:fs/promises';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { bindFace, type FaceBinding } from '../../src/face/binding.ts';
import { createScene } from '../unit/face/rigs.ts';
import { Lips } from './lip-gap.ts';

/** A character whose face can be posed and whose lips can be measured. */
export interface MeasuredFace {
  readonly face: FaceBinding;
  readonly lips: Lips;
  dispose(): void;
}

/** A character whose face nobody has bound. */
export interface LoadedCharacter {
  readonly scene: Scene;
  readonly root: TransformNode;
  readonly lips: Lips;
  dispose(): void;
}

/** Loads a character by name: `mira` or `tomas`. Takes two seconds or so. */
export async function loadCharacter(name: string): Promise<LoadedCharacter> {
  const bytes = await readFile(new URL(`../../assets/characters/${name}.glb`, import.meta.url));
  const glb = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const scene = createScene({ textures: true });
  const container = await LoadAssetContainerAsync(new Uint8Array(glb), scene, { pluginExtension: '.glb' });
  container.addAllToScene();
  const root = container.rootNodes[0] as TransformNode;
  return {
    scene,
    root,
    lips: Lips.of(root, glb),
    dispose() {
      const engine = scene.getEngine();
      scene.dispose();
      engine.dispose();
    },
  };
}

/** Loads a character by name and binds its face. */
export async function loadFace(name: string): Promise<MeasuredFace> {
  const { root, lips, dispose } = await loadCharacter(name);
  const face = bindFace(root);
  return {
    face,
    lips,
    dispose() {
      face.dispose();
      dispose();
    },
  };
}
