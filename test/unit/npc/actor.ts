import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { MorphTarget } from '@babylonjs/core/Morph/morphTarget.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, expect } from 'vitest';
import { CreateParleyAsync, type ParleyOptions } from '../../../src/npc/create.ts';
import type { NpcOptions } from '../../../src/npc/npc-options.ts';
import type { Parley } from '../../../src/npc/parley.ts';
import type { TalkingNpc } from '../../../src/npc/talking-npc.ts';
import type { Track } from '../../../src/speech/track.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { ARKIT, addMesh, addNode, createScene, influenceOf, OCULUS } from '../face/rigs.ts';
import { wordsOf } from '../pose/moments.ts';

const RATE = 8_000;
const DEGREE = Math.PI / 180;
/** Nothing but the gaze, so that it can be measured. */
export const CALM = { blinks: false, saccades: false, sway: false, accents: false, breath: false } as const;

/** A character with a head, two eyes and a face. */
export class Actor {
  readonly npc: TalkingNpc;
  readonly root: TransformNode;
  readonly mesh: Mesh;
  readonly head: TransformNode;
  readonly #chest: TransformNode;
  readonly #eye: TransformNode;
  readonly #ahead: Vector3;

  constructor(parley: Parley, name: string, place: Vector3, turn: number, options: Partial<NpcOptions> = {}) {
    const { scene } = parley;
    this.root = addNode(scene, name);
    this.root.position.copyFrom(place);
    this.root.rotation.y = turn;
    this.#chest = addNode(scene, 'Spine2', this.root);
    const head = addNode(scene, 'Head', this.#chest);
    head.position.y = 1.5;
    this.head = head;
    const eyes = ['Left', 'Right'].map((side, i) => {
      const eye = addNode(scene, `${side}Eye`, head);
      eye.position.set(i === 0 ? -0.03 : 0.03, 0.1, 0.08); // Left is -X in a left-handed scene.
      return eye;
    });
    this.#eye = eyes[0]!;
    this.mesh = addMesh(scene, `${name}'s face`, [...OCULUS, ...ARKIT], head);
    const forward = Vector3.TransformNormal(Vector3.Forward(), this.root.computeWorldMatrix(true));
    this.#ahead = Vector3.TransformNormal(forward, Matrix.Invert(this.#refreshed()));
    this.npc = parley.addNpc(this.root, { name, life: CALM, ...options });
  }

  /** Degrees by which the left eye misses a point. */
  misses(point: Vector3): number {
    const look = Vector3.TransformNormal(this.#ahead, this.#refreshed()).normalize();
    const toward = point.subtract(this.#eye.getAbsolutePosition()).normalize();
    return Math.acos(Math.min(1, Vector3.Dot(look, toward))) / DEGREE;
  }

  get eyes(): Vector3 {
    this.#refreshed();
    return this.#eye.getAbsolutePosition().clone();
  }

  weight(part: string): number {
    return influenceOf(this.mesh, part);
  }

  target(part: string): MorphTarget {
    return this.mesh.morphTargetManager!.getTargetByName(part)!;
  }

  /** All weights, and the turns of chest, head and an eye. */
  state(): number[] {
    const turns = [this.#chest, this.head, this.#eye].flatMap((node) => node.rotationQuaternion!.asArray());
    return [...[...OCULUS, ...ARKIT].map((name) => this.weight(name)), ...turns];
  }

  #refreshed(): Matrix {
    for (const node of [this.root, this.#chest, this.head, this.#eye]) node.computeWorldMatrix(true);
    return this.#eye.getWorldMatrix();
  }
}

/** A scene whose frames the test makes, at times of its own. */
export async function open(options: Partial<ParleyOptions> = {}) {
  const scene = createScene({ textures: true });
  const camera = new ArcRotateCamera('camera', -Math.PI / 2, Math.PI / 2, 3, new Vector3(0, 1.6, 0), scene);
  const clock = { ms: 1_000 };
  const parley = await CreateParleyAsync(scene, {
    voices: toneVoices(),
    frameTime: () => clock.ms,
    ...options,
  });
  opened.push({ parley, scene });
  const frame = async (seconds = 1 / 60): Promise<void> => {
    for (let left = seconds; left > 1e-9; left -= 1 / 60) {
      clock.ms += 1000 / 60;
      scene.render();
      await Promise.resolve();
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  /** A frame in which no time passes. */
  const again = async (): Promise<void> => {
    scene.render();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  const view = (): Vector3 => camera.globalPosition.clone();
  return { scene, camera, parley, frame, again, view };
}

const opened: { parley: Parley; scene: Scene }[] = [];

afterEach(() => {
  for (const { parley, scene } of opened.splice(0)) {
    parley.dispose();
    scene.getEngine().dispose();
  }
});

/** A line without mouth shapes. */
export function trackOf(text: string, seconds: number): Track {
  return {
    text,
    voice: '',
    lang: '',
    sampleRate: RATE,
    samples: new Int16Array(RATE * seconds),
    duration: seconds,
    timing: { origin: 'service', confidence: 1 },
    cues: [{ viseme: 'sil', start: 0, end: seconds, weight: 1 }],
    words: wordsOf(text),
  };
}

export async function until(condition: () => boolean, frame: () => Promise<void>): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await frame();
  expect(condition()).toBe(true);
}
