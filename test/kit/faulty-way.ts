/** One way of a TCP connection, from one socket to another, with what is wrong with it. */
import type { Socket } from 'node:net';

/** What is wrong with one way; nothing by default. */
export interface WayFaults {
  /** Every byte is so late, ms. */
  readonly latencyMs?: number;
  /** And later by 0 up to so much, by chance, ms; the order stays, as TCP's does. */
  readonly jitterMs?: number;
  /** So many bytes in a second and no more. */
  readonly bytesPerSecond?: number;
  /** In pieces of at most so many bytes, and so much time between two, ms (default 0). */
  readonly slice?: { readonly bytes: number; readonly gapMs?: number };
  /** Nothing passes, and the connection stays. */
  readonly stall?: boolean;
  /**
   * After so many bytes from now on, or from the beginning of a connection: both sides get a reset, or an orderly end; or
   * one way ends (`half-close`) or stalls and the other goes on.
   */
  readonly after?: {
    readonly bytes: number;
    readonly how: 'reset' | 'close' | 'half-close' | 'stall';
  };
}

/** Bytes held back above which the sender is made to wait, and below which it goes on. */
const HIGH_WATER = 256 * 1024;
const LOW_WATER = 64 * 1024;

/** Pieces in a second of a way with a bandwidth, and how much of a late timer is made up for, ms. */
const PIECES_PER_SECOND = 100;
const CATCH_UP_MS = 50;

/** Time for what has passed to be read: a reset that overtakes bytes is an orderly end to some systems. */
const BREAK_MS = 5;

export class FaultyWay {
  /** Bytes that have passed. */
  passed = 0;
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #random: () => number;
  readonly #onBreak: (how: 'reset' | 'close') => void;
  #faults: WayFaults;
  /** What came, and when it may pass, ms. */
  #queue: { bytes: Buffer; readonly dueMs: number }[] = [];
  #held = 0;
  #lastMs = 0;
  #freeMs = 0;
  /** Bytes until `after`. */
  #rest = Number.POSITIVE_INFINITY;
  #stalled = false;
  #deaf = false;
  #ended = false;
  #over = false;
  #full = false;
  #wake = () => {};

  /** `onBreak`: the whole connection is to break. */
  constructor(
    from: Socket,
    to: Socket,
    faults: WayFaults,
    random: () => number,
    onBreak: (how: 'reset' | 'close') => void,
  ) {
    this.#from = from;
    this.#to = to;
    this.#random = random;
    this.#onBreak = onBreak;
    this.#faults = faults;
    this.behave(faults);
    from.on('data', (bytes: Buffer) => this.#take(bytes));
    from.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    to.on('drain', () => {
      this.#full = false;
      this.#wake();
    });
    to.on('close', () => {
      this.#over = true;
      this.#wake();
    });
    void this.#run();
  }

  /** From here on. What was held back goes on, unless it is held back again. */
  behave(faults: WayFaults): void {
    this.#faults = faults;
    this.#rest = faults.after?.bytes ?? Number.POSITIVE_INFINITY;
    this.#stalled = false;
    this.#freeMs = 0;
    this.#wake();
  }

  #take(bytes: Buffer): void {
    if (this.#deaf) return;
    const { latencyMs = 0, jitterMs = 0 } = this.#faults;
    this.#lastMs = Math.max(this.#lastMs, performance.now() + latencyMs + jitterMs * this.#random());
    this.#queue.push({ bytes, dueMs: this.#lastMs });
    this.#held += bytes.length;
    if (this.#held > HIGH_WATER) this.#from.pause();
    this.#wake();
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    while (!this.#over) {
      const waitMs = this.#step();
      if (waitMs > 0) await this.#wait(waitMs);
    }
  }

  /** Does what is to be done now. Gives how long there is nothing to be done then, ms. */
  #step(): number {
    const { stall = false, after } = this.#faults;
    if (stall || this.#stalled || this.#full) return Number.POSITIVE_INFINITY;
    if (this.#rest === 0) {
      this.#breakAs(after!.how);
      return 0;
    }
    const head = this.#queue[0];
    if (!head) {
      if (!this.#ended) return Number.POSITIVE_INFINITY;
      this.#to.end();
      this.#over = true;
      return 0;
    }
    const waitMs = Math.max(head.dueMs, this.#freeMs) - performance.now();
    if (waitMs > 0) return waitMs;
    this.#pass(head);
    return 0;
  }

  #pass(head: { bytes: Buffer }): void {
    const { bytesPerSecond, slice } = this.#faults;
    const share =
      bytesPerSecond === undefined ? Number.POSITIVE_INFINITY : bytesPerSecond / PIECES_PER_SECOND;
    const most = Math.min(
      this.#rest,
      slice?.bytes ?? Number.POSITIVE_INFINITY,
      Math.max(1, Math.ceil(share)),
    );
    const piece = head.bytes.subarray(0, most);
    head.bytes = head.bytes.subarray(piece.length);
    if (head.bytes.length === 0) this.#queue.shift();
    const gapMs = Math.max(slice?.gapMs ?? 0, bytesPerSecond ? (1_000 * piece.length) / bytesPerSecond : 0);
    if (gapMs > 0)
      this.#freeMs = Math.max(this.#freeMs, performance.now() - CATCH_UP_MS * (slice ? 0 : 1)) + gapMs;
    this.#held -= piece.length;
    this.#rest -= piece.length;
    this.passed += piece.length;
    if (this.#from.isPaused() && this.#held < LOW_WATER) this.#from.resume();
    this.#full = !this.#to.write(piece);
  }

  #breakAs(how: 'reset' | 'close' | 'half-close' | 'stall'): void {
    this.#rest = Number.POSITIVE_INFINITY;
    if (how === 'stall') this.#stalled = true;
    else if (how === 'half-close') {
      this.#deaf = true; // The sender goes on and is not told.
      this.#queue = [];
      this.#from.resume();
      this.#to.end();
      this.#over = true;
    } else {
      this.#over = true;
      setTimeout(() => this.#onBreak(how), BREAK_MS);
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(ms) ? setTimeout(() => this.#wake(), ms) : undefined;
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = () => {};
        resolve();
      };
    });
  }
}
