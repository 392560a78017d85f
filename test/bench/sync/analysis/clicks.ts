import type { HeardMap } from './heard.ts';

/** The steps from sample to sample around the seams of a line. */
export interface Clicks {
  readonly seams: number;
  /** Largest step at any seam as a part of the signal's own largest step there; above 1 it is a click. */
  readonly worst: number;
}

/** How far around a seam is looked, samples: 10 ms. */
const AROUND = 480;

/** Looks at every start and end of a run of sound. `heard[0]` is context frame `first`. */
export function findClicks(
  heard: Float32Array,
  first: number,
  map: HeardMap,
  references: readonly Float32Array[],
): Clicks {
  let worst = 0;
  let seams = 0;
  for (const { line, context, start, frames } of map.pieces) {
    const reference = references[line]!;
    for (const [at, place] of [
      [context, start],
      [context + frames, start + frames],
    ] as const) {
      const own = largestStep(reference, place - AROUND, place + AROUND);
      worst = Math.max(worst, largestStep(heard, at - first - AROUND, at - first + AROUND) / own);
      seams++;
    }
  }
  return { seams, worst };
}

function largestStep(signal: Float32Array, from: number, to: number): number {
  let largest = 0;
  for (let index = Math.max(from, 1); index < Math.min(to, signal.length); index++) {
    largest = Math.max(largest, Math.abs(signal[index]! - signal[index - 1]!));
  }
  return largest;
}
