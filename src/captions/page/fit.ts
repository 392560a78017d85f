import { FULL_ROOM } from '../phrases.ts';
import { AROUND_EM, GAP_EM, PADDING_EM, ROW_EM, SIDE_EM } from './style.ts';

/** Size of the text against the height of the picture: 46 of 1080 pixels (Game Accessibility Guidelines). */
const SIZE = 46 / 1080;
/** Smallest size, CSS pixels. */
const LEAST_PIXELS = 16;
/** Width of a usual letter, em. */
const COLUMN_EM = 0.5;
/** Part of the width that the margins leave, and part of the height that captions take at most. */
const WIDTH = 0.96;
const HEIGHT = 0.5;
/** Captions of fewer columns have three rows ("in exceptional circumstances", as the same guidelines have it). */
const NARROW = 26;
const LEAST_COLUMNS = 8;

/** How captions go into a picture. */
export interface CaptionFit {
  /** Size of the text, CSS pixels. */
  readonly pixels: number;
  readonly columns: number;
  readonly rows: number;
  /** Most captions at once. */
  readonly most: number;
}

/** How captions of a size, percent, go into a picture of so many CSS pixels. */
export function fitInto(width: number, height: number, sizePercent: number, most: number): CaptionFit {
  const around = 2 * (SIDE_EM + PADDING_EM);
  const widest = (width * WIDTH) / (FULL_ROOM.columns * COLUMN_EM + around);
  const pixels = (Math.max(LEAST_PIXELS, Math.min(height * SIZE, widest)) * sizePercent) / 100;
  const fitting = Math.floor(((width * WIDTH) / pixels - around) / COLUMN_EM);
  const columns = Math.min(FULL_ROOM.columns, Math.max(LEAST_COLUMNS, fitting));
  const rows = columns < NARROW ? FULL_ROOM.rows + 1 : FULL_ROOM.rows;
  const each = (rows * ROW_EM + AROUND_EM + GAP_EM) * pixels;
  return { pixels, columns, rows, most: Math.min(most, Math.max(1, Math.floor((height * HEIGHT) / each))) };
}
