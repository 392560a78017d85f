import type { Phone } from '../../../../src/lipsync/phones.ts';

/** A piece of speech with its phones as the truth. */
export interface SpokenLine {
  /** Who spoke it: a synthesizer's voice, or `human`. */
  readonly voice: string;
  /** Language tag. */
  readonly lang: string;
  readonly text: string;
  readonly samples: Int16Array<ArrayBuffer>;
  readonly sampleRate: number;
  readonly duration: number;
  readonly phones: readonly Phone[];
}
