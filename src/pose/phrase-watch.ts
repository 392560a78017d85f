import { MOMENT } from './moment.ts';
import type { Phrasing } from './phrasing.ts';

/** A playhead that moves further between two frames has jumped, seconds. */
const JUMP = 1;

/** Tells when a playhead passes the end of a phrase. */
export class PhraseWatch {
  /** As a number in an array it is changed in place. */
  readonly #playhead = new Float64Array(1);
  #phrase = 0;

  /** Index of the phrase whose end the playhead has passed since the last call, -1 where it has passed none. */
  passed(phrasing: Phrasing, moment: Float64Array): number {
    const step = moment[MOMENT.playhead]! - this.#playhead[0]!;
    const ended = phrasing.now > this.#phrase && step > 0 && step < JUMP ? phrasing.now - 1 : -1;
    this.#playhead[0] = moment[MOMENT.playhead]!;
    this.#phrase = phrasing.now;
    return ended;
  }
}
