/** Characters for measuring: what a frame of each costs, in Node and in a page alike. */
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { READING, READING_LENGTH } from '../../../src/clock/gap-map.ts';
import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import { Company } from '../../../src/npc/company.ts';
import { CreateParleyAsync } from '../../../src/npc/create.ts';
import type { Line } from '../../../src/npc/line.ts';
import type { Parley } from '../../../src/npc/parley.ts';
import { Puppet } from '../../../src/npc/puppet.ts';
import type { SpokenLine } from '../../../src/npc/spoken-line.ts';
import { CHANNEL, createPose, FACE_PARTS, type FacePart } from '../../../src/pose/channels.ts';
import { chance } from '../../../src/pose/noise.ts';
import { SHAPE_COUNT } from '../../../src/speech/face-shapes.ts';
import type { Track } from '../../../src/speech/track.ts';
import { VISEME_COUNT } from '../../../src/speech/viseme.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { addMesh, addNode, OCULUS } from '../../unit/face/rigs.ts';
import { longTrack } from './long-track.ts';

export const FPS = 60;
/** Length of the line that everybody says, seconds: longer than any measurement. */
export const LINE_SECONDS = 240;

/** Expression channels: a face that can show most of every emotion, and the undertones of speech. */
const PARTS: readonly FacePart[] = [
  'browInnerUp',
  'jawOpen',
  'mouthClose',
  'mouthPucker',
  ...(
    [
      'browDown',
      'browOuterUp',
      'eyeBlink',
      'eyeSquint',
      'eyeWide',
      'mouthSmile',
      'mouthFrown',
      'mouthStretch',
    ] as const
  ).flatMap((part): FacePart[] => [`${part}Left`, `${part}Right`]),
];

/** A character: three meshes with 15 visemes and 20 expression channels (or others) each, and the joints of a head. */
function addCharacter(scene: Scene, index: number, parts = PARTS) {
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
  const meshes = ['Face', 'Teeth', 'Brows'].map((name) => addMesh(scene, name, [...OCULUS, ...parts], head));
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
  return openSpeaking(scene, count, PARTS, (index) => longTrack(LINE_SECONDS, index % 5));
}

/** The same on faces with all 52 parts, whose lines bring frames of the whole face. */
export async function openFramed(scene: Scene, count: number): Promise<Crowd> {
  const frames = Float32Array.from({ length: LINE_SECONDS * FPS * SHAPE_COUNT }, (_, index) => {
    const frame = Math.floor(index / SHAPE_COUNT);
    return 0.2 + 0.15 * Math.sin((frame * (3 + (index % SHAPE_COUNT))) / 90);
  });
  const shapes = { fps: FPS, frames };
  return openSpeaking(scene, count, FACE_PARTS, (index) => ({
    ...longTrack(LINE_SECONDS, index % 5),
    shapes,
  }));
}

async function openSpeaking(
  scene: Scene,
  count: number,
  parts: readonly FacePart[],
  trackOf: (index: number) => Track,
): Promise<Crowd> {
  const voices = toneVoices();
  const parley: Parley = await CreateParleyAsync(scene, { voices, frameTime: () => 0 });
  const bodies = Array.from({ length: count }, (_, index) => addCharacter(scene, index, parts));
  const npcs = bodies.map(({ root }, index) =>
    parley.addNpc(root, { name: `character ${index}`, emotion: { name: 'warm', intensity: 0.7 } }),
  );
  const lines: Line[] = npcs.map((npc, index) => npc.say(trackOf(index)));
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

const MOOD_FRAMES = 30;

/** Moods of which each gives way to the next when it has come; every part of the face differs between them. */
const MOODS = Array.from({ length: 16 }, (_, mood) => ({
  layer: createPose().map((_weight, channel) =>
    channel >= VISEME_COUNT && channel < CHANNEL.happy ? 0.1 + 0.3 * chance(mood, channel) : 0,
  ),
  onset: MOOD_FRAMES / FPS,
  decay: undefined,
}));

/** A line whose curve never leaves a viseme alone, and that never holds the mouth wholly. */
function restlessLine(): { line: SpokenLine; begin(ms: number): void } {
  const track = longTrack(LINE_SECONDS, 0);
  const curve = new PoseCurve();
  curve.addCues(track.cues);
  curve.end(LINE_SECONDS);
  const rows = Array.from({ length: 64 }, (_, row) =>
    Float32Array.from({ length: VISEME_COUNT }, (_weight, viseme) => 0.004 + 0.015 * chance(row, viseme)),
  );
  const reading = new Float64Array(READING_LENGTH);
  let began = 0;
  let row = 0;
  const sample = (ms: number, out: Float32Array): void => {
    reading[READING.line] = (ms - began) / 1000;
    reading[READING.sound] = reading[READING.line]!;
    curve.sample(reading[READING.line]!, out);
    const more = rows[row++ % rows.length]!;
    for (let i = 0; i < out.length; i++) out[i] = 0.15 * out[i]! + (i < VISEME_COUNT ? more[i]! : 0);
  };
  const line = {
    reading,
    words: track.words,
    text: track.text,
    sample,
  } as unknown as SpokenLine;
  const begin = (ms: number): void => {
    began = ms;
  };
  return { line, begin };
}

/** The same with all 35 channels changing in every frame: moods that go over into each other, on a restless line. */
export async function openWorst(scene: Scene, count: number): Promise<Crowd> {
  const bodies = Array.from({ length: count }, (_, index) => addCharacter(scene, index));
  const company = new Company(scene, undefined);
  const feelings = new WeakMap();
  const people = bodies.map(({ root }, index) => {
    const puppet = new Puppet(root, { name: `character ${index}`, life: {}, company, feelings });
    return { puppet, ...restlessLine() };
  });
  let frames = 0;
  return {
    frame: (ms) => {
      const mood = MOODS[Math.floor(frames / MOOD_FRAMES) % MOODS.length]!;
      const fresh = frames++ % MOOD_FRAMES === 0;
      for (let index = 0; index < people.length; index++) {
        const { puppet, line } = people[index]!;
        if (fresh) puppet.mood = mood;
        puppet.update(line, ms);
      }
    },
    rewind: async (ms) => {
      for (const { begin } of people) begin(ms);
    },
    changed: changesIn(bodies.flatMap((body) => body.meshes)),
    dispose: () => {
      for (const { puppet } of people) puppet.dispose();
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
