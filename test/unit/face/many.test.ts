import '@babylonjs/loaders/glTF/2.0/index.js';
import '@babylonjs/core/Meshes/instancedMesh.js';
import { readFile } from 'node:fs/promises';
import type { AssetContainer } from '@babylonjs/core/assetContainer.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bindFace, inspectFace } from '../../../src/face/binding.ts';
import { registerFaceLoader, unregisterFaceLoader } from '../../../src/face/loader.ts';
import { CHANNEL, createPose } from '../../../src/pose/channels.ts';
import { ZOO } from '../../kit/zoo/index.ts';
import { addMesh, addNode, createScene, influenceOf, OCULUS } from './rigs.ts';

const scenes: Scene[] = [];
let character: Uint8Array;

beforeAll(async () => {
  character = await readFile(new URL('../../../assets/characters/mira.glb', import.meta.url));
  registerFaceLoader();
});
afterAll(() => unregisterFaceLoader());
afterEach(() => {
  for (const scene of scenes.splice(0)) scene.getEngine().dispose();
});

function open(options = { textures: true }): Scene {
  const scene = createScene(options);
  scenes.push(scene);
  return scene;
}

async function load(name: string, scene: Scene): Promise<AssetContainer> {
  const { bytes } = await ZOO.find((exhibit) => exhibit.name === name)!.make(character);
  return LoadAssetContainerAsync(bytes, scene, { pluginExtension: '.glb' });
}

const meshIn = (root: TransformNode, name: RegExp): Mesh =>
  root.getChildMeshes(false).find((mesh) => mesh.morphTargetManager && name.test(mesh.name)) as Mesh;

function saying(viseme: 'aa' | 'O', weight: number): Float32Array {
  const pose = createPose();
  pose[CHANNEL[viseme]] = weight;
  return pose;
}

/** What of a scene must not grow. */
const belongings = (scene: Scene): number[] => [
  scene.morphTargetManagers.length,
  scene.textures.length,
  scene.meshes.length,
  scene.geometries.length,
  scene.onBeforeRenderObservable.observers.length,
  scene.onDisposeObservable.observers.length,
];

describe('clones', () => {
  /** A character and its clone, as `Mesh.clone()` makes it. */
  function pair(scene: Scene): { one: Mesh; other: Mesh } {
    const one = addMesh(scene, 'Head', OCULUS);
    one.morphTargetManager!.optimizeInfluencers = false;
    one.morphTargetManager!.numMaxInfluencers = OCULUS.length;
    const other = one.clone('Clone');
    expect(other.morphTargetManager).toBe(one.morphTargetManager);
    return { one, other };
  }

  it('that share their weights are said to, and speak apart once they are bound', () => {
    const { one, other } = pair(open());
    expect(inspectFace(one).problems).toContainEqual(expect.objectContaining({ code: 'shared-morphs' }));
    const faces = [bindFace(one), bindFace(other)];
    faces[0]!.write(saying('aa', 0.5));
    faces[1]!.write(saying('O', 0.25));
    expect([influenceOf(one, 'viseme_aa'), influenceOf(one, 'viseme_O')]).toEqual([0.5, 0]);
    expect([influenceOf(other, 'viseme_aa'), influenceOf(other, 'viseme_O')]).toEqual([0, 0.25]);
    for (const mesh of [one, other]) {
      expect(mesh.morphTargetManager).toMatchObject({
        optimizeInfluencers: false,
        numMaxInfluencers: OCULUS.length,
      });
    }
  });

  it('share again when they are given back, and nothing is left behind', () => {
    const scene = open();
    const { one, other } = pair(scene);
    const shared = one.morphTargetManager;
    const before = belongings(scene);
    for (let round = 0; round < 5; round++) {
      const faces = [bindFace(one), bindFace(other)];
      for (const face of faces) face.write(saying('aa', 0.5));
      for (const face of faces) face.dispose();
    }
    expect([one.morphTargetManager, other.morphTargetManager]).toEqual([shared, shared]);
    expect(belongings(scene)).toEqual(before);
    expect(influenceOf(one, 'viseme_aa')).toBe(0);
  });

  it('leave no weights behind when the character goes before its binding', () => {
    const scene = open();
    const { one, other } = pair(scene);
    const face = bindFace(other);
    const managers = scene.morphTargetManagers.length;
    other.dispose();
    face.dispose();
    expect(scene.morphTargetManagers.length).toBe(managers - 1);
    expect(one.morphTargetManager!.numTargets).toBe(OCULUS.length);
  });

  it('keep one set of weights within a character', () => {
    const scene = open();
    const root = addNode(scene, 'root');
    const head = addMesh(scene, 'Head', OCULUS, root);
    const beard = head.clone('Beard', root) as Mesh;
    const managers = scene.morphTargetManagers.length;
    const face = bindFace(root);
    face.write(saying('aa', 0.5));
    expect([influenceOf(head, 'viseme_aa'), influenceOf(beard, 'viseme_aa')]).toEqual([0.5, 0.5]);
    expect(scene.morphTargetManagers.length).toBe(managers);
    expect(face.report.problems.map(({ code }) => code)).not.toContain('shared-morphs');
  });

  it('get geometry of their own where shapes are vertex attributes', () => {
    const { one, other } = pair(open({ textures: false }));
    expect(other.geometry).toBe(one.geometry);
    bindFace(other);
    expect(other.geometry).not.toBe(one.geometry);
  });

  it('that hang on the bones of another are said to', async () => {
    const scene = open();
    const container = await load('jaw-only', scene);
    container.addAllToScene();
    const root = container.rootNodes[0] as Mesh;
    const codes = (mesh: TransformNode): string[] => inspectFace(mesh).problems.map(({ code }) => code);
    expect(codes(root)).not.toContain('shared-bones');
    expect(codes(root.clone('Clone'))).toContain('shared-bones');
    const apart = container.instantiateModelsToScene().rootNodes[0] as TransformNode;
    expect(codes(apart)).not.toContain('shared-bones');
  });

  it('that are instances are said to have no face of their own', () => {
    const scene = open();
    const root = addNode(scene, 'root');
    addMesh(scene, 'Head', OCULUS).createInstance('Twin').parent = root;
    expect(inspectFace(root).problems).toContainEqual(
      expect.objectContaining({ code: 'instanced-morphs', message: expect.stringContaining('Twin') }),
    );
  });
});

