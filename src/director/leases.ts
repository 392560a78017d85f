/** A line that is to be asked of the service. */
export interface Errand {
  /** What tells it from others. */
  readonly key: object;
  /** How much it matters: among those that wait the higher goes first. */
  readonly priority: number;
  /** Whether it is asked for ahead of its turn. */
  readonly ahead: boolean;
}

/** One that waits. */
interface Waiting {
  readonly errand: Errand;
  ahead: boolean;
  readonly settle: (has: boolean) => void;
}

/**
 * How many lines may be asked of the service at once. Those whose turn has come go before those that are asked for
 * ahead, then the higher priority, then who came first. Where there are several, one is kept for a line whose turn comes.
 */
export class Leases {
  readonly #most: number;
  /** In the order in which they came. */
  readonly #waiting: Waiting[] = [];
  /** Those whose turn has come. */
  readonly #lifted = new WeakSet<object>();
  #taken = 0;

  /** `most`: lines at once, from 1. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Lines that are being asked of the service, and those that wait until they may be. */
  get taken(): number {
    return this.#taken;
  }
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Resolves with true when the line may be asked for; from then on it holds a lease, which {@link giveBack} ends.
   * Resolves with false, and holds none, where `signal` aborts before.
   */
  take(errand: Errand, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        resolve(false);
      };
      const settle = (has: boolean) => {
        signal.removeEventListener('abort', giveUp);
        resolve(has);
      };
      const ahead = errand.ahead && !this.#lifted.has(errand.key);
      const waiting: Waiting = { errand, ahead, settle };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiting);
      this.#give();
    });
  }

  /** A line has its turn: it is no longer asked for ahead, whether it waits already or will. */
  lift(key: object): void {
    this.#lifted.add(key);
    for (const waiting of this.#waiting) if (waiting.errand.key === key) waiting.ahead = false;
    this.#give();
  }

  /** A lease is free again. */
  giveBack(): void {
    this.#taken--;
    this.#give();
  }

  #give(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#taken++;
      next.settle(true);
    }
  }

  #next(): Waiting | undefined {
    const free = this.#most - this.#taken;
    if (free <= 0) return undefined;
    let best: Waiting | undefined;
    for (const waiting of this.#waiting) {
      if (waiting.ahead && free === 1 && this.#most > 1) continue;
      if (!best || goesBefore(waiting, best)) best = waiting;
    }
    return best;
  }
}

function goesBefore(one: Waiting, other: Waiting): boolean {
  if (one.ahead !== other.ahead) return other.ahead;
  return one.errand.priority > other.errand.priority;
}
