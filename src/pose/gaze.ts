import { smoothStep } from '../lipsync/smooth.ts';
import { CHANNEL } from './channels.ts';
import { chance } from './noise.ts';

const { eyeYaw: EYE_YAW, eyePitch: EYE_PITCH } = CHANNEL;

/*
 * Eyes that look at somebody do not stand still: they jump by a degree or two, several times in three seconds, and now
 * and then a little further (Lee, Badler & Badler 2002, "Eyes Alive"; sizes fall off exponentially).
 */
/** Length of a slot in which one jump happens, seconds. */
const SLOT = 0.85;
/** Mean size of a jump from the middle, radians (about 1.1°). */
const MEAN = 0.019;
/** No look goes further from the middle than this, radians (about 4.5°). */
const FURTHEST = 0.08;
/** Duration of a jump: 25 ms and 2.4 ms a degree (main sequence of saccades, Bahill et al. 1975; Lee et al. 2002). */
const JUMP = 0.025;
const JUMP_PER_RADIAN = (0.0024 * 180) / Math.PI;

/** Where the eyes rest in a slot: distance from the middle, radians. */
function sizeOf(seed: number, slot: number): number {
  return Math.min(-Math.log(1 - chance(seed, slot * 3)) * MEAN, FURTHEST);
}

/** And the direction: 0 to 2π, anticlockwise from the character's left. */
function directionOf(seed: number, slot: number): number {
  return chance(seed, slot * 3 + 1) * Math.PI * 2;
}

/** Adds the small wandering of the eyes to the pose: a pure function of `seed` and `time` (seconds on any clock). */
export function addGaze(pose: Float32Array, seed: number, time: number): void {
  const slot = Math.floor(time / SLOT);
  const start = (slot + 0.8 * chance(seed, slot * 3 + 2)) * SLOT;
  const fromSize = sizeOf(seed, slot - 1);
  const toSize = sizeOf(seed, slot);
  const from = directionOf(seed, slot - 1);
  const to = directionOf(seed, slot);
  const blend = smoothStep((time - start) / (JUMP + JUMP_PER_RADIAN * (fromSize + toSize)));
  const yaw = fromSize * Math.cos(from) * (1 - blend) + toSize * Math.cos(to) * blend;
  const pitch = fromSize * Math.sin(from) * (1 - blend) + toSize * Math.sin(to) * blend;
  pose[EYE_YAW] = pose[EYE_YAW]! + yaw;
  // Eyes wander less up and down than sideways.
  pose[EYE_PITCH] = pose[EYE_PITCH]! + 0.6 * pitch;
}
