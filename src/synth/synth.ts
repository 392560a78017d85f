import type { Phone } from '../lipsync/phones.ts';

/** What a synth is asked for: one stretch of cleaned text in the synth's own terms. */
export interface SynthRequest {
  readonly text: string;
  /** The synth's own voice. */
  readonly base: string;
  /** How much longer than normal the speech is made; 1 is normal. */
  readonly stretch: number;
  /** Mean pitch, Hz; undefined leaves the voice's own. */
  readonly pitch: number | undefined;
}

/** A stretch of speech. Times are in seconds from its first sample. */
export interface Utterance {
  readonly samples: Int16Array<ArrayBuffer>;
  readonly sampleRate: number;
  readonly phones: readonly Phone[];
}

/** A local speech maker. Works off the main thread. */
export interface Synth {
  /** Throws SpeechError `synthesis-failed`, or `aborted` by `signal`. */
  synthesize(request: SynthRequest, signal: AbortSignal): Promise<Utterance>;
  /** Loads what the first request would wait for. */
  prepare(): void;
  /** Ends its threads. May be called twice. */
  dispose(): void;
}
