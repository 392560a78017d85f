import type { Viseme } from './viseme.ts';

/** A viseme held for a while, in line time. */
export interface Cue {
  readonly viseme: Viseme;
  /** Seconds from the line's first audio sample. */
  readonly start: number;
  /** Seconds from the line's first audio sample; never before `start`. */
  readonly end: number;
  /** How strongly the shape is made, 0 to 1. */
  readonly weight: number;
  /** UTF-16 index, in the text as given, of the letter this shape belongs to; absent where the source does not know. */
  readonly from?: number;
}

/** A word with its times, and its place in the text as it was given. */
export interface WordMark {
  /** The word as it stands in the text: `text.slice(from, to)`. */
  readonly text: string;
  /** Seconds from the line's first audio sample. */
  readonly start: number;
  /** Seconds from the line's first audio sample. */
  readonly end: number;
  /** UTF-16 index of the first character in the text as given. */
  readonly from: number;
  /** UTF-16 index after the last character in the text as given. */
  readonly to: number;
}
