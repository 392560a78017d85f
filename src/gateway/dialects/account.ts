/** Sockets that an account may hold for each unit, as the service documents it. */
const SOCKETS_PER_UNIT = 5;

/**
 * The account that an emulated service keeps: so many concurrency units, five sockets to each, one active request to
 * each. What is more is refused, not queued.
 */
export class Account {
  readonly units: number;
  #sockets = 0;
  #active = 0;

  constructor(units: number) {
    this.units = units;
  }

  get mostSockets(): number {
    return this.units * SOCKETS_PER_UNIT;
  }

  get full(): boolean {
    return this.#sockets >= this.mostSockets;
  }

  /** Sockets that are open now. */
  get sockets(): number {
    return this.#sockets;
  }

  /** Requests that hold a unit now. */
  get active(): number {
    return this.#active;
  }

  /** Counts a socket in; the function it gives counts it out, once. */
  enter(): () => void {
    this.#sockets++;
    return once(() => this.#sockets--);
  }

  /** Takes a unit, if there is one; the function it gives frees it, once. */
  take(): (() => void) | undefined {
    if (this.#active >= this.units) return undefined;
    this.#active++;
    return once(() => this.#active--);
  }
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
