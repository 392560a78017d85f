import '@babylonjs/core/Animations/animatable.js';
import '@babylonjs/core/Bones/skeleton.js';
import '@babylonjs/loaders/glTF/2.0/glTFLoader.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_anisotropy.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_specular.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Member } from '../cast.ts';

/** A member of the cast in the scene. */
export interface Character {
  readonly root: TransformNode;
  readonly meshes: readonly AbstractMesh[];
  /** Between the eyes, in the world, metres. */
  readonly eyes: Vector3;
  /** Why there is nothing to see; absent when all went well. */
  readonly missing?: Error;
}

/** Eyes of somebody whose file could not be loaded, metres over the ground. */
const USUAL_HEIGHT = 1.55;

/** Told while a file is loaded: bytes so far, and in all where the server says so. */
export type OnBytes = (loaded: number, total: number) => void;

/**
 * Loads a member's file, puts them in their place and lets them breathe.
 * Never throws: a voice without a body is still a voice, so an empty node stands in for a file that does not load,
 * and for everybody where nothing is `drawn`.
 */
export async function loadCharacter(
  scene: Scene,
  member: Member,
  drawn: boolean,
  onBytes: OnBytes,
): Promise<Character> {
  const place = new TransformNode(`${member.name}'s place`, scene);
  place.position.set(member.x, 0, member.z);
  place.rotation.y = -member.turn;
  const unseen = { root: place, meshes: [], eyes: new Vector3(member.x, USUAL_HEIGHT, member.z) };
  if (!drawn) return unseen;
  try {
    const container = await LoadAssetContainerAsync(member.file, scene, {
      onProgress: ({ loaded, total }) => onBytes(loaded, total),
    });
    container.addAllToScene();
    for (const root of container.rootNodes) root.parent = place;
    for (const group of container.animationGroups) group.start(true);
    for (const mesh of container.meshes) mesh.alwaysSelectAsActiveMesh = true; // Morphs and bones leave the box.
    return { root: place, meshes: container.meshes, eyes: eyesOf(container.transformNodes, member) };
  } catch (error) {
    const missing = error instanceof Error ? error : new Error(String(error));
    return { ...unseen, missing };
  }
}

function eyesOf(nodes: readonly TransformNode[], member: Member): Vector3 {
  const eyes = nodes.filter(({ name }) => name === 'LeftEye' || name === 'RightEye');
  if (eyes.length === 0) return new Vector3(member.x, USUAL_HEIGHT, member.z);
  const sum = Vector3.Zero();
  for (const eye of eyes) {
    eye.computeWorldMatrix(true);
    sum.addInPlace(eye.getAbsolutePosition());
  }
  return sum.scaleInPlace(1 / eyes.length);
}
