import { ROW } from '../lipsync/grid.ts';
import { VISEME_COUNT } from '../speech/viseme.ts';
import { createCell, smooth } from './cell.ts';
import { createMoment, MOMENT } from './moment.ts';
import type { Undertones } from './undertones.ts';

/** Time in which the mouth of a line that was cut off gives way, seconds. */
const REMNANT_SECONDS = 0.1;

const cell = createCell();

/** The mouth as a line left it when another took its place: fades, and yields to what the new line does. */
export class Remnant {
  readonly #weights = new Float32Array(ROW);
  /** How much is left of them, as a moment in which so much is spoken. */
  readonly #left = createMoment();
  readonly #since = createCell(Number.NEGATIVE_INFINITY);

  /** A line leaves its mouth as it was at `moment`: so much of the row of its curve as the character spoke then. */
  leave(row: Float32Array, moment: Float64Array): void {
    const gain = moment[MOMENT.speaking]!;
    for (let w = 0; w < ROW; w++) this.#weights[w] = w < row.length ? row[w]! * gain : 0;
    row.fill(0);
    this.#since[0] = moment[MOMENT.time]!;
  }

  /** Adds what is left at a moment to the visemes of the pose; where they hold the mouth, nothing. */
  add(pose: Float32Array, moment: Float64Array): void {
    cell[0] = 1 - (moment[MOMENT.time]! - this.#since[0]!) / REMNANT_SECONDS;
    smooth(cell);
    let taken = 0;
    for (let v = 0; v < VISEME_COUNT; v++) taken += pose[v]!;
    const share = cell[0]! * Math.max(0, 1 - taken);
    this.#left[MOMENT.speaking] = share;
    if (share === 0) return;
    for (let v = 0; v < VISEME_COUNT; v++) pose[v] = pose[v]! + this.#weights[v]! * share;
  }

  /** The same for the undertones, once the pose's mouth is settled. */
  addUndertones(pose: Float32Array, undertones: Undertones): void {
    undertones.add(pose, this.#weights, this.#left);
  }
}
