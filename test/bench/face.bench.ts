/**
 * What a frame of one speaking face costs: sampling the curve, signs of life, mixing, writing.
 * Run: npx tsx test/bench/face.bench.ts
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { bindFace } from '../../src/face/binding.ts';
import { PoseCurve } from '../../src/lipsync/pose-curve.ts';
import { addAccents } from '../../src/pose/accent.ts';
import { createPose, FACE_PARTS } from '../../src/pose/channels.ts';
import { Life } from '../../src/pose/life.ts';
import { addVisemes, clearPose, settleMouth } from '../../src/pose/mix.ts';
import type { Cue, WordMark } from '../../src/speech/cue.ts';
import { VISEME_COUNT, VISEMES } from '../../src/speech/viseme.ts';
import { addMesh, addNode, createScene, OCULUS } from '../unit/face/rigs.ts';

const SECONDS = 120;
const FPS = 60;
const ROUNDS = 40;

const scene = createScene({ textures: true });
const root = addNode(scene, '__root__');
addNode(scene, 'Head', root);
for (const side of ['Left', 'Right']) addNode(scene, `${side}Eye`, root);
const parts = FACE_PARTS.filter((part) => !/^eyeLook(In|Out)/.test(part));
addMesh(scene, 'HeadMesh', [...OCULUS, ...parts], root);
for (let i = 1; i < 8; i++) addMesh(scene, `Part${i}`, [...OCULUS, ...parts.slice(0, 3 * i)], root);

const cues: Cue[] = Array.from({ length: (SECONDS * 1000) / 75 }, (_, i) => ({
  viseme: VISEMES[(i * 7 + (i >> 3)) % VISEMES.length]!,
  start: i * 0.075,
  end: (i + 1) * 0.075,
  weight: 1,
}));
const words: WordMark[] = Array.from({ length: SECONDS * 3 }, (_, i) => ({
  text: 'word',
  start: i / 3,
  end: i / 3 + 0.3,
  from: i * 7,
  to: i * 7 + 3 + (i % 5),
}));

const curve = new PoseCurve();
curve.addCues(cues);
curve.end(SECONDS);
const face = bindFace(root);
const life = new Life(1);
const pose = createPose();
const visemes = new Float32Array(VISEME_COUNT);

const steps = {
  sample(time: number): void {
    curve.sample(time, visemes);
  },
  mix(time: number): void {
    clearPose(pose);
    addVisemes(pose, visemes, 1);
    life.add(pose, time, 1);
    addAccents(pose, 1, words, time, 1);
    settleMouth(pose);
  },
  write(): void {
    face.write(pose);
  },
};

function frames(update: (time: number) => void): void {
  for (let frame = 0; frame < SECONDS * FPS; frame++) update(frame / FPS);
}

function all(time: number): void {
  steps.sample(time);
  steps.mix(time);
  steps.write();
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

function microseconds(update: (time: number) => void): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = process.hrtime.bigint();
    frames(update);
    return Number(process.hrtime.bigint() - start) / 1000 / (SECONDS * FPS);
  });
  return median(rounds);
}

function bytes(update: (time: number) => void): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const rounds = Array.from({ length: 10 }, () => {
    collect();
    const before = process.memoryUsage().heapUsed;
    frames(update);
    return (process.memoryUsage().heapUsed - before) / (SECONDS * FPS);
  });
  return median(rounds);
}

for (let warm = 0; warm < 5; warm++) frames(all);
const driven = face.report.meshes.reduce((sum, mesh) => sum + mesh.driven, 0);
console.log(
  `one face, ${face.report.meshes.length} meshes, ${driven} targets driven; medians of ${ROUNDS} runs`,
);
for (const [name, step] of Object.entries({ ...steps, all })) {
  console.log(
    `${name.padEnd(7)} ${microseconds(step).toFixed(2)} µs, ${Math.max(0, bytes(step)).toFixed(1)} bytes a frame`,
  );
}
process.exit(0);
