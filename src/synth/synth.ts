import type { CleanScript } from '../speech/clean-script.ts';
import type { SaidSounds } from '../speech/lexicon.ts';

/** What a synth is asked for: one stretch of cleaned text. */
export interface SynthRequest {
  /** At most a sentence or two, of letters, digits and plain punctuation, with something in it to say. */
  readonly text: string;
  /** One of the synth's {@link Synth.voices}. */
  readonly voice: string;
  /** The synth's own name of a language, as {@link Synth.languageOf} tells it. Default: the synth's own. */
  readonly lang?: string;
  /** Stretches of the text whose sounds are given, in rising order. Default: none. */
  readonly said?: readonly SaidSounds[];
  /** Rate of speaking, 0.5 to 2; 1 is the voice's normal. */
  readonly speed: number;
  /** Samples a second of the answer, 8,000 to 48,000. */
  readonly sampleRate: number;
  /** Silence after the last sound, seconds. */
  readonly tail: number;
  /** Someone waits for it: nothing of its line has been heard yet. Such requests are served before others. */
  readonly urgent: boolean;
}

/** A speech sound, from where the one before it ends. */
export interface UtterancePhone {
  /** ARPAbet in lower case, without stress marks; `pau` is silence. */
  readonly id: string;
  /** Sample at which it ends; never before the one before it. */
  readonly end: number;
  /** UTF-16 index, in the request's text, of the letter that it belongs to, where the engine knows; never falls. */
  readonly from?: number;
}

/** A stretch of speech with as little silence before it as its first sound allows. */
export interface Utterance {
  readonly samples: Int16Array<ArrayBuffer>;
  /** End to end from the first sample to the last. */
  readonly phones: readonly UtterancePhone[];
}

/** A local speech maker, which works off the main thread. */
export interface Synth {
  /** Names of its voices; the first is the one for lines that name none. */
  readonly voices: readonly string[];
  /** Name for people, in messages. */
  readonly name: string;
  /** What it can read. */
  readonly script: CleanScript;
  /** What it speaks, for people: "the languages are …". */
  readonly languages: string;
  /** What is told of a text in which there is nothing to say. */
  readonly nothing: string;
  /** Its own name for a BCP 47 code, or for lines that name none; undefined for what it does not speak. */
  languageOf(lang: string | undefined): string | undefined;
  /** Throws SpeechError `synthesis-failed`, or `aborted` as soon as `signal` aborts. */
  synthesize(request: SynthRequest, signal: AbortSignal): Promise<Utterance>;
  /** Loads what the first request would wait for. */
  prepare(): void;
  /** Ends its threads; what is under way fails with `aborted`. May be called twice. */
  dispose(): void;
}
