import fc from 'fast-check';
import { CONTACT_STRENGTH, OPEN_MM } from '../../../src/lipsync/gesture.ts';
import { ROW } from '../../../src/lipsync/grid.ts';
import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import type { Cue } from '../../../src/speech/cue.ts';
import { VISEME_COUNT, VISEME_INDEX, VISEMES, type Viseme } from '../../../src/speech/viseme.ts';

export const RUNS = process.env.PARLEY_LONG ? 3_000 : 150;
export const MS = 0.001;

/** A line from shapes and their lengths in milliseconds. */
export function line(...phones: [Viseme, number, number?][]): Cue[] {
  let time = 0;
  return phones.map(([viseme, ms, weight = 1]) => {
    const start = time;
    time += ms * MS;
    return { viseme, start, end: time, weight };
  });
}

export const durationOf = (cues: readonly Cue[]): number => cues.at(-1)?.end ?? 0;

export function curveOf(cues: readonly Cue[]): PoseCurve {
  const curve = new PoseCurve();
  curve.addCues(cues);
  curve.end(durationOf(cues));
  return curve;
}

export function at(curve: PoseCurve, time: number): Float32Array {
  const out = new Float32Array(VISEME_COUNT).fill(Number.NaN);
  curve.sample(time, out);
  return out;
}

/** Visemes and undertones. */
export function wholeAt(curve: PoseCurve, time: number): Float32Array {
  const out = new Float32Array(ROW).fill(Number.NaN);
  curve.sample(time, out);
  return out;
}

/** The fastest change of any weight from `from` on, a millisecond. */
export function fastestOf(curve: PoseCurve, from: number, cues: readonly Cue[]): number {
  let [last, fastest] = [wholeAt(curve, from), 0];
  for (let t = from; t < durationOf(cues) + 0.1; t += MS) {
    const next = wholeAt(curve, t);
    for (let w = 0; w < ROW; w++) fastest = Math.max(fastest, Math.abs(next[w]! - last[w]!));
    last = next;
  }
  return fastest;
}

export const millimetres = (weights: Float32Array, each: Float64Array): number =>
  each.reduce((sum, mm, v) => sum + mm * weights[v]!, 0);
export const openAt = (curve: PoseCurve, time: number): number => millimetres(at(curve, time), OPEN_MM);

/** A hum of changing loudness, 16 kHz; the same for the same seed. */
export function hum(seconds: number, seed = 1): Int16Array<ArrayBuffer> {
  return Int16Array.from({ length: Math.round(seconds * 16_000) }, (_, i) => {
    const loud = 0.5 + 0.5 * Math.sin((i / 16_000) * 2 * Math.PI * 3.1 + seed);
    return 9_000 * loud * Math.sin((i / 16_000) * 2 * Math.PI * 140);
  });
}

export const sumOf = (weights: Float32Array): number => weights.reduce((sum, w) => sum + w, 0);
export const weightOf = (weights: Float32Array, viseme: Viseme): number => weights[VISEME_INDEX[viseme]]!;

/** Longest time that `viseme` is held in full with everything else at rest, between two moments. */
export function heldFor(curve: PoseCurve, viseme: Viseme, from: number, to: number): number {
  const step = 0.25 * MS;
  let held = 0;
  let longest = 0;
  for (let t = from; t <= to; t += step) {
    const weights = at(curve, t);
    const full = weightOf(weights, viseme) > CONTACT_STRENGTH - 1e-5;
    held = full && sumOf(weights) - weightOf(weights, viseme) < 1e-5 ? held + step : 0;
    longest = Math.max(longest, held);
  }
  return longest + 2 * step;
}

export const phone = fc.tuple(
  fc.constantFrom(...VISEMES),
  fc.integer({ min: 1, max: 220 }),
  fc.constantFrom(1, 0.5),
);
export const speech = fc.array(phone, { minLength: 1, maxLength: 30 }).map((phones) => line(...phones));
export const moment = fc.double({ min: -0.5, max: 7, noNaN: true });
