import { MOMENT } from './moment.ts';
import { createChances, WITHIN } from './noise.ts';
import { SIGHT } from './sight.ts';

/*
 * Whoever looks at nobody looks about: mostly ahead and a little down, to another place every few seconds (fixations of
 * walking and waiting people are within 20° of straight ahead for nine tenths of the time: Foulsham, Walker & Kingstone
 * 2011).
 */
/** Length of a slot, seconds; a look lasts one or several of them. */
const SLOT = 1.7;
/** How many slots bring another look. */
const SHARE = 0.45;
/** Most a look goes aside, and its middle and most up and down, radians. */
const SIDE = 0.42;
const DOWN = -0.06;
const UP_DOWN = 0.13;
/** How far each eye turns inwards: for things four metres away. */
const VERGENCE = 0.008;
/** The longest look, slots. */
const LONGEST = 5;

/** Looks about: a pure function of the seed and the time. */
export class Wandering {
  readonly #chances: Float64Array;

  constructor(seed: number) {
    this.#chances = createChances(seed);
  }

  /** Number of the slot in which the look of the moment began. */
  slotAt(moment: Float64Array): number {
    let slot = Math.floor(moment[MOMENT.time]! / SLOT) | 0;
    for (let back = 1; back < LONGEST && this.#chances[(slot * 3) & WITHIN]! >= SHARE; back++) slot--;
    return slot;
  }

  /** Writes where the look of a slot goes to the fields of `SIGHT`. */
  look(slot: number, out: Float64Array): void {
    const chances = this.#chances;
    // The mean of two chances is more often in the middle.
    const aside = chances[(slot * 3 + 1) & WITHIN]! + chances[(slot * 3 + 4) & WITHIN]! - 1;
    const up = chances[(slot * 3 + 2) & WITHIN]! + chances[(slot * 3 + 5) & WITHIN]! - 1;
    out[SIGHT.yaw] = SIDE * aside;
    out[SIGHT.pitch] = DOWN + UP_DOWN * up;
    out[SIGHT.vergence] = VERGENCE;
    out[SIGHT.distance] = Number.POSITIVE_INFINITY;
  }
}
