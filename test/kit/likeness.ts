/** How alike two signals are that should be the same to the ear, and whether one is late. */
import { type ToneVoices, toneVoices } from './tone-voices.ts';

/** Furthest that is looked for a lag, ms. */
const FURTHEST_MS = 10;

/** Seconds that are compared for it, from the beginning. */
const COMPARED = 0.4;

/** Cosine of the angle between two signals over the length of the shorter: 1 for the same, 0 for strangers. */
export function likenessOf(one: ArrayLike<number>, other: ArrayLike<number>, lag = 0): number {
  let product = 0;
  let first = 0;
  let second = 0;
  for (let at = 0; at < Math.min(one.length - lag, other.length); at++) {
    const a = one[at + lag] ?? 0;
    const b = other[at]!;
    product += a * b;
    first += a * a;
    second += b * b;
  }
  return product / Math.sqrt(first * second || 1);
}

/** How much later `one` is than `other`, ms: where they are most alike. Negative where it is earlier. */
export function lagOf(one: ArrayLike<number>, other: ArrayLike<number>, sampleRate: number): number {
  const start = Array.prototype.slice.call(other, 0, COMPARED * sampleRate);
  const furthest = Math.round((FURTHEST_MS / 1_000) * sampleRate);
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let lag = -furthest; lag <= furthest; lag++) {
    const likeness = likenessOf(one, start, lag);
    if (likeness <= most) continue;
    best = lag;
    most = likeness;
  }
  return (best / sampleRate) * 1_000;
}

/** Tones of this and that, Hz: no two of them in step, so that the whole is never twice the same within a line. */
const PITCHES = Array.from({ length: 24 }, (_, nth) => 150 + 130.7 * nth + 11.3 * Math.sin(7 * nth));

/** A sound whose every moment is like no other, within 3.3 kHz; for `toneVoices`. */
export function chordAt(index: number, sampleRate: number): number {
  const seconds = index / sampleRate;
  let sum = 0;
  for (const [nth, pitch] of PITCHES.entries()) sum += Math.sin(2 * Math.PI * pitch * seconds + nth * nth);
  return Math.round(sum * 2_000);
}

/** A source of such sound. */
export function chordVoices(sampleRate: number): ToneVoices {
  return toneVoices({ sampleRate, sampleAt: (at) => chordAt(at, sampleRate) });
}
