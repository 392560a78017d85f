import { smoothStep } from '../lipsync/smooth.ts';
import { VISEME_COUNT } from '../speech/viseme.ts';

/** Time in which the mouth of a line that was cut off gives way, seconds. */
const REMNANT_SECONDS = 0.1;

/** The mouth as a line left it when another took its place: fades, and yields to what the new line does. */
export class Remnant {
  readonly #weights = new Float32Array(VISEME_COUNT);
  #since = Number.NEGATIVE_INFINITY;

  /** A line leaves its mouth at `time` (seconds) as `gain` times `visemes`. */
  leave(visemes: Float32Array, gain: number, time: number): void {
    for (let v = 0; v < VISEME_COUNT; v++) this.#weights[v] = visemes[v]! * gain;
    visemes.fill(0);
    this.#since = time;
  }

  /** Adds what is left at `time` to the visemes of the pose; where they hold the mouth, nothing. */
  add(pose: Float32Array, time: number): void {
    const left = 1 - smoothStep((time - this.#since) / REMNANT_SECONDS);
    if (left <= 0) return;
    let taken = 0;
    for (let v = 0; v < VISEME_COUNT; v++) taken += pose[v]!;
    const share = left * Math.max(0, 1 - taken);
    for (let v = 0; v < VISEME_COUNT; v++) pose[v] = pose[v]! + this.#weights[v]! * share;
  }
}
