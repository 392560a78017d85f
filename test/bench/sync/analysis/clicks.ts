import type { Piece } from './decode.ts';
import type { HeardMap } from './heard.ts';

/** The steps from sample to sample around the seams of a line. */
export interface Clicks {
  readonly seams: number;
  /** Largest step at any seam as a part of the signal's own largest step there; above 1 it is a click. */
  readonly worst: number;
}

/** How far around a seam is looked, samples: 10 ms. */
const AROUND = 480;

/** Looks at every start and end of a run of sound, and at every splice. `heard[0]` is context frame `first`. */
export function findClicks(
  heard: Float32Array,
  first: number,
  map: HeardMap,
  references: readonly Float32Array[],
): Clicks {
  let worst = 0;
  let seams = 0;
  /** Judges what was heard of a seam by all places of the line that were heard there. */
  function judge(from: number, to: number, ...sides: readonly Piece[]): void {
    const own = sides.map(({ line, context, start }) => {
      const lag = context - start;
      return largestStep(references[line]!, from - AROUND - lag, to + AROUND - lag);
    });
    const step = largestStep(heard, from - AROUND - first, to + AROUND - first);
    worst = Math.max(worst, step / Math.max(...own));
    seams++;
  }
  for (const [index, piece] of map.pieces.entries()) {
    const before = map.pieces[index - 1];
    const after = map.pieces[index + 1];
    const end = piece.context + piece.frames;
    if (!before || map.silentBetween(before, piece)) judge(piece.context, piece.context, piece);
    if (!after || map.silentBetween(piece, after)) judge(end, end, piece);
    else judge(end, after.context, piece, after);
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
