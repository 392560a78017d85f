import { addAversion } from './aversion.ts';
import { type Cell, createCell, smooth } from './cell.ts';
import { CHANNEL } from './channels.ts';
import { GazeShifts } from './gaze-shifts.ts';
import { MOMENT } from './moment.ts';
import { createChances } from './noise.ts';
import type { Phrasing } from './phrasing.ts';
import { SIGHT, SIGHT_LENGTH } from './sight.ts';
import { Wandering } from './wandering.ts';

const {
  headYaw: HEAD_YAW,
  headPitch: HEAD_PITCH,
  headRoll: HEAD_ROLL,
  eyeYaw: EYE_YAW,
  eyePitch: EYE_PITCH,
  eyeVergence: EYE_VERGENCE,
} = CHANNEL;

/*
 * The eyes alone look a little way aside; of the rest the head does most, the more so the longer the look lasts (Stahl
 * 1999: head movement against eccentricity, slope 0.6 to 0.9 beyond a range that differs from person to person).
 */
/** What the eyes do alone, radians (6°). */
const EYES_ALONE = 0.105;
/** How much of the rest the head does. */
const HEAD_SHARE = 0.75;

/** How far a head turns without the shoulders: to each side 55°, up 25°, down 30°; necks can do about 25° more. */
const HEAD_SIDE = 0.96;
const HEAD_UP = 0.44;
const HEAD_DOWN = 0.52;
/** How far eyes turn in life: to each side 30°, up 20°, down 27°; they can do 15° more (Guitton & Volle 1987). */
const EYE_SIDE = 0.52;
const EYE_UP = 0.35;
const EYE_DOWN = 0.47;
/** Nobody looks with crossed eyes further than at the own nose, radians each. */
const MOST_VERGENCE = 0.25;

/** Whoever is behind is not looked at: from 100° to 130° the look lets go. */
const LET_GO = 1.75;
const GONE = 2.27;

/** How far the head is behind what moves: time in which the lag falls to a third, seconds. */
const LAG = 0.15;

/** A point that moves by more than this between two frames has jumped, radians (about 12°). */
const JUMP = 0.2;

const cell = createCell();

/**
 * Looks at a point, or about: the eyes jump there, then the head follows while the eyes stay on it. A change of the
 * point is a turn of the gaze; a point that moves is followed.
 */
export class Gaze {
  readonly #shifts = new GazeShifts();
  readonly #wandering: Wandering;
  readonly #chances: Float64Array;
  /** Goal of the gaze, in the fields of `SIGHT`, and that of the frame before. */
  readonly #goal = new Float64Array(SIGHT_LENGTH);
  readonly #last = new Float64Array(SIGHT_LENGTH);
  /** What the head does for them: yaw and pitch. */
  readonly #head = new Float64Array(2);
  readonly #lastHead = new Float64Array(2);
  /** How far the head is behind: yaw and pitch; and when that was, seconds. */
  readonly #lag = new Float64Array(2);
  readonly #time = new Float64Array([Number.NaN]);
  #turn = 0;
  #slot = 0;

  constructor(seed: number) {
    this.#chances = createChances(seed);
    this.#wandering = new Wandering(seed + 7);
  }

  /** Turns of the gaze so far. */
  get turns(): number {
    return this.#shifts.count;
  }

  /** How far the last turn goes, radians. */
  get turnSize(): Cell {
    return this.#shifts.size;
  }

