import { READING } from '../clock/gap-map.ts';
import { createCell, smooth } from './cell.ts';
import { MOMENT } from './moment.ts';

/** Time in which the mouth relaxes when its sound stops, seconds: that of a relaxed lip closure. A short stall hardly moves it. */
export const RELAX_SECONDS = 0.15;

/** Time in which it takes hold again when sound is back, seconds. */
const RETURN_SECONDS = 0.06;

const cell = createCell();

/**
 * How far the mouth follows its curve, 0 to 1, by what is heard (in the fields of `READING`): all of it in sound, and
 * relaxing from its last shape where sound has stopped or stalled, so that no mouth stays open in silence. The first
 * sound of a line finds the curve at rest and is followed at once; after a seek the mouth comes from rest. Written to
 * `moment`, as how much the character speaks.
 */
export function readMouthGain(reading: Float64Array, moment: Float64Array): void {
  const silence = reading[READING.silence]!;
  const before = reading[READING.silenceBefore]!;
  // Falls from 1 to 0 without a corner, slowly at first.
  const x = Math.min((silence > 0 ? silence : before) / RELAX_SECONDS, 1);
  const relaxed = 1 - x * x * x * (10 - x * (15 - 6 * x));
  cell[0] = reading[READING.sound]! / RETURN_SECONDS;
  smooth(cell);
  const first = before === Number.POSITIVE_INFINITY && reading[READING.take] === 0;
  moment[MOMENT.speaking] = silence > 0 ? relaxed : first ? 1 : relaxed + (1 - relaxed) * cell[0]!;
}
