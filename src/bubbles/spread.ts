/** Fields of a bubble's row: where its tip is and how large it is, and where it is laid. Pixels from the upper left. */
export const BUBBLE = {
  /** The tip: what it points at. */
  x: 0,
  y: 1,
  width: 2,
  height: 3,
  /** Whether there is anything to be laid, 1 or 0. */
  wanted: 4,
  /** Written: middle and lower edge; and 1 where there was room, else 0. */
  middle: 5,
  bottom: 6,
  laid: 7,
} as const;

export const BUBBLE_LENGTH = 8;

/** Pixels between two bubbles, and to the edges of the picture. */
const APART = 6;

/**
 * Lays bubbles over their tips so that none hides another: earlier rows have the place they want, later ones go above
 * what is in their way. All of a bubble is in the picture; one that would have to go farther from its tip than twice its
 * height, or than the picture lets it, is not laid. Allocates nothing.
 */
export function spreadBubbles(rows: readonly Float64Array[], width: number, height: number): void {
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    row[BUBBLE.laid] = 0;
    if (row[BUBBLE.wanted] === 0) continue;
    const half = row[BUBBLE.width]! / 2 + APART;
    const tall = row[BUBBLE.height]!;
    const x = row[BUBBLE.x]!;
    row[BUBBLE.middle] = half * 2 > width ? width / 2 : Math.min(width - half, Math.max(half, x));
    row[BUBBLE.bottom] = Math.max(row[BUBBLE.y]!, tall + APART);
    raise(rows, index);
    const bottom = row[BUBBLE.bottom]!;
    const within = bottom - tall >= APART && bottom <= height && half * 2 <= width;
    row[BUBBLE.laid] = within && row[BUBBLE.y]! - bottom <= 2 * tall ? 1 : 0;
  }
}

/** Lifts a bubble over those that were laid before it. */
function raise(rows: readonly Float64Array[], index: number): void {
  const row = rows[index]!;
  for (let round = 0; round < index; round++) {
    let moved = false;
    for (let other = 0; other < index; other++) {
      const lower = rows[other]!;
      if (lower[BUBBLE.laid] === 0 || !overlap(row, lower)) continue;
      row[BUBBLE.bottom] = lower[BUBBLE.bottom]! - lower[BUBBLE.height]! - APART;
      moved = true;
    }
    if (!moved) return;
  }
}

function overlap(one: Float64Array, other: Float64Array): boolean {
  const across = (one[BUBBLE.width]! + other[BUBBLE.width]!) / 2 + APART;
  if (Math.abs(one[BUBBLE.middle]! - other[BUBBLE.middle]!) >= across) return false;
  const above = one[BUBBLE.bottom]! - one[BUBBLE.height]! - APART;
  return (
    above < other[BUBBLE.bottom]! &&
    other[BUBBLE.bottom]! - other[BUBBLE.height]! - APART < one[BUBBLE.bottom]!
  );
}
