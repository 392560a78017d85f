import { nodeThreads } from '../node-thread.ts';
import { type PoolOptions, SynthPool } from '../pool.ts';
import type { Synth, SynthRequest, Utterance } from '../synth.ts';
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

/** CMU Flite: English, ten voices, in worker threads. */
export class FliteSynth implements Synth {
  readonly voices: readonly string[] = FLITE_VOICES.map((voice) => voice.name);
  readonly languages: readonly string[] = ['en'];
  readonly #pool: SynthPool;
  #warm = false;

  constructor(options?: PoolOptions) {
    this.#pool = new SynthPool(nodeThreads(workerFile()), options);
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

/** Beside this file, compiled or not as this file is. */
function workerFile(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('./node-worker.ts', import.meta.url)
    : new URL('./node-worker.js', import.meta.url);
}
