import { ENGLISH } from '../../speech/clean-script.ts';
import { ESPEAK_INSTALL } from '../espeak/package.ts';
import { type PoolOptions, SynthPool } from '../pool.ts';
import type { Synth, SynthRequest, Utterance } from '../synth.ts';
import type { StartThread } from '../thread.ts';
import { FLITE_VOICES } from './voices.ts';

/** What a new thread says to itself, so that the first line finds its code compiled. */
const WARM_UP: SynthRequest = {
  text: 'Hello.',
  voice: FLITE_VOICES[0]!.name,
  speed: 1,
  sampleRate: 44_100,
  tail: 0,
  urgent: false,
};

/** CMU Flite: English, ten voices, in the threads that `start` opens. */
export class FliteSynth implements Synth {
  readonly voices: readonly string[] = FLITE_VOICES.map((voice) => voice.name);
  readonly name = 'local voices';
  readonly script = ENGLISH;
  readonly languages = `en here, and others once you run ${ESPEAK_INSTALL}`;
  readonly nothing =
    'there is nothing in this text that English voices can say; give it English words or numbers.';
  readonly #pool: SynthPool;
  #warm = false;

  constructor(start: StartThread, options?: PoolOptions) {
    this.#pool = new SynthPool(start, options);
  }

  languageOf(lang = 'en'): string | undefined {
    return /^en(?:[-_]|$)/i.test(lang) ? 'en' : undefined;
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
