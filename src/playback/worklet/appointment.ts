/** What an {@link Appointment} skips of a line. */
export interface Skipped {
  /** Frames that can be left out now. */
  readonly available: number;
  /** Leaves the next frames out. */
  skip(frames: number): void;
}

/** Frames that are left out in one block at most: bounds its work. */
const MOST_SKIPPED = 2_048;

/** How long a line that is late and cannot catch up is kept back for it, seconds: then it plays where it is. */
const PATIENCE_SECONDS = 0.5;

/**
 * The moment at which a line is to begin, for lines that several players hear at once: not before, and what was due before
 * it can begin is left out, to the frame. Allocates nothing after construction.
 */
export class Appointment {
  readonly #line: Skipped;
  readonly #patience: number;
  /** Context frame at which the next frame of the line is due; NaN where it may come when it likes. */
  #due = Number.NaN;
  #waited = 0;

  /** `sampleRate` of the context. */
  constructor(line: Skipped, sampleRate: number) {
    this.#line = line;
    this.#patience = PATIENCE_SECONDS * sampleRate;
  }

  /** The next frame of the line is due at this frame of the context; NaN for none. */
  make(dueFrame: number): void {
    this.#due = dueFrame;
    this.#waited = 0;
  }

  /** Whether the line may begin with the block of `length` frames at `contextFrame`: asked for every block until it has. */
  kept(contextFrame: number, length: number, inputEnded: boolean): boolean {
    if (Number.isNaN(this.#due)) return true;
    const late = contextFrame - this.#due;
    if (late < 0) return false;
    const line = this.#line;
    const skipped = Math.min(late, MOST_SKIPPED, Math.floor(line.available));
    if (skipped > 0) {
      line.skip(skipped);
      this.#due += skipped;
    }
    this.#waited = skipped > length ? 0 : this.#waited + length;
    if (this.#waited > this.#patience) this.#due = Number.NaN;
    if (skipped === late || Number.isNaN(this.#due)) return true;
    return inputEnded && skipped < MOST_SKIPPED; // Nothing is left to wait for.
  }
}
