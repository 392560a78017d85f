/** Characters for measuring: what a frame of each costs, in Node and in a page alike. */
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { bindFace } from '../../../src/face/binding.ts';
import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import { CreateParleyAsync } from '../../../src/npc/create.ts';
import type { Line } from '../../../src/npc/line.ts';
import type { Parley } from '../../../src/npc/parley.ts';
import { CHANNEL, createPose, type FacePart } from '../../../src/pose/channels.ts';
import { Life } from '../../../src/pose/life.ts';
import { addVisemes, clearPose, createRoom, settleMouth } from '../../../src/pose/mix.ts';
import { MOMENT, MOMENT_LENGTH } from '../../../src/pose/moment.ts';
import { chance } from '../../../src/pose/noise.ts';
import { Phrasing } from '../../../src/pose/phrasing.ts';
import { SIGHT_LENGTH } from '../../../src/pose/sight.ts';
import { VISEME_COUNT } from '../../../src/speech/viseme.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { addMesh, addNode, OCULUS } from '../../unit/face/rigs.ts';
import { longTrack } from './long-track.ts';

export const FPS = 60;
/** Length of the line that everybody says, seconds: longer than any measurement. */
export const LINE_SECONDS = 240;

/** Expression channels: a face that can show every emotion. */
const PARTS: readonly FacePart[] = [
  'browInnerUp',
  'jawOpen',
  ...(
    [
      'browDown',
      'browOuterUp',
      'eyeBlink',
      'eyeSquint',
      'eyeWide',
      'cheekSquint',
      'noseSneer',
      'mouthSmile',
      'mouthFrown',
    ] as const
  ).flatMap((part): FacePart[] => [`${part}Left`, `${part}Right`]),
];

/** A character: three meshes with 15 visemes and 20 expression channels each, and the joints of a head. */
function addCharacter(scene: Scene, index: number) {
  const root = addNode(scene, `character ${index}`);
  root.position.set(index % 10, 0, Math.floor(index / 10));
  let bone = root;
  const put = (name: string, y: number) => {
    bone = addNode(scene, name, bone);
    bone.position.y = y;
    return bone;
  };
  for (const [name, y] of [
    ['Hips', 1],
    ['Spine2', 0.3],
    ['Neck', 0.2],
    ['Head', 0.1],
  ] as const)
    put(name, y);
  const head = bone;
  for (const side of [-1, 1])
    addNode(scene, side < 0 ? 'LeftEye' : 'RightEye', head).position.set(0.03 * side, 0.1, 0.08);
  const meshes = ['Face', 'Teeth', 'Brows'].map((name) => addMesh(scene, name, [...OCULUS, ...PARTS], head));
  return { root, meshes };
}

/** A frame of all characters at a time in milliseconds. */
export type Frame = (ms: number) => void;

/** Characters that may be stepped. */
export interface Crowd {
  readonly frame: Frame;
  /** Goes back to the start of the line. */
  rewind(ms: number): Promise<void>;
  /** Morph targets that changed in the last frame, on average over characters and meshes. */
  changed(): number;
  dispose(): void;
}

/** Characters in the middle of a long line, with everything on: the whole frame path of an NPC. */
export async function openUsual(scene: Scene, count: number): Promise<Crowd> {
  const voices = toneVoices();
  const parley: Parley = await CreateParleyAsync(scene, { voices, frameTime: () => 0 });
  const bodies = Array.from({ length: count }, (_, index) => addCharacter(scene, index));
  const npcs = bodies.map(({ root }, index) =>
    parley.addNpc(root, { name: `character ${index}`, emotion: { name: 'warm', intensity: 0.7 } }),
  );
  const lines: Line[] = npcs.map((npc, index) => npc.say(longTrack(LINE_SECONDS, index % 5)));
  const frame: Frame = (ms) => {
    for (let index = 0; index < npcs.length; index++) npcs[index]!.update(ms);
  };
  const until = async (done: () => boolean, ms: number): Promise<void> => {
    for (let step = 0; step < 2_000 && !done(); step++) {
      frame(ms);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    if (!done()) throw new Error(`expected lines that speak, got ${lines[0]?.state}`);
  };
  await until(() => lines.every((line) => line.fetched && line.state === 'speaking'), 0);
  return {
    frame,
    rewind: async (ms) => {
      for (const line of lines) line.seek(0);
      await until(() => lines.every((line) => line.state === 'speaking'), ms);
    },
    changed: changesIn(bodies.flatMap((body) => body.meshes)),
    dispose: () => {
      parley.dispose();
      for (const { root } of bodies) root.dispose();
    },
  };
}

/** Poses in which every weight differs from the pose before. */
const RESTLESS = Array.from({ length: 64 }, (_, pose) =>
  createPose().map((_weight, channel) => (channel < CHANNEL.happy ? 0.05 + 0.4 * chance(pose, channel) : 0)),
);

/** The same steps with all 35 channels changing in every frame. */
export async function openWorst(scene: Scene, count: number): Promise<Crowd> {
  const track = longTrack(LINE_SECONDS, 0);
  const curve = new PoseCurve();
  curve.addCues(track.cues);
  curve.end(LINE_SECONDS);
  const bodies = Array.from({ length: count }, (_, index) => addCharacter(scene, index));
  const puppets = bodies.map(({ root }, seed) => {
    const phrasing = new Phrasing(seed);
    phrasing.update(track.words, track.text);
    return { face: bindFace(root), life: new Life(seed), phrasing, moment: new Float64Array(MOMENT_LENGTH) };
  });
  const pose = createPose();
  const room = createRoom();
  const sight = new Float64Array(SIGHT_LENGTH);
  const visemes = new Float32Array(VISEME_COUNT);
  const point = scene.activeCamera!.globalPosition;
  let started = 0;
  let frames = 0;
  return {
    frame: (ms) => {
      const restless = RESTLESS[frames++ % RESTLESS.length]!;
      for (let index = 0; index < puppets.length; index++) {
        const { face, life, phrasing, moment } = puppets[index]!;
        moment[MOMENT.time] = ms / 1000;
        moment[MOMENT.playhead] = (ms - started) / 1000;
        moment[MOMENT.speaking] = 0.1;
        phrasing.follow(moment);
        curve.sample(moment[MOMENT.playhead]!, visemes);
        clearPose(pose);
        addVisemes(pose, visemes, moment);
        for (let channel = 0; channel < pose.length; channel++) pose[channel]! += restless[channel]!;
        face.locate(point, sight);
        life.add(pose, moment, phrasing, sight, 1, undefined);
        settleMouth(pose, room);
        face.write(pose, room);
      }
    },
    rewind: async (ms) => {
      started = ms;
    },
    changed: changesIn(bodies.flatMap((body) => body.meshes)),
    dispose: () => {
      for (const { face } of puppets) face.dispose();
      for (const { root } of bodies) root.dispose();
    },
  };
}

function changesIn(meshes: readonly Mesh[]): () => number {
  const targets = meshes.flatMap((mesh) => {
    const manager = mesh.morphTargetManager!;
    return Array.from({ length: manager.numTargets }, (_, index) => manager.getTarget(index));
  });
  let before = targets.map((target) => target.influence);
  return () => {
    const now = targets.map((target) => target.influence);
    const changed = now.filter((influence, index) => influence !== before[index]).length;
    before = now;
    return changed / meshes.length;
  };
}
