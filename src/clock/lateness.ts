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
 * How late the chunks of a page's streams come, and from that how much sound to hold back so that they are not heard to
 * be late. Remembers from line to line.
 */
export class LatenessEstimate {
  readonly #bins = new Float64Array(BINS);
  #chunks = 0;
  #stallMs = 0;

  /** Sound to hold back, milliseconds: {@link SHORTEST_TARGET_MS} to {@link LONGEST_TARGET_MS}. */
  get targetMs(): number {
    const target = Math.max(this.#quantileMs(), this.#stallMs);
    return Math.min(Math.max(target, SHORTEST_TARGET_MS), LONGEST_TARGET_MS);
  }

  /** Whether it knows of any chunk. */
  get experienced(): boolean {
    return this.#chunks > 0;
  }

  /** A new line: its times begin at 0 and have nothing to do with those of others, which may stream meanwhile. */
  beginLine(): LineLateness {
    return new LineLateness(this);
  }

  /** A stall of `ms` was heard although so much was held back: next time that much more shall be there. */
  handleStall(ms: number): void {
    this.#stallMs = Math.min(this.targetMs + ms, LONGEST_TARGET_MS);
  }

  /** A chunk of `seconds` came `lateMs` after what was there before it would have been played. */
  handleLateness(lateMs: number, seconds: number): void {
    const bin = Math.min(Math.floor(Math.max(lateMs, 0) / BIN_MS), BINS - 1);
    // The first chunks count alike; from then on old ones fade.
    const forget = Math.min(FORGET, this.#chunks / (this.#chunks + 1));
    for (let index = 0; index < BINS; index++) this.#bins[index]! *= forget;
    this.#bins[bin]! += 1 - forget;
    this.#chunks++;
    this.#stallMs *= 0.5 ** (seconds / STALL_HALF_LIFE);
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

/**
 * The chunks of one line. One is late by the time from when all that came before it would have been played, had the
 * fastest part of the stream been played at once, to its arrival: on a stream that keeps pace its own length counts,
 * on one that runs ahead it does not.
 */
export class LineLateness {
  readonly #estimate: LatenessEstimate;
  readonly #arrivals = new Float64Array(REMEMBERED);
  readonly #leads = new Float64Array(REMEMBERED);
  #oldest = 0;
  #newest = 0;

  /** Made by {@link LatenessEstimate.beginLine}. */
  constructor(estimate: LatenessEstimate) {
    this.#estimate = estimate;
  }

  /** Takes in a chunk that arrived at `arrivalMs` and holds line time from `start` to `end`, seconds. */
  handleChunk(arrivalMs: number, start: number, end: number): void {
    const fastest = this.#fastest(arrivalMs);
    if (fastest < Number.POSITIVE_INFINITY) {
      this.#estimate.handleLateness(arrivalMs - start * 1000 - fastest, end - start);
    } else if (!this.#estimate.experienced) {
      // Of the first chunk of all only its length is known: a stream that keeps pace needs that much.
      this.#estimate.handleLateness((end - start) * 1000, end - start);
    }
    this.#arrivals[this.#newest % REMEMBERED] = arrivalMs;
    this.#leads[this.#newest % REMEMBERED] = arrivalMs - end * 1000;
    this.#newest++;
    this.#oldest = Math.max(this.#oldest, this.#newest - REMEMBERED);
  }

  /** The least time by which sound came before its place in the line, within the window; the newest chunk always counts. */
  #fastest(nowMs: number): number {
    const last = this.#newest - 1;
    while (this.#oldest < last && this.#arrivals[this.#oldest % REMEMBERED]! < nowMs - WINDOW_MS)
      this.#oldest++;
    let fastest = Number.POSITIVE_INFINITY;
    for (let index = this.#oldest; index <= last; index++) {
      fastest = Math.min(fastest, this.#leads[index % REMEMBERED]!);
    }
    return fastest;
  }
}

/** What is known already: clauses that are held back on purpose, or are not yet written, say nothing of the network. */
export function unlearned(lateness: LatenessEstimate): Pick<LatenessEstimate, 'targetMs' | 'handleStall'> {
  return {
    get targetMs() {
      return lateness.targetMs;
    },
    handleStall() {},
  };
}
