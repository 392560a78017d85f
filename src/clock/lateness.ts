/** Smallest and largest target, milliseconds: a few blocks of the audio thread and a hiccup; what a talk bears. */
export const SHORTEST_TARGET_MS = 40;
export const LONGEST_TARGET_MS = 400;

/** Part of the chunks that shall not be late: the quantile and the forgetting of WebRTC's NetEQ. */
const QUANTILE = 0.95;
const FORGET = 0.983;

/** Chunks are late against the fastest one of this time, milliseconds. The same window as NetEQ's. */
const WINDOW_MS = 2_000;

/** Width of a bin of the histogram, milliseconds, and their number: up to the longest target. */
const BIN_MS = 10;
const BINS = LONGEST_TARGET_MS / BIN_MS;

/** Time after which half of what a stall added to the target is given back, seconds of sound. */
const STALL_HALF_LIFE = 60;

/** Chunks that the window remembers; with more in two seconds the oldest fall out. */
const REMEMBERED = 256;

/**
 * How late the chunks of a stream come, and from that how much sound to hold back so that they are not heard to be
 * late. Remembers from line to line. A chunk is late by the time from when the fastest stream of late would have been
 * played out, to its arrival: its own length counts, since nothing of it is there before.
 */
export class LatenessEstimate {
  readonly #bins = new Float64Array(BINS);
  readonly #arrivals = new Float64Array(REMEMBERED);
  readonly #leads = new Float64Array(REMEMBERED);
  #chunks = 0;
  #oldest = 0;
  #newest = 0;
  #stallMs = 0;

  /** Sound to hold back, milliseconds: {@link SHORTEST_TARGET_MS} to {@link LONGEST_TARGET_MS}. */
  get targetMs(): number {
    const target = Math.max(this.#quantileMs(), this.#stallMs);
    return Math.min(Math.max(target, SHORTEST_TARGET_MS), LONGEST_TARGET_MS);
  }

  /** A new line begins: its line times start at 0 and have nothing to do with those before. */
  beginLine(): void {
    this.#oldest = this.#newest = 0;
  }

  /** Takes in a chunk that arrived at `arrivalMs` and holds line time from `start` to `end`, seconds. */
  handleChunk(arrivalMs: number, start: number, end: number): void {
    const late = arrivalMs - start * 1000 - this.#fastest(arrivalMs, end);
    const bin = Math.min(Math.floor(Math.max(late, 0) / BIN_MS), BINS - 1);
    // The first chunks count alike; from then on old ones fade.
    const forget = Math.min(FORGET, this.#chunks / (this.#chunks + 1));
    for (let index = 0; index < BINS; index++) this.#bins[index]! *= forget;
    this.#bins[bin]! += 1 - forget;
    this.#chunks++;
    this.#stallMs *= 0.5 ** ((end - start) / STALL_HALF_LIFE);
  }

  /** A stall of `ms` was heard although so much was held back: next time that much more shall be there. */
  handleStall(ms: number): void {
    this.#stallMs = Math.min(this.targetMs + ms, LONGEST_TARGET_MS);
  }

  /** The least time by which sound came before its place in the line, within the window; this chunk's end included. */
  #fastest(arrivalMs: number, end: number): number {
    this.#arrivals[this.#newest % REMEMBERED] = arrivalMs;
    this.#leads[this.#newest % REMEMBERED] = arrivalMs - end * 1000;
    this.#newest++;
    this.#oldest = Math.max(this.#oldest, this.#newest - REMEMBERED);
    while (this.#arrivals[this.#oldest % REMEMBERED]! < arrivalMs - WINDOW_MS) this.#oldest++;
    let fastest = Number.POSITIVE_INFINITY;
    for (let index = this.#oldest; index < this.#newest; index++) {
      fastest = Math.min(fastest, this.#leads[index % REMEMBERED]!);
    }
    return fastest;
  }

  #quantileMs(): number {
    let sum = 0;
    for (let bin = 0; bin < BINS; bin++) {
      sum += this.#bins[bin]!;
      if (sum >= QUANTILE) return (bin + 1) * BIN_MS;
    }
    return this.#chunks === 0 ? 0 : LONGEST_TARGET_MS;
  }
}
