import type { Vec3 } from './geometry.ts';

/** Length of the idle clip, seconds. Every motion repeats a whole number of times in it, so it loops. */
export const IDLE_SECONDS = 8;
const STEPS = 40;

/** Rotation quaternion xyzw about the x, y, z axes, degrees, applied x first. */
export function euler(x: number, y: number, z: number): [number, number, number, number] {
  const half = [x, y, z].map((a) => (a * Math.PI) / 360) as [number, number, number];
  const [cx, cy, cz] = half.map(Math.cos) as [number, number, number];
  const [sx, sy, sz] = half.map(Math.sin) as [number, number, number];
  return [
    sx * cy * cz - cx * sy * sz,
    cx * sy * cz + sx * cy * sz,
    cx * cy * sz - sx * sy * cz,
    cx * cy * cz + sx * sy * sz,
  ];
}

export interface Track {
  bone: string;
  path: 'rotation' | 'translation';
  values: number[];
}

const wave = (t: number, times: number, phase = 0): number =>
  Math.sin(2 * Math.PI * ((t / IDLE_SECONDS) * times + phase));
/** Breathing, 15 per minute: quick in, slow out. -1..1. */
const breath = (t: number): number => 0.8 * wave(t, 2) + 0.2 * wave(t, 4, 0.05);
/** Weight from one leg to the other, one cycle; a second harmonic lets it rest at the ends. */
const shift = (t: number): number => wave(t, 1) + 0.18 * wave(t, 3);

/**
 * A standing idle: breathing in chest and shoulders, a slow weight shift of the hips with the feet planted, small
 * sway of head and arms. Angles in degrees on top of the rest pose.
 * @param hips rest translation of the hips, metres
 * @param leg length of a leg, metres
 */
export function idleTracks(hips: Vec3, leg: number): { times: number[]; tracks: Track[] } {
  const times = Array.from({ length: STEPS + 1 }, (_, i) => (i / STEPS) * IDLE_SECONDS);
  const SHIFT = 0.011; // metres to each side
  const tracks: Track[] = [];
  const turn = (bone: string, angles: (t: number) => Vec3): void =>
    void tracks.push({ bone, path: 'rotation', values: times.flatMap((t) => euler(...angles(t))) });

  tracks.push({
    bone: 'Hips',
    path: 'translation',
    values: times.flatMap((t) => [
      hips[0] + SHIFT * shift(t),
      hips[1] - 0.0008 * (1 - wave(t, 2, 0.25)),
      hips[2] + 0.003 * wave(t, 1, 0.2),
    ]),
  });
  const lean = (t: number): number => ((Math.asin((SHIFT * shift(t)) / leg) * 180) / Math.PI) * 1;
  const rock = (t: number): number => ((Math.asin((0.003 * wave(t, 1, 0.2)) / leg) * 180) / Math.PI) * 1;
  const tilt = (t: number): number => 0.7 * shift(t);
  turn('Hips', (t) => [0, 0.8 * wave(t, 1, 0.1), tilt(t)]);
  for (const side of ['Left', 'Right']) {
    turn(`${side}UpLeg`, (t) => [rock(t), -0.8 * wave(t, 1, 0.1), -tilt(t) - lean(t)]);
    turn(`${side}Foot`, (t) => [-rock(t), 0, lean(t)]);
  }
  turn('Spine', (t) => [0.25 * breath(t), 0, -0.75 * tilt(t)]);
  turn('Spine1', (t) => [-0.7 * breath(t), -0.5 * wave(t, 1, 0.15), -0.35 * tilt(t)]);
  turn('Spine2', (t) => [-0.8 * breath(t), -0.4 * wave(t, 1, 0.2), -0.2 * tilt(t)]);
  turn('Neck', (t) => [
    0.8 * breath(t) + 0.4 * wave(t, 1, 0.3),
    0.6 * wave(t, 1, 0.45),
    0.15 * wave(t, 1, 0.6),
  ]);
  turn('Head', (t) => [
    0.5 * wave(t, 1, 0.55) + 0.35 * breath(t),
    1.1 * wave(t, 1, 0.4),
    0.8 * wave(t, 1, 0.75),
  ]);
  for (const [side, sign, phase] of [
    ['Left', 1, 0.1],
    ['Right', -1, 0.35],
  ] as const) {
    turn(`${side}Shoulder`, (t) => [0, 0, sign * 0.9 * breath(t)]);
    turn(`${side}Arm`, (t) => [
      0.9 * wave(t, 1, phase),
      0,
      -sign * 0.5 * breath(t) + 0.5 * wave(t, 1, phase + 0.2),
    ]);
    turn(`${side}ForeArm`, (t) => [-1 + 1 * wave(t, 1, phase + 0.15), 0, 0]);
    turn(`${side}Hand`, (t) => [0, 0, 1.2 * wave(t, 1, phase + 0.3)]);
  }
  return { times, tracks };
}
