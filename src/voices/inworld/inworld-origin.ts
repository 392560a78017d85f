import type { InworldTimes } from './inworld-times.ts';

/** Less than this makes no difference, seconds: what services round away, and what a sound reaches into the chunk before. */
const SLACK = 0.04;

/**
 * Finds out from where the times of a line count: clients of the service disagree whether it is the chunk they come with, or
 * the first sample of the line. Both are the same for the first chunk; after it each way is held against what the times
 * say: that they begin in their chunk, and after those before them.
 */
export class InworldOrigin {
  /** How much each way has had to be bent so far, seconds. */
  #asChunk = 0;
  #asLine = 0;
  /** The latest beginning that was told, in line time. */
  #latest = 0;

  /** What to add to the times of a chunk, seconds, whose sound begins at `begins` and lasts `seconds`, in line time. */
  shift(times: InworldTimes, begins: number, seconds: number): number {
    const spans = [...times.words, ...times.sounds, ...times.characters, ...times.visemes];
    if (spans.length === 0) return 0;
    const starts = spans.map(({ start }) => start);
    const [first, last] = [Math.min(...starts), Math.max(...starts)];
    // Times that come without sound can count from the line alone.
    const shift = seconds > 0 && this.#countsFromChunk(first, last, begins, seconds) ? begins : 0;
    this.#latest = Math.max(this.#latest, last + shift);
    return shift;
  }

  #countsFromChunk(first: number, last: number, begins: number, seconds: number): boolean {
    if (begins <= SLACK) return false;
    this.#asChunk += bend(first, last, seconds) + back(this.#latest - first - begins);
    this.#asLine += bend(first - begins, last - begins, seconds) + back(this.#latest - first);
    const difference = this.#asLine - this.#asChunk;
    if (Math.abs(difference) > SLACK) return difference > 0;
    // Both are possible: what lies nearer to what was told before.
    return Math.abs(first + begins - this.#latest) < Math.abs(first - this.#latest);
  }
}

/** How far beginnings lie outside a chunk, counted from its own. A word that is told again may begin before, which counts for less. */
function bend(first: number, last: number, seconds: number): number {
  return outside(first, seconds) / 2 + outside(last, seconds);
}

function outside(time: number, seconds: number): number {
  return Math.max(0, -time - SLACK, time - seconds - SLACK);
}

/** How far a time goes back, as that of a word does which is told again. */
function back(seconds: number): number {
  return Math.max(0, seconds - SLACK) / 2;
}
