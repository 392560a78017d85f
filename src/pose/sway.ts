import { CHANNEL } from './channels.ts';
import { MOMENT } from './moment.ts';
import { createChances, WITHIN } from './noise.ts';

const { headYaw: HEAD_YAW, headPitch: HEAD_PITCH, headRoll: HEAD_ROLL } = CHANNEL;

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

/** Pace of yaw, pitch and roll: unlike, so that they do not turn at the same moments. */
const PACES = [PACE, PACE * 1.13, PACE * 0.87] as const;

/** A head that is never quite still. */
export class Sway {
  /** Where yaw, pitch and roll change direction, 0 to 1. */
  readonly #corners: readonly Float64Array[];
  /** Yaw, pitch and roll of the moment, -1 to 1. */
  readonly #now = new Float64Array(PACES.length);

  constructor(seed: number) {
    this.#corners = PACES.map((_, axis) => createChances(seed + axis));
  }

  /** Adds the sway of the moment to the pose. Allocates nothing. */
  add(pose: Float32Array, moment: Float64Array): void {
    this.#wander(moment);
    const sway = 1 + SPEAKING * moment[MOMENT.speaking]!;
    pose[HEAD_YAW] = pose[HEAD_YAW]! + YAW * sway * this.#now[0]!;
    pose[HEAD_PITCH] = pose[HEAD_PITCH]! + PITCH * sway * this.#now[1]!;
    pose[HEAD_ROLL] = pose[HEAD_ROLL]! + ROLL * sway * this.#now[2]!;
  }

  /** From corner to corner, without a jump in value, slope or curvature (Perlin's fade). */
  #wander(moment: Float64Array): void {
    const time = moment[MOMENT.time]!;
    for (let axis = 0; axis < PACES.length; axis++) {
      const x = time * PACES[axis]!;
      const index = Math.floor(x) | 0;
      const u = x - index;
      const corners = this.#corners[axis]!;
      const from = corners[index & WITHIN]!;
      const to = corners[(index + 1) & WITHIN]!;
      this.#now[axis] = 2 * (from + (to - from) * u * u * u * (u * (u * 6 - 15) + 10)) - 1;
    }
  }
}
