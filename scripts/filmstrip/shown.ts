import type { Cue, WordMark } from '../../src/speech/cue.ts';

/** Whose faces can be drawn. */
export const CHARACTERS = ['mira', 'tomas'] as const;
export type Character = (typeof CHARACTERS)[number];

/** What the page is given to show: a spoken line, and how. */
export interface Shown {
  readonly text: string;
  /** 16-bit samples. */
  readonly samples: readonly number[];
  readonly sampleRate: number;
  readonly cues: readonly Cue[];
  readonly words: readonly WordMark[];
  readonly character: Character;
  readonly emotion: string;
  /** First and last moment, seconds in line time, and frames a second. */
  readonly from: number;
  readonly to: number;
  readonly fps: number;
  /** Frames in a row of the strip. */
  readonly columns: number;
  /** How far the head is turned, radians. */
  readonly turn: number;
}

/** Faces in rows and columns: emotions by intensity, silent and in speech. */
export interface Sheet {
  readonly character: Character;
  readonly emotions: readonly string[];
  readonly intensities: readonly number[];
  /** What the picture is written as. */
  readonly type: 'image/png' | 'image/jpeg';
  /** How far the head is turned, radians. */
  readonly turn: number;
}
