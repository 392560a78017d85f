import type { Spoken } from './spoken.ts';

/** Range of levels from a closed to an open mouth, dB. */
const RANGE = 35;
/** Half the window of a level, seconds: together about two periods of the lowest voice. */
const WINDOW = 0.02;

/**
 * How far a mouth would be open at each frame if loudness alone decided: the level, from 0 at 35 dB below the sentence's
 * loudest moment to 1 there. Shares no code with the loudness that the curve uses.
 */
export function loudnessOpening({ samples, sampleRate }: Spoken, fps: number, frames: number): number[] {
  const levels = Array.from({ length: frames }, (_, frame) => {
    const centre = Math.round((frame / fps) * sampleRate);
    const half = Math.round(WINDOW * sampleRate);
    let [sum, shares] = [0, 0];
    for (let i = Math.max(centre - half, 0); i < Math.min(centre + half, samples.length); i++) {
      const share = 1 + Math.cos((Math.PI * (i - centre)) / half);
      sum += share * samples[i]! ** 2;
      shares += share;
    }
    return 10 * Math.log10(sum / Math.max(shares, 1) + 1);
  });
  const loudest = Math.max(...levels);
  return levels.map((level) => Math.max(0, 1 + (level - loudest) / RANGE));
}

/** Pearson's correlation. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, v) => sum + v, 0) / values.length;

/** The value that `share` (0 to 1) of the values do not pass. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? Number.NaN;
}
