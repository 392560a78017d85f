import type { Phrasing } from './phrasing.ts';

/** A playhead that moves further between two frames has jumped, seconds. */
const JUMP = 1;

/** Tells when a playhead passes the end of a phrase. */
export class PhraseWatch {
  /** As a number in an array it is changed in place. */
  readonly #last = new Float64Array(1);

  /** Index of the phrase whose end `playhead[index]` has passed since the last call, -1 where it has passed none. */
  passed(phrasing: Phrasing, playhead: Float64Array, index: number): number {
    const before = this.#last[0]!;
    const now = playhead[index]!;
    this.#last[0] = now;
    if (!(now > before && now - before < JUMP)) return -1;
    const phrase = phrasing.phraseAt(before);
    return phrase < phrasing.phraseEnd.length && phrasing.phraseEnd[phrase]! <= now ? phrase : -1;
  }
}
