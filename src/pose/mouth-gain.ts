import { READING } from '../clock/gap-map.ts';
import { smoothStep } from '../lipsync/smooth.ts';

/** Time in which the mouth relaxes when its sound stops, seconds: that of a relaxed lip closure. A short stall hardly moves it. */
export const RELAX_SECONDS = 0.15;

/** Time in which it takes hold again when sound is back, seconds. */
const RETURN_SECONDS = 0.06;

/**
 * How far the mouth follows its curve, 0 to 1, by what is heard (in the fields of `READING`): all of it in sound, and
 * relaxing from its last shape where sound has stopped or stalled, so that no mouth stays open in silence. The first
 * sound of a line finds the curve at rest and is followed at once; after a seek the mouth comes from rest.
 */
export function mouthGain(reading: Float64Array): number {
  const silence = reading[READING.silence]!;
  if (silence > 0) return relaxed(silence);
  const before = reading[READING.silenceBefore]!;
  if (before === Number.POSITIVE_INFINITY && reading[READING.take] === 0) return 1;
  const held = relaxed(before);
  return held + (1 - held) * smoothStep(reading[READING.sound]! / RETURN_SECONDS);
}

/** Falls from 1 to 0 without a corner, slowly at first. */
function relaxed(seconds: number): number {
  const x = Math.min(seconds / RELAX_SECONDS, 1);
  return 1 - x * x * x * (10 - x * (15 - 6 * x));
}
