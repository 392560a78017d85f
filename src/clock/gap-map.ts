/** A stretch of a line that was rendered without interruption. Positions are whole frames at the context's rate. */
export interface Run {
  /** Frame of the audio context at which the stretch begins. */
  readonly contextFrame: number;
  /** Frame of the line at which it begins. */
  readonly lineFrame: number;
  readonly frames: number;
  /** Whether rendering goes on after it; false at a stall and at the end. */
  readonly open: boolean;
}

/**
 * How far beyond the last receipt an open run is taken to go on, seconds. Receipts come 20 times a second;
 * four missing ones mean that the audio thread is in trouble, and the playhead waits.
 */
const TRUST_SECONDS = 0.2;

/**
 * Longest time for which a browser's frame number is taken to have stood still while audio was rendered, seconds.
 * Chromium's does so for a block or a few when a node is made or the graph changes, and then jumps by what it missed.
 */
export const STANDSTILL_SECONDS = 0.1;

/** Pieces for which room is made at first: one for each uninterrupted run. */
const FIRST_PIECES = 16;

/**
 * The map between audio-context time and line time, built from what the worklet says it rendered: one straight
 * piece for each uninterrupted run, so that stalls are exact. Look-up allocates nothing.
 */
export class GapMap {
  readonly #sampleRate: number;
  #context = new Float64Array(FIRST_PIECES);
  #line = new Float64Array(FIRST_PIECES);
  #frames = new Float64Array(FIRST_PIECES);
  #count = 0;
  #open = false;
  #hint = 0;

  /** `sampleRate` is the context's, Hz. */
  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** Context time of the line's first sample, seconds; undefined before it is rendered. */
  get start(): number | undefined {
    return this.#count > 0 ? this.#context[0]! / this.#sampleRate : undefined;
  }

  /** Seconds of the line that were rendered. */
  get rendered(): number {
    if (this.#count === 0) return 0;
    return (this.#line[this.#count - 1]! + this.#frames[this.#count - 1]!) / this.#sampleRate;
  }

  /** Number of uninterrupted runs. */
  get pieces(): number {
    return this.#count;
  }

  /**
   * Takes in what was rendered. Runs come in order; one that goes on where the last ended lengthens its piece. A frame
   * number that turns out to have stood still moves the whole piece to where it was.
   */
  handleRun(run: Run): void {
    const wasOpen = this.#open;
    this.#open = run.open;
    if (run.frames === 0) return;
    const last = this.#count - 1;
    if (last >= 0 && this.#line[last]! + this.#frames[last]! === run.lineFrame) {
      const late = run.contextFrame - this.#context[last]! - this.#frames[last]!;
      if (late === 0 || (wasOpen && late > 0 && late <= STANDSTILL_SECONDS * this.#sampleRate)) {
        this.#context[last]! += late;
        this.#frames[last]! += run.frames;
        return;
      }
    }
    if (this.#count === this.#context.length) this.#grow();
    this.#context[this.#count] = run.contextFrame;
    this.#line[this.#count] = run.lineFrame;
    this.#frames[this.#count] = run.frames;
    this.#count++;
  }

  /**
   * Line time at a context time, both in seconds. 0 before the first sample; holds during a gap and after the end;
   * goes on for up to 0.2 s beyond the last receipt of an open run.
   */
  lineTimeAt(contextTime: number): number {
    if (this.#count === 0) return 0;
    const frame = contextTime * this.#sampleRate;
    let piece = this.#hint;
    while (piece > 0 && this.#context[piece]! > frame) piece--;
    while (piece + 1 < this.#count && this.#context[piece + 1]! <= frame) piece++;
    this.#hint = piece;
    const into = frame - this.#context[piece]!;
    if (into <= 0) return this.#line[piece]! / this.#sampleRate;
    const trusted = this.#open && piece === this.#count - 1 ? TRUST_SECONDS * this.#sampleRate : 0;
    return (this.#line[piece]! + Math.min(into, this.#frames[piece]! + trusted)) / this.#sampleRate;
  }

  #grow(): void {
    this.#context = doubled(this.#context);
    this.#line = doubled(this.#line);
    this.#frames = doubled(this.#frames);
  }
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
