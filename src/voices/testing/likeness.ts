import type { Cue } from '../../speech/cue.ts';
import type { Viseme } from '../../speech/viseme.ts';

/** Seconds of one step of a curve. */
export const STEP = 0.01;

/** How far a viseme opens the mouth. */
const OPEN: Partial<Record<Viseme, number>> = {
  aa: 1,
  E: 0.6,
  O: 0.6,
  I: 0.3,
  U: 0.3,
  RR: 0.2,
  nn: 0.1,
  DD: 0.1,
  kk: 0.1,
};

/** How far the mouth is open at each step of a line. */
export function openingOf(cues: readonly Cue[], seconds: number): Float64Array {
  const curve = new Float64Array(Math.ceil(seconds / STEP));
  for (const { viseme, start, end, weight } of cues) {
    const last = Math.min(curve.length, Math.round(end / STEP));
    for (let at = Math.max(0, Math.round(start / STEP)); at < last; at++)
      curve[at] = weight * (OPEN[viseme] ?? 0);
  }
  return curve;
}

/** How loud each step of a line is, on a scale of its own. */
export function loudnessOf(samples: Int16Array, sampleRate: number): Float64Array {
  const length = Math.round(STEP * sampleRate);
  return Float64Array.from({ length: Math.ceil(samples.length / length) }, (_, step) => {
    const run = samples.subarray(step * length, (step + 1) * length);
    return Math.sqrt(run.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, run.length));
  });
}

/** By how many seconds `later` lags behind `curve` where both are most alike, and how alike they are then (r). */
export function lagOf(
  curve: Float64Array,
  later: Float64Array,
  longest = 0.6,
): { seconds: number; r: number } {
  let best = { seconds: 0, r: Number.NEGATIVE_INFINITY };
  const reach = Math.round(longest / STEP);
  for (let shift = -reach; shift <= reach; shift++) {
    const r = correlation(curve, later, shift);
    if (r > best.r) best = { seconds: shift * STEP, r };
  }
  return best;
}

/** Pearson's r of two curves, the second moved back by `shift` steps; outside themselves they are 0. */
function correlation(a: Float64Array, b: Float64Array, shift: number): number {
  const length = Math.max(a.length, b.length);
  let [sumA, sumB, squareA, squareB, both] = [0, 0, 0, 0, 0];
  for (let at = 0; at < length; at++) {
    const x = a[at] ?? 0;
    const y = b[at + shift] ?? 0;
    sumA += x;
    sumB += y;
    squareA += x * x;
    squareB += y * y;
    both += x * y;
  }
  const spread = (length * squareA - sumA * sumA) * (length * squareB - sumB * sumB);
  return spread > 0 ? (length * both - sumA * sumB) / Math.sqrt(spread) : 0;
}
