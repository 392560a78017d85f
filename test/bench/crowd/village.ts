/** People who walk about a square and all have something to say, for measuring. */
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { CreateParleyAsync, Director, type TalkingNpc } from '../../../src/index.ts';
import { chance } from '../../../src/pose/noise.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { addMesh, addNode, OCULUS } from '../../unit/face/rigs.ts';
import { longTrack } from '../face/long-track.ts';

export const FPS = 60;
/** Longer than any measurement. */
const LINE_SECONDS = 240;
/** Metres between two who stand next to each other; the square grows with its people. */
const APART = 3;

const PARTS = [
  'jawOpen',
  'mouthSmileLeft',
  'mouthSmileRight',
  'eyeBlinkLeft',
  'eyeBlinkRight',
  'browInnerUp',
];

/** A square full of people. */
export interface Village {
  /** One frame at a time in milliseconds: gives how long our part of it took, milliseconds. */
  frame(ms: number): number;
  /** How many have which ring. */
  readonly rings: Readonly<Record<string, number>>;
  dispose(): void;
}

/** Opens a village in which everybody speaks, with or without a director; with one, as many as it lets. */
export async function openVillage(scene: Scene, people: number, directed: boolean): Promise<Village> {
  const camera = new FreeCamera('player', new Vector3(0, 1.7, 0), scene);
  camera.setTarget(new Vector3(0, 1.6, 10));
  const clock = { ms: 0 };
  // Everybody may speak: what is measured is what speaking costs.
  const director = directed ? new Director({ voices: people }) : undefined;
  const parley = await CreateParleyAsync(scene, {
    voices: toneVoices(),
    frameTime: () => clock.ms,
    ...(director && { director }),
  });
  const side = Math.ceil(Math.sqrt(people)) * APART;
  const roots = Array.from({ length: people }, (_, index) => addPerson(scene, index));
  walk(roots, side, 0);
  scene.render();
  const npcs = roots.map((root, index) => parley.addNpc(root, { name: `person ${index}`, emotion: 'warm' }));
  const tracks = Array.from({ length: 5 }, (_, index) => longTrack(LINE_SECONDS, index));
  const lines = npcs.map((npc, index) => npc.say(tracks[index % tracks.length]!));
  const village: Village = {
    frame(ms) {
      clock.ms = ms;
      walk(roots, side, ms / 1000);
      for (const root of roots) root.computeWorldMatrix(true);
      scene.updateTransformMatrix(true);
      const begun = performance.now();
      scene.onBeforeRenderObservable.notifyObservers(scene);
      return performance.now() - begun;
    },
    get rings() {
      return countRings(npcs);
    },
    dispose() {
      parley.dispose();
      scene.getEngine().dispose();
    },
  };
  for (let step = 0; step < 4_000 && lines.some(({ fetched }) => !fetched); step++) {
    village.frame(step / FPS);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return village;
}

function addPerson(scene: Scene, index: number): TransformNode {
  const root = addNode(scene, `person ${index}`);
  const head = addNode(scene, 'Head', root);
  head.position.y = 1.6;
  for (const name of ['Face', 'Teeth']) addMesh(scene, name, [...OCULUS, ...PARTS], head);
  return root;
}

/** Everybody goes round a place of their own, some metres wide. */
function walk(roots: readonly TransformNode[], side: number, seconds: number): void {
  const perRow = Math.ceil(Math.sqrt(roots.length));
  for (let index = 0; index < roots.length; index++) {
    const angle = seconds * (0.3 + 0.4 * chance(1, index)) + 6 * chance(2, index);
    const x = (index % perRow) * APART - side / 2 + 2 * Math.sin(angle);
    const z = Math.floor(index / perRow) * APART - side / 4 + 2 * Math.cos(angle);
    roots[index]!.position.set(x, 0, z);
    roots[index]!.rotation.y = angle;
  }
}

function countRings(npcs: readonly TalkingNpc[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { ring } of npcs) counts[ring] = (counts[ring] ?? 0) + 1;
  return counts;
}
