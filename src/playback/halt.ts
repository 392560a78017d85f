import { READING } from '../clock/gap-map.ts';

/**
 * The time in which an audio context does not run: the map knows nothing of it, since context time stands still, but
 * for whoever looks it is silence.
 */
export class Halt {
  #sinceMs = Number.NaN;
  #untilMs = Number.NEGATIVE_INFINITY;
  #seconds = 0;

  /** Called with every look-up: tells whether the context runs, and corrects what the map says. */
  apply(running: boolean, nowMs: number, out: Float64Array): void {
    if (!running) {
      if (Number.isNaN(this.#sinceMs)) this.#sinceMs = nowMs;
      out[READING.silence] = out[READING.silence]! + (nowMs - this.#sinceMs) / 1000;
      out[READING.sound] = 0;
      return;
    }
    if (!Number.isNaN(this.#sinceMs)) {
      this.#seconds = (nowMs - this.#sinceMs) / 1000;
      this.#untilMs = nowMs;
      this.#sinceMs = Number.NaN;
    }
    const since = (nowMs - this.#untilMs) / 1000;
    if (since >= out[READING.sound]!) return;
    out[READING.sound] = since;
    out[READING.silenceBefore] = this.#seconds;
  }
}
