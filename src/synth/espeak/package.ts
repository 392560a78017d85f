/**
 * The package that makes speech in other languages. It is no part of this one: whoever wants it installs it, and its
 * licence, the GPL, then holds for what they ship with it.
 */
export const ESPEAK_PACKAGE = '@echogarden/espeak-ng-emscripten';

/** How to get it, in one breath with its licence. */
export const ESPEAK_INSTALL = `npm i ${ESPEAK_PACKAGE} (eSpeak NG, licence GPL-3.0-or-later)`;

/** An event of the engine: what begins at a moment of its sound. */
export interface EspeakEvent {
  readonly type: string;
  /** Of a word: where it begins in the text, characters from 1. */
  readonly text_position: number;
  /** Milliseconds of sound. */
  readonly audio_position: number;
  /** Of a phoneme, IPA with stress marks; empty for a pause. */
  readonly id?: string | number;
}

/** The engine, as far as it is used here. Setters give 0, or an error code. */
export interface EspeakEngine {
  set_voice(name: string): number;
  set_rate(wordsPerMinute: number): void;
  set_pitch(percent: number): void;
  /** Calls back about every tenth of a second of sound; `true` stops it. */
  synthesize(text: string, callback: (samples: Int16Array, events: readonly EspeakEvent[]) => boolean): void;
}

/** Loads the engine. Throws Node's `ERR_MODULE_NOT_FOUND` where the package is not installed. */
export async function loadEspeak(): Promise<EspeakEngine> {
  const name: string = ESPEAK_PACKAGE; // Not a literal: compilers and bundlers must not look for it.
  const { default: initialise } = await import(/* @vite-ignore */ name);
  const { eSpeakNGWorker } = await initialise();
  return new eSpeakNGWorker();
}
