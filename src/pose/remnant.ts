import { ROW } from '../lipsync/grid.ts';
import { smoothStep } from '../lipsync/smooth.ts';
import { VISEME_COUNT } from '../speech/viseme.ts';
import type { Undertones } from './undertones.ts';

/** Time in which the mouth of a line that was cut off gives way, seconds. */
const REMNANT_SECONDS = 0.1;

/** The mouth as a line left it when another took its place: fades, and yields to what the new line does. */
export class Remnant {
  readonly #weights = new Float32Array(ROW);
  /** What is left of them at the last moment, 0 to 1. */
  readonly #share = new Float64Array(1);
  #since = Number.NEGATIVE_INFINITY;

  /** A line leaves its mouth at `time` (seconds) as `gain` times the row of its curve. */
  leave(row: Float32Array, gain: number, time: number): void {
    for (let w = 0; w < ROW; w++) this.#weights[w] = w < row.length ? row[w]! * gain : 0;
    row.fill(0);
    this.#since = time;
  }

  /** Adds what is left at `time` to the visemes of the pose; where they hold the mouth, nothing. */
  add(pose: Float32Array, time: number): void {
    const left = 1 - smoothStep((time - this.#since) / REMNANT_SECONDS);
    this.#share[0] = 0;
    if (left <= 0) return;
    let taken = 0;
    for (let v = 0; v < VISEME_COUNT; v++) taken += pose[v]!;
    const share = left * Math.max(0, 1 - taken);
    this.#share[0] = share;
    for (let v = 0; v < VISEME_COUNT; v++) pose[v] = pose[v]! + this.#weights[v]! * share;
  }

  /** The same for the undertones, once the pose's mouth is settled. */
  addUndertones(pose: Float32Array, undertones: Undertones): void {
    undertones.add(pose, this.#weights, this.#share[0]!);
  }
}
