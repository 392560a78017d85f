import { MOMENT } from './moment.ts';
import { createChances, WITHIN } from './noise.ts';

/*
 * In talk, listeners look at the speaker for some 75 % of the time in long looks, speakers at the listener for some 40 %
 * in shorter ones (Argyle & Cook 1976). Speakers take some of theirs back by phrases, in `aversion.ts`; what is left to
 * be decided here is somewhat more than that.
 */
/** Length of a slot, seconds, in which one look away is, and the part of it that is looked at the other. */
const LISTENING = { slot: 4.2, share: 0.75 };
const SPEAKING = { slot: 3.1, share: 0.5 };
/** How much shorter or longer than the mean a look away is. */
const SPREAD = 0.4;

/** How far aside a look away goes: at least, and at most more; and how far down at most, radians (9° to 21°, 10°). */
const ASIDE = 0.16;
const FURTHER = 0.21;
const DOWN = 0.17;

/** Where the look goes relative to whom one talks with. */
export const ASIDE_YAW = 0;
export const ASIDE_PITCH = 1;

/** Looks of somebody in a conversation: at the other, and away now and then. A pure function of the seed and the time. */
export class Regard {
  /** How far the look of the moment goes beside the other, radians: aside and up; both 0 while it is on them. */
  readonly aside = new Float64Array(2);
  readonly #chances: Float64Array;

  constructor(seed: number) {
    this.#chances = createChances(seed);
  }

  /** Works out {@link aside} for a moment: of one who speaks or listens, or who looks all the while. Allocates nothing. */
  update(moment: Float64Array, speaks: boolean, keeps: boolean): void {
    const { slot, share } = speaks ? SPEAKING : LISTENING;
    const chances = this.#chances;
    const at = moment[MOMENT.time]! / slot;
    const number = Math.floor(at) | 0;
    const key = number * 4;
    const away = (1 - share) * (1 - SPREAD + 2 * SPREAD * chances[key & WITHIN]!);
    const from = (1 - away) * chances[(key + 1) & WITHIN]!;
    const into = at - number;
    const looks = keeps || into < from || into >= from + away;
    const side = chances[(key + 2) & WITHIN]! * 2 - 1;
    this.aside[ASIDE_YAW] = looks ? 0 : side < 0 ? FURTHER * side - ASIDE : FURTHER * side + ASIDE;
    this.aside[ASIDE_PITCH] = looks ? 0 : -DOWN * chances[(key + 3) & WITHIN]!;
  }
}
