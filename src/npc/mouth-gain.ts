/** Time in which the mouth comes to rest when its sound stops, milliseconds: that of a relaxed lip closure. */
const RAMP_MS = 120;

/**
 * How far the mouth follows its curve, 0 to 1, as a pure function of time between two events: it lets go when
 * the sound stops or stalls, so that no mouth stays open in silence, and takes hold again when sound returns.
 */
export class MouthGain {
  #from = 0;
  #to = 0;
  #sinceMs = Number.NEGATIVE_INFINITY;

  /** The sound runs: the mouth follows its curve at once when it was at rest, else within the ramp. */
  open(nowMs: number): void {
    this.#turn(1, nowMs);
  }

  /** The sound stopped or stalled: the mouth comes to rest within 120 ms. */
  close(nowMs: number): void {
    this.#turn(0, nowMs);
  }

  /** The gain at a moment not before the last event. */
  at(nowMs: number): number {
    const x = Math.min(Math.max((nowMs - this.#sinceMs) / RAMP_MS, 0), 1);
    return this.#from + (this.#to - this.#from) * x * x * (3 - 2 * x);
  }

  /** Whether the mouth is closed and stays so. */
  restsAt(nowMs: number): boolean {
    return this.#to === 0 && nowMs - this.#sinceMs >= RAMP_MS;
  }

  #turn(to: number, nowMs: number): void {
    if (to === this.#to) return;
    this.#from = this.at(nowMs);
    this.#to = to;
    this.#sinceMs = nowMs;
  }
}
