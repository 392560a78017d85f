/** When something is spoken, seconds in line time; an event without a length ends where it starts. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Longest that a sound, a character or a word takes, seconds: no singer holds one as long. */
const LONGEST = 8;

/** Furthest that one begins after the one before has ended, seconds: no line pauses as long. */
const FURTHEST = 30;

/** So many in a row that speech can have, and the unit is seconds. In milliseconds three sounds never are so short. */
const ENOUGH = 3;

/**
 * Passes on times that speech can have. A wild one among them, far too long or far ahead, is left out: all that is told
 * after it would come too late to be shown. Where all are wild the unit is another one than seconds, and they are
 * passed on as they are, for a repair to find out.
 */
export class PlausibleTimes<Told extends Span> {
  #latest = 0;
  #inARow = 0;
  #otherUnit = false;
  /** A wild one that nothing is known about yet. */
  #doubtful: Told | undefined;

  /** Those of a run, in rising order, that can be believed; one that was held back comes before them. */
  push(run: readonly Told[]): Told[] {
    return run.flatMap((told) => this.#judged(told));
  }

  #judged(told: Told): Told[] {
    if (this.#otherUnit) return [told];
    const { start, end } = told;
    if (end - start <= LONGEST && start - this.#latest <= FURTHEST && Number.isFinite(end)) {
      if (++this.#inARow >= ENOUGH) this.#doubtful = undefined;
      this.#latest = Math.max(this.#latest, end);
      return [told];
    }
    if (this.#inARow >= ENOUGH) return [];
    this.#inARow = 0;
    const doubtful = this.#doubtful;
    this.#doubtful = told;
    if (!doubtful) return [];
    this.#otherUnit = true;
    return [doubtful, told];
  }
}
