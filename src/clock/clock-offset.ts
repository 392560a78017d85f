/** Readings of which the best counts: an offset may drift, so that old ones are forgotten. */
const READINGS = 16;

interface Reading {
  readonly offsetMs: number;
  readonly wayMs: number;
}

/**
 * How far another machine's clock is ahead of our own, from questions and answers: of the last 16 the one with the
 * shortest way there and back counts, since what is added to a way is waiting, which falls on one side of it.
 */
export class ClockOffset {
  readonly #readings: Reading[] = [];

  /** A question left at `sentMs` and its answer came at `receivedMs` of our clock; the other's said `theirMs` between. */
  add(sentMs: number, theirMs: number, receivedMs: number): void {
    const wayMs = receivedMs - sentMs;
    if (!(wayMs >= 0)) return;
    this.#readings.push({ offsetMs: theirMs - (sentMs + receivedMs) / 2, wayMs });
    if (this.#readings.length > READINGS) this.#readings.shift();
  }

  /** Milliseconds that the other's clock is ahead; undefined before the first reading. */
  get offsetMs(): number | undefined {
    return this.#best()?.offsetMs;
  }

  /** How far that can be wrong, milliseconds; undefined before the first reading. */
  get errorMs(): number | undefined {
    const best = this.#best();
    return best && best.wayMs / 2;
  }

  /** Forgets all: another machine may answer. */
  reset(): void {
    this.#readings.length = 0;
  }

  #best(): Reading | undefined {
    return this.#readings.reduce<Reading | undefined>(
      (best, reading) => (best && best.wayMs <= reading.wayMs ? best : reading),
      undefined,
    );
  }
}
