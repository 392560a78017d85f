import { DWELL_SECONDS } from './rings.ts';

/** How many faces and mouths there may be at most, and how long a frame of ours may take. */
export interface FrameLimits {
  /** Microseconds of ours in a frame that are kept to, as far as faces and mouths take them; `Infinity` is no limit. */
  readonly frameMicroseconds: number;
  readonly faces: number;
  readonly mouths: number;
}

/** Time over which frames are averaged, seconds. */
const MEAN_SECONDS = 0.5;

/**
 * A frame counts so many times the mean at most, or the budget: a browser that collects garbage is nobody's face. But
 * some browsers show whole milliseconds only, of which the mean alone is true.
 */
const OUTLIER = 4;

/** Parts in which faces are taken away, and after them mouths. */
const PARTS = 4;
const RUNGS = 2 * PARTS;

/** After a change, until the mean shows what it has brought: rings are kept for so long, then the mean follows. */
const SETTLE_SECONDS = DWELL_SECONDS + 2 * MEAN_SECONDS;

/** Where the mean is below this part of the budget for so long, seconds, some come back. */
const WELL_UNDER = 0.7;
const PATIENCE = 4;
/** The longest that is waited, after coming back has not held again and again. */
const MOST_PATIENCE = 64;
/** What comes back has held if nothing had to give way for so long, seconds. */
const HELD_SECONDS = 10;

const MEAN = 0;
const TIME = 1;
const CHANGED_AT = 2;
const BACK_AT = 3;
const PATIENT = 4;

/**
 * Keeps to what a frame may cost: while the mean is over the budget, whole faces give way, a quarter of them at a time,
 * then mouths; while it is well under, they come back. What could not be held is tried again after twice the time.
 */
export class FrameBudget {
  readonly #limits: FrameLimits;
  readonly #state = Float64Array.of(
    0,
    Number.NaN,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    PATIENCE,
  );
  /** How much has given way, from 0 to {@link RUNGS}. */
  #rung = 0;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** What a frame takes, a mean of the last half second, microseconds. */
  get microseconds(): number {
    return this.#state[MEAN]!;
  }

  /** How many faces and mouths there may be now. */
  get faces(): number {
    return placesOn(this.#rung, this.#limits.faces);
  }
  get mouths(): number {
    return placesOn(this.#rung - PARTS, this.#limits.mouths);
  }

  /**
   * One frame at `clock[0]` seconds, and `cost[0]` microseconds that the one before it took: whether there may be other
   * numbers of faces and mouths now. Allocates nothing.
   */
  step(clock: Float64Array, cost: Float64Array): boolean {
    const state = this.#state;
    const now = clock[0]!;
    this.#measure(now, cost[0]!);
    // Where time has jumped back, whatever was changed was long ago.
    const since = now < state[CHANGED_AT]! ? Number.POSITIVE_INFINITY : now - state[CHANGED_AT]!;
    const { frameMicroseconds: most } = this.#limits;
    if (state[MEAN]! > most) {
      if (since < SETTLE_SECONDS) return false;
      if (!this.#move(1)) return false;
      if (state[MEAN]! > 2 * most) this.#move(1);
      if (now - state[BACK_AT]! < HELD_SECONDS) state[PATIENT] = Math.min(2 * state[PATIENT]!, MOST_PATIENCE);
      return true;
    }
    if (this.#rung === 0) return false;
    if (state[BACK_AT]! >= state[CHANGED_AT]! && since >= HELD_SECONDS) state[PATIENT] = PATIENCE;
    if (state[MEAN]! > WELL_UNDER * most || since < Math.max(SETTLE_SECONDS, state[PATIENT]!)) return false;
    state[BACK_AT] = now;
    return this.#move(-1);
  }

  #measure(now: number, cost: number): void {
    const state = this.#state;
    const elapsed = now - state[TIME]!;
    if (Number.isNaN(state[TIME]!)) state[CHANGED_AT] = now; // A page that starts takes its time.
    state[TIME] = now;
    if (!(cost >= 0)) return;
    const mean = state[MEAN]!;
    if (mean === 0) {
      state[MEAN] = cost;
      return;
    }
    // The first frame of all, and one after a jump of time, have no length.
    const share = elapsed > 0 ? Math.min(elapsed / MEAN_SECONDS, 1) : 0;
    const most = Math.max(OUTLIER * mean, this.#limits.frameMicroseconds);
    state[MEAN] = mean + share * (Math.min(cost, most) - mean);
  }

  /** Goes on until there are other numbers, if there is anywhere to go. */
  #move(by: 1 | -1): boolean {
    const { faces, mouths } = this;
    while (this.#rung + by >= 0 && this.#rung + by <= RUNGS) {
      this.#rung += by;
      if (this.faces === faces && this.mouths === mouths) continue;
      this.#state[CHANGED_AT] = this.#state[TIME]!;
      return true;
    }
    return false;
  }
}

/** What is left of so many places when so many quarters of them are taken away. */
function placesOn(quarters: number, places: number): number {
  return Math.ceil((places * (PARTS - Math.min(Math.max(quarters, 0), PARTS))) / PARTS);
}
