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

/** The line is whole. Nothing follows. A source that ends without it has failed and throws instead. */
export interface EndPart {
  readonly type: 'end';
}

/** What a voice source yields. */
export type SpeechPart = AudioPart | CuesPart | WordsPart | EndPart;
