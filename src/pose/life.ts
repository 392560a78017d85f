import { addBlinks } from './blink.ts';
import { CHANNEL } from './channels.ts';
import { addGaze } from './gaze.ts';
import { drift } from './noise.ts';

const {
  headYaw: HEAD_YAW,
  headPitch: HEAD_PITCH,
  headRoll: HEAD_ROLL,
  eyeYaw: EYE_YAW,
  eyePitch: EYE_PITCH,
} = CHANNEL;

/*
 * Standing people's heads sway by one or two degrees, slowly; speaking heads turn about twice as far (Hadar et al.
 * 1983).
 */
/** Sway of a silent head, radians: yaw 1.6°, pitch 0.9°, roll 0.9°. */
const YAW = 0.028;
const PITCH = 0.016;
const ROLL = 0.016;
/** How much further the head moves in speech. */
const SPEAKING = 1.1;
/** Changes of direction a second. */
const PACE = 0.45;

/**
 * What a face does whether it speaks or not: blinks, small jumps of the eyes, a head that is never quite still.
 * A pure function of the seed and the time, so a replay is the same and nothing is kept between frames.
 */
export class Life {
  readonly #seed: number;

  /** `seed`: any whole number; characters with different seeds do not move alike. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * Adds the signs of life at `time` (seconds on any steady clock) to the pose.
   * `speaking`: 0 to 1, how much the character is speaking; change it smoothly.
   */
  add(pose: Float32Array, time: number, speaking: number): void {
    const seed = this.#seed * 8;
    addBlinks(pose, seed, time);
    addGaze(pose, seed + 1, time);
    const sway = 1 + SPEAKING * speaking;
    const x = time * PACE;
    pose[HEAD_YAW] = pose[HEAD_YAW]! + YAW * sway * drift(seed + 2, x);
    pose[HEAD_PITCH] = pose[HEAD_PITCH]! + PITCH * sway * drift(seed + 3, x * 1.13);
    pose[HEAD_ROLL] = pose[HEAD_ROLL]! + ROLL * sway * drift(seed + 4, x * 0.87);
    // The eyes stay on whom they look at while the head moves (vestibulo-ocular reflex).
    pose[EYE_YAW] = pose[EYE_YAW]! - YAW * sway * drift(seed + 2, x);
    pose[EYE_PITCH] = pose[EYE_PITCH]! - PITCH * sway * drift(seed + 3, x * 1.13);
  }
}
