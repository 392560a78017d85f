import { ANY_SCRIPT } from '../../speech/clean-script.ts';
import { type PoolOptions, SynthPool } from '../pool.ts';
import type { Synth, SynthRequest, Utterance } from '../synth.ts';
import type { StartThread } from '../thread.ts';
import { espeakLanguage } from './languages.ts';
import { ESPEAK_VOICES } from './voices.ts';

/** What a new thread says to itself, so that the first line finds its data loaded. */
const WARM_UP: SynthRequest = {
  text: 'ok',
  voice: ESPEAK_VOICES[0]!.name,
  lang: 'en-us',
  speed: 1,
  sampleRate: 44_100,
  tail: 0,
  urgent: false,
};

/** eSpeak NG: some 130 languages, ten voices in each, in the threads that `start` opens. */
export class EspeakSynth implements Synth {
  readonly voices: readonly string[] = ESPEAK_VOICES.map((voice) => voice.name);
  readonly name = 'espeak-ng';
  readonly script = ANY_SCRIPT;
  readonly languages = 'codes such as es, fr, pt-br, ko, de, it, en-gb and some 130 more';
  readonly nothing = 'there is nothing in this text that can be said; give it words or numbers.';
  readonly #pool: SynthPool;
  #warm = false;

  constructor(start: StartThread, options?: PoolOptions) {
    this.#pool = new SynthPool(start, options);
  }

  languageOf(lang = 'en'): string | undefined {
    return espeakLanguage(lang);
  }

  synthesize(request: SynthRequest, signal: AbortSignal): Promise<Utterance> {
    this.#warm = true;
    return this.#pool.run(request, signal);
  }

  prepare(): void {
    if (this.#warm) return;
    this.synthesize(WARM_UP, new AbortController().signal).catch(() => {}); // The first line will tell.
  }

  dispose(): void {
    this.#pool.dispose();
  }
}
