import { STEP } from './grid.ts';

/**
 * Fastest that the opening between the lips changes, millimetres a second: the peak of the widest movement in the
 * shortest time. Speech movements are bells of one form whose peak speed is c times way by time, at every rate (Munhall,
 * Ostry & Parush 1985); c of the smoothest bell is 15/8 (minimum jerk: Flash & Hogan 1985), which is also the form of
 * `bellStep`. The widest opening is that of aa, 13.6 mm (`gesture.ts`, measured). Mouths open and close 2 to 7 times a
 * second (Chandrasekaran et al. 2009), on the widest vowels hardly more than 5 times: 0.1 s for one way. 15/8 × 13.6 / 0.1
 * = 255. Lips meet in p b m at nearly that peak (Löfqvist & Gracco 1997), so that a contact may be run into at full speed.
 */
export const MOST_MM_PER_SECOND = 250;

/** What the pass below aims at: smoothing and frames add a little. */
const RISE = 0.97 * MOST_MM_PER_SECOND * STEP;

/** Rows on each side that the smoothing of corners takes in. */
const SOFT = 1;

/** Rows on each side that an opening of `openMm` can be reduced from. */
export const rowsOf = (openMm: number): number => Math.ceil(openMm / RISE) + 2 * SOFT;

/**
 * Lowers openings, millimetres at successive rows, until none changes faster than lips can, to nearly the largest such
 * row that is nowhere above the one given, with its corners smoothed. Where the mouth is closed it stays so: what lies
 * beside is lowered. `soft` and `scratch` are as long, and overwritten.
 */
export function limitSpeed(
  open: Float64Array,
  soft: Float64Array,
  scratch: Float64Array,
  rows: number,
): void {
  for (let i = 0; i < rows; i++) soft[i] = open[i]!;
  limit(soft, rows);
  soften(soft, scratch, rows);
  soften(scratch, soft, rows);
  for (let i = 0; i < rows; i++) open[i] = Math.min(open[i]!, soft[i]!);
  limit(open, rows); // Smoothing lifts a valley, and its steep sides with it.
}

function limit(open: Float64Array, rows: number): void {
  for (let i = 1; i < rows; i++) open[i] = Math.min(open[i]!, open[i - 1]! + RISE);
  for (let i = rows - 2; i >= 0; i--) open[i] = Math.min(open[i]!, open[i + 1]! + RISE);
}

/** A running mean, which keeps the limit. */
function soften(from: Float64Array, to: Float64Array, rows: number): void {
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let k = -SOFT; k <= SOFT; k++) sum += from[Math.min(Math.max(i + k, 0), rows - 1)]!;
    to[i] = sum / (2 * SOFT + 1);
  }
}
