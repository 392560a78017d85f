/** Breaches of the protocol that are told and no more, within the time, ms. */
const MOST = 10;
const WITHIN_MS = 60_000;

/** Counts how often a client breaks the protocol. */
export class Misbehaviour {
  #times: number[] = [];

  /** Once more, at a time in ms. Tells whether that was once too often: the tenth time in a minute. */
  note(nowMs: number): boolean {
    this.#times = this.#times.filter((time) => nowMs - time < WITHIN_MS);
    this.#times.push(nowMs);
    return this.#times.length >= MOST;
  }
}
