import type { Cue, WordMark } from './cue.ts';

/** A run of sound. All audio parts of a line have the same sample rate. */
export interface AudioPart {
  readonly type: 'audio';
  /** Signed 16-bit mono samples. The receiver owns the array (it may be transferred to another thread). */
  readonly samples: Int16Array<ArrayBuffer>;
  /** Samples a second, 8,000 to 48,000. */
  readonly sampleRate: number;
}

/** Cues in rising order; a line's cues never overlap, and leave before the audio they describe where the service allows. */
export interface CuesPart {
  readonly type: 'cues';
  readonly cues: readonly Cue[];
}

/** Words in rising order. */
export interface WordsPart {
  readonly type: 'words';
  readonly words: readonly WordMark[];
}

/**
 * Frames of the whole face, which faces that can show them show as they are, instead of what the cues say; contacts of
 * lips and teeth stay the cues'. They leave before the audio they belong to where the service allows.
 */
export interface ShapesPart {
  readonly type: 'shapes';
  /** Frames a second, up to 240; the same in all parts of a line. */
  readonly fps: number;
  /** Place of the first of these frames in the line: it is that of line time `from / fps`. Need not be whole. */
  readonly from: number;
  /** `SHAPE_COUNT` (55) numbers a frame, one frame after another. The receiver owns the array. */
  readonly frames: Float32Array;
}

/** The line is whole. Nothing follows. A source that ends without it has failed and throws instead. */
export interface EndPart {
  readonly type: 'end';
}

/** What a voice source yields. */
export type SpeechPart = AudioPart | CuesPart | WordsPart | ShapesPart | EndPart;
