import { createCell, smooth } from './cell.ts';
import { CHANNEL } from './channels.ts';
import { MOMENT } from './moment.ts';
import { createChances, WITHIN } from './noise.ts';

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

/** How much less the eyes wander up and down than sideways. */
const FLAT = 0.6;

const cell = createCell();

/** Eyes that look at somebody, with the small jumps of living ones. */
export class Saccades {
  /** Where the eyes rest in each slot, radians. */
  readonly #yaw: Float64Array;
  readonly #pitch: Float64Array;
  /** When in each slot they jump there, 0 to 1 of the slot. */
  readonly #jump: Float64Array;

  constructor(seed: number) {
    const sizes = createChances(seed).map((chance) => Math.min(-Math.log(1 - chance) * MEAN, FURTHEST));
    const angles = createChances(seed + 1).map((chance) => chance * 2 * Math.PI);
    this.#yaw = sizes.map((size, slot) => size * Math.cos(angles[slot]!));
    this.#pitch = sizes.map((size, slot) => size * Math.sin(angles[slot]!) * FLAT);
    this.#jump = createChances(seed + 2);
  }

  /** Adds the eyes' wandering to the pose: a pure function of the seed and the time. */
  add(pose: Float32Array, moment: Float64Array): void {
    const time = moment[MOMENT.time]!;
    const slot = Math.floor(time / SLOT) | 0;
    const now = slot & WITHIN;
    const before = (slot - 1) & WITHIN;
    const yaw = this.#yaw[before]!;
    const pitch = this.#pitch[before]!;
    const aside = this.#yaw[now]! - yaw;
    const up = this.#pitch[now]! - pitch;
    const start = (slot + 0.8 * this.#jump[now]!) * SLOT;
    cell[0] = (time - start) / (JUMP + JUMP_PER_RADIAN * Math.sqrt(aside * aside + up * up));
    smooth(cell);
    const done = cell[0]!;
    pose[EYE_YAW] = pose[EYE_YAW]! + yaw + aside * done;
    pose[EYE_PITCH] = pose[EYE_PITCH]! + pitch + up * done;
  }
}