describe.each(['oculus', 'vrm1', 'vrm0', 'split', 'mmd'])(
  'characters made of one container of %s',
  (name) => {
    it('speak each for itself, as the first does', async () => {
      const scene = open();
      const container = await load(name, scene);
      const names = [undefined, (old: string) => `${old} of the second`, (old: string) => `third_${old}`];
      const roots = names.map(
        (nameOf) => container.instantiateModelsToScene(nameOf).rootNodes[0] as TransformNode,
      );
      const faces = roots.map((root) => bindFace(root));
      for (const { report } of faces) {
        expect(report.problems.map(({ code }) => code)).toEqual([]);
        expect(report.visemes).toEqual(faces[0]!.report.visemes);
        expect(Object.keys(report.joints).sort()).toEqual(['chest', 'head', 'leftEye', 'neck', 'rightEye']);
        expect(report.meshes.map(({ driven }) => driven)).toEqual(
          faces[0]!.report.meshes.map(({ driven }) => driven),
        );
      }
      faces[1]!.write(saying('aa', 0.6));
      const moved = roots.map((root) => {
        const manager = meshIn(root, /Head|頭|part/).morphTargetManager!;
        return Array.from(
          { length: manager.numTargets },
          (_, index) => manager.getTarget(index).influence,
        ).filter((influence) => influence > 0);
      });
      expect(moved).toEqual([[], [expect.closeTo(0.6)], []]);
      const heads = faces.map((face) => face.head!);
      expect(new Set(heads).size).toBe(3);
      heads.forEach((head, index) => {
        expect(head.isDescendantOf(roots[index]!)).toBe(true);
      });
    });

    it('leave nothing behind that they would not leave unbound', async () => {
      const scene = open();
      const container = await load(name, scene);
      const comeAndGo = (bound: boolean): void => {
        const made = container.instantiateModelsToScene();
        const root = made.rootNodes[0] as TransformNode;
        const managers = root.getChildMeshes(false).flatMap((mesh) => mesh.morphTargetManager ?? []);
        if (bound) {
          const face = bindFace(root);
          face.write(saying('aa', 0.6));
          face.dispose();
        }
        made.dispose();
        // Whoever makes a character frees its weights: Babylon does not.
        for (const manager of managers) manager.dispose();
      };
      const growthOf = (bound: boolean): number[] => {
        const before = belongings(scene);
        for (let round = 0; round < 3; round++) comeAndGo(bound);
        return belongings(scene).map((count, index) => count - before[index]!);
      };
      comeAndGo(false);
      expect(growthOf(true)).toEqual(growthOf(false));
    });
  },
);
