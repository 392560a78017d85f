import { createCell, smooth } from './cell.ts';
import { CHANNEL } from './channels.ts';
import { MOMENT } from './moment.ts';
import { SIGHT } from './sight.ts';

const { headYaw: HEAD_YAW, headPitch: HEAD_PITCH } = CHANNEL;

/** Shifts that may overlap; the oldest gives way, which by then is over. */
const MOST = 6;

/** Duration of a jump of the eyes: 25 ms and 2.4 ms a degree (main sequence: Bahill et al. 1975), 100 ms at most. */
const JUMP = 0.025;
const JUMP_PER_RADIAN = (0.0024 * 180) / Math.PI;
const LONGEST_JUMP = 0.1;

/** The head begins after the eyes and takes 0.3 s and 6 ms a degree (Zangemeister & Stark 1982; Guitton & Volle 1987). */
const HEAD_AFTER = 0.04;
const HEAD_TIME = 0.3;
const HEAD_PER_RADIAN = (0.006 * 180) / Math.PI;

/** Fields of a shift. */
const START = 0;
/** Where the look comes from, relative to where it goes: yaw, pitch, vergence; and how long the eyes take. */
const YAW = 1;
const PITCH = 2;
const VERGENCE = 3;
const EYES = 4;
/** The same for the head. */
const TURN_YAW = 5;
const TURN_PITCH = 6;
const HEAD = 7;
const FIELDS = 8;

const cell = createCell();

/**
 * Turns of the gaze that are under way. Each holds what is left of the old look and lets it go in its own time, so that
 * they may overlap, and the look goes on from where it is.
 */
export class GazeShifts {
  /** How far the last turn goes, radians. */
  readonly size = createCell();

  readonly #shifts = new Float64Array(MOST * FIELDS);
  #count = 0;

  /** Turns so far. */
  get count(): number {
    return this.#count;
  }

  /**
   * Where `turned`, the look goes from one goal to another (fields of `SIGHT`), and the head with it (yaw and pitch).
   * Called in every frame: a function that is called seldom is not compiled, and allocates.
   */
  step(
    turned: boolean,
    moment: Float64Array,
    from: Float64Array,
    to: Float64Array,
    headFrom: Float64Array,
    headTo: Float64Array,
  ): void {
    if (!turned) return;
    const shifts = this.#shifts;
    const at = (this.#count % MOST) * FIELDS;
    this.#count++;
    const yaw = from[SIGHT.yaw]! - to[SIGHT.yaw]!;
    const pitch = from[SIGHT.pitch]! - to[SIGHT.pitch]!;
    const turnYaw = headFrom[0]! - headTo[0]!;
    const turnPitch = headFrom[1]! - headTo[1]!;
    this.size[0] = Math.sqrt(yaw * yaw + pitch * pitch);
    shifts[at + START] = moment[MOMENT.time]!;
    shifts[at + YAW] = yaw;
    shifts[at + PITCH] = pitch;
    shifts[at + VERGENCE] = from[SIGHT.vergence]! - to[SIGHT.vergence]!;
    shifts[at + EYES] = Math.min(JUMP + JUMP_PER_RADIAN * this.size[0]!, LONGEST_JUMP);
    shifts[at + TURN_YAW] = turnYaw;
    shifts[at + TURN_PITCH] = turnPitch;
    shifts[at + HEAD] = HEAD_TIME + HEAD_PER_RADIAN * Math.sqrt(turnYaw * turnYaw + turnPitch * turnPitch);
  }

  /** Adds what is left of old looks to a look, in the fields of `SIGHT`. */
  addToLook(look: Float64Array, moment: Float64Array): void {
    const shifts = this.#shifts;
    for (let at = 0; at < shifts.length; at += FIELDS) {
      cell[0] = 1 - (moment[MOMENT.time]! - shifts[at + START]!) / shifts[at + EYES]!;
      smooth(cell);
      const left = cell[0]!;
      if (!(left > 0)) continue;
      look[SIGHT.yaw] = look[SIGHT.yaw]! + shifts[at + YAW]! * left;
      look[SIGHT.pitch] = look[SIGHT.pitch]! + shifts[at + PITCH]! * left;
      look[SIGHT.vergence] = look[SIGHT.vergence]! + shifts[at + VERGENCE]! * left;
    }
  }

  /** Adds what is left of old turns to the head of a pose. */
  addToHead(pose: Float32Array, moment: Float64Array): void {
    const shifts = this.#shifts;
    for (let at = 0; at < shifts.length; at += FIELDS) {
      const since = moment[MOMENT.time]! - shifts[at + START]! - HEAD_AFTER;
      cell[0] = 1 - since / shifts[at + HEAD]!;
      smooth(cell);
      const left = cell[0]!;
      if (!(left > 0)) continue;
      pose[HEAD_YAW] = pose[HEAD_YAW]! + shifts[at + TURN_YAW]! * left;
      pose[HEAD_PITCH] = pose[HEAD_PITCH]! + shifts[at + TURN_PITCH]! * left;
    }
  }
}