  /**
   * Turns the head of the pose towards `sight`, as `FaceBinding.locate` gives it, or about where there is none. `turn`
   * counts the points: another number is another point. Allocates nothing.
   */
  turnHead(pose: Float32Array, moment: Float64Array, sight: Float64Array | undefined, turn: number): void {
    const goal = this.#goal;
    copy(goal, this.#last);
    copy(this.#head, this.#lastHead);
    const slot = sight ? -1 : this.#wandering.slotAt(moment);
    if (sight) copy(sight, goal);
    else this.#wandering.look(slot, goal);
    letGo(goal);
    this.#aimHead();
    const aside = goal[SIGHT.yaw]! - this.#last[SIGHT.yaw]!;
    const up = goal[SIGHT.pitch]! - this.#last[SIGHT.pitch]!;
    const first = Number.isNaN(this.#time[0]!);
    const other = turn !== this.#turn || slot !== this.#slot || aside * aside + up * up > JUMP * JUMP;
    this.#shifts.step(other && !first, moment, this.#last, goal, this.#lastHead, this.#head);
    // The lag of the head fades; what moves adds to it.
    const left = first ? 0 : Math.exp((this.#time[0]! - moment[MOMENT.time]!) / LAG);
    for (let axis = 0; axis < 2; axis++) {
      const moved = other ? 0 : this.#lastHead[axis]! - this.#head[axis]!;
      this.#lag[axis] = left < 1 ? (this.#lag[axis]! + moved) * left : 0;
    }
    this.#turn = turn;
    this.#slot = slot;
    this.#time[0] = moment[MOMENT.time]!;
    pose[HEAD_YAW] = pose[HEAD_YAW]! + this.#head[0]! + this.#lag[0]!;
    pose[HEAD_PITCH] = pose[HEAD_PITCH]! + this.#head[1]! + this.#lag[1]!;
    this.#shifts.addToHead(pose, moment);
  }

  /**
   * Turns the eyes to where the head of the pose does not look by itself; call it when the head is as it will be.
   * Speakers look away now and then, by the phrases of their line. Allocates nothing.
   */
  turnEyes(pose: Float32Array, moment: Float64Array, phrasing: Phrasing | undefined): void {
    const look = this.#last;
    copy(this.#goal, look);
    this.#shifts.addToLook(look, moment);
    if (phrasing && this.#slot < 0) addAversion(look, moment, phrasing, this.#chances);
    const aside = look[SIGHT.yaw]! - pose[HEAD_YAW]!;
    const up = look[SIGHT.pitch]! - pose[HEAD_PITCH]!;
    // A head that leans takes the eyes with it: what is beside them is then above or below.
    const roll = pose[HEAD_ROLL]!;
    const yaw = Math.min(Math.max(aside - roll * up, -EYE_SIDE), EYE_SIDE);
    const pitch = Math.min(Math.max(up + roll * aside, -EYE_DOWN), EYE_UP);
    pose[EYE_YAW] = pose[EYE_YAW]! + yaw;
    pose[EYE_PITCH] = pose[EYE_PITCH]! + pitch;
    pose[EYE_VERGENCE] = pose[EYE_VERGENCE]! + Math.min(look[SIGHT.vergence]!, MOST_VERGENCE);
  }

  #aimHead(): void {
    const yaw = this.#goal[SIGHT.yaw]!;
    const pitch = this.#goal[SIGHT.pitch]!;
    const angle = Math.sqrt(yaw * yaw + pitch * pitch);
    const share = angle > EYES_ALONE ? (HEAD_SHARE * (angle - EYES_ALONE)) / angle : 0;
    this.#head[0] = Math.min(Math.max(share * yaw, -HEAD_SIDE), HEAD_SIDE);
    this.#head[1] = Math.min(Math.max(share * pitch, -HEAD_DOWN), HEAD_UP);
  }
}

function letGo(goal: Float64Array): void {
  const yaw = goal[SIGHT.yaw]!;
  const pitch = goal[SIGHT.pitch]!;
  cell[0] = (GONE - Math.sqrt(yaw * yaw + pitch * pitch)) / (GONE - LET_GO);
  smooth(cell);
  goal[SIGHT.yaw] = yaw * cell[0]!;
  goal[SIGHT.pitch] = pitch * cell[0]!;
}

/** Typed arrays copy themselves by a call out of the machine code. */
function copy(from: Float64Array, to: Float64Array): void {
  for (let index = 0; index < to.length; index++) to[index] = from[index]!;
}
