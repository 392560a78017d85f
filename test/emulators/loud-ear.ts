/** Hears by loudness when somebody speaks, as services do that listen. */

/** Loudness that is taken for speech, and the silence after which it is over, seconds. */
const LOUD = 800;
const PAUSE_SECONDS = 0.5;

export class LoudEar {
  readonly #rate: number;
  /** All samples, those that were loud, and how many were quiet since. */
  samples = 0;
  loud = 0;
  #quiet = 0;

  constructor(rate: number) {
    this.#rate = rate;
  }

  /** Samples, signed 16-bit little-endian. Tells what happened in them. */
  *hear(bytes: Buffer): Generator<'begins' | 'ends'> {
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      this.samples++;
      if (Math.abs(bytes.readInt16LE(at)) < LOUD) {
        this.#quiet++;
        if (this.loud > 0 && this.#quiet === PAUSE_SECONDS * this.#rate) yield 'ends';
        continue;
      }
      this.#quiet = 0;
      if (this.loud++ === 0) yield 'begins';
    }
  }

  /** Begins anew. */
  reset(): void {
    this.samples = 0;
    this.loud = 0;
    this.#quiet = 0;
  }
}
