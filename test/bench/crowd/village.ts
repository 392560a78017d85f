/** People who walk about a square and all have something to say, for measuring. */
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Observable } from '@babylonjs/core/Misc/observable.js';
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

/** How a village is opened. */
export interface VillageOptions {
  readonly people: number;
  /** With a director, with the rings that it has by default; everybody may speak, for that is what is measured. */
  readonly directed: boolean;
  /** Whether it is heard, and frames come in real time. Default false. */
  readonly sound?: boolean;
  /** Called when the people stand there and nothing of ours is made yet, and again when each has all but a line. */
  readonly weigh?: () => Promise<void>;
}

/** What a frame took, milliseconds: our part of it, and all of it. */
export interface FrameCost {
  ours: number;
  all: number;
}

/** A square full of people. */
export interface Village {
  /** One frame at a time in milliseconds, without a picture: gives how long our part of it took, milliseconds. */
  frame(ms: number): number;
  /** Draws a frame as it is now. The same object each time. */
  draw(): FrameCost;
  /** How many have which ring. */
  readonly rings: Readonly<Record<string, number>>;
  readonly context: AudioContext | undefined;
  dispose(): void;
}

/** Opens a village in which everybody walks and speaks. */
export async function openVillage(
  scene: Scene,
  { people, directed, sound = false, weigh }: VillageOptions,
): Promise<Village> {
  const camera = new FreeCamera('player', new Vector3(0, 1.7, 0), scene);
  camera.setTarget(new Vector3(0, 1.6, 10));
  const clock = { ms: 0 };
  const director = directed ? new Director({ voices: people }) : undefined;
  const parley = await CreateParleyAsync(scene, {
    voices: toneVoices(),
    ...(sound ? {} : { frameTime: () => clock.ms, audioContext: 'none' as const }),
    ...(director && { director }),
  });
  const side = Math.ceil(Math.sqrt(people)) * APART;
  const roots = Array.from({ length: people }, (_, index) => addPerson(scene, index));
  const tracks = Array.from({ length: 5 }, (_, index) => longTrack(LINE_SECONDS, index));
  walk(roots, side, 0);
  scene.render();
  await weigh?.();
  const npcs = roots.map((root, index) => parley.addNpc(root, { name: `person ${index}`, emotion: 'warm' }));
  while (sound && npcs.some(({ spatial }) => !spatial))
    await new Promise((resolve) => setTimeout(resolve, 5));
  await weigh?.();
  const lines = npcs.map((npc, index) => npc.say(tracks[index % tracks.length]!));
  const cost = { ours: 0, all: 0 };
  const draw = (): FrameCost => {
    cost.ours = 0;
    walk(roots, side, performance.now() / 1000);
    const begun = performance.now();
    scene.render();
    cost.all = performance.now() - begun;
    return cost;
  };
  const village: Village = {
    frame(ms) {
      clock.ms = ms;
      walk(roots, side, ms / 1000);
      for (const root of roots) root.computeWorldMatrix(true);
      scene.updateTransformMatrix(true);
      const begun = performance.now();
      scene.onBeforeRenderObservable.notifyObservers(scene);
      scene.onAfterRenderObservable.notifyObservers(scene);
      return performance.now() - begun;
    },
    draw,
    get rings() {
      return countRings(npcs);
    },
    context: parley.audioContext,
    dispose() {
      parley.dispose();
      scene.getEngine().dispose();
    },
  };
  if (sound) {
    await parley.unlockAsync();
    for (const observable of [scene.onBeforeRenderObservable, scene.onAfterRenderObservable])
      timeObservers(observable, cost);
  }
  for (let step = 0; step < 4_000 && lines.some(({ fetched }) => !fetched); step++) {
    if (sound) draw();
    else village.frame(step / FPS);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return village;
}

/** Adds what the observers take to `cost`; nobody but Parley observes. */
function timeObservers(observable: Observable<Scene>, cost: FrameCost): void {
  const notify = observable.notifyObservers.bind(observable);
  observable.notifyObservers = (scene) => {
    const begun = performance.now();
    const notified = notify(scene);
    cost.ours += performance.now() - begun;
    return notified;
  };
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
    const z = Math.floor(index / perRow) * APART + 3 + 2 * Math.cos(angle);
    roots[index]!.position.set(x, 0, z);
    roots[index]!.rotation.y = angle;
  }
}

function countRings(npcs: readonly TalkingNpc[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { ring } of npcs) counts[ring] = (counts[ring] ?? 0) + 1;
  return counts;
}
