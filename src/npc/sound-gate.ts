import { AudioError } from '../playback/audio-error.ts';
import { SpeechError } from '../speech/errors.ts';

/**
 * What a line does before the page may make sound (browsers wait for a gesture of the player):
 * `wait` for it, then play silently; play `silent` at once; or `fail`.
 */
export interface WhenLocked {
  readonly policy: 'wait' | 'silent' | 'fail';
  /** How long `wait` waits, seconds. Default 30. `Infinity` waits for ever. */
  readonly seconds: number;
}

/** The part of the audio host that the gate watches. */
export interface SoundState {
  readonly state: 'running' | 'locked' | 'none';
  /** Calls `listener` at every change of state; the result undoes it. */
  watch(listener: () => void): () => void;
}

/** How a line is to be played. */
export type Passage = 'sound' | 'silent';

/** Decides for each line whether it is heard, waits, plays silently or fails while the page may not make sound. */
export class SoundGate {
  readonly #sound: SoundState;
  readonly #whenLocked: WhenLocked;

  constructor(sound: SoundState, whenLocked: WhenLocked) {
    this.#sound = sound;
    this.#whenLocked = whenLocked;
  }

  /** Resolves when the line may be played; rejects with code `locked` under `fail`, and with `aborted` by `signal`. */
  async passAsync(signal: AbortSignal): Promise<Passage> {
    if (this.#sound.state === 'running') return 'sound';
    if (this.#sound.state === 'none' || this.#whenLocked.policy === 'silent') return 'silent';
    if (this.#whenLocked.policy === 'fail') throw SpeechError.locked();
    return this.#waitForGesture(signal, this.#whenLocked.seconds);
  }

  /**
   * Resolves when there is sound, however long that takes; rejects with code `locked` under `fail`, with `no-audio` where
   * there never will be, and with `aborted` by `signal`.
   */
  async soundAsync(signal: AbortSignal): Promise<void> {
    if (this.#sound.state === 'running') return;
    if (this.#sound.state === 'locked') {
      if (this.#whenLocked.policy === 'fail') throw SpeechError.locked();
      if ((await this.#waitForGesture(signal, Number.POSITIVE_INFINITY)) === 'sound') return;
    }
    throw AudioError.noAudio();
  }

  #waitForGesture(signal: AbortSignal, seconds: number): Promise<Passage> {
    return new Promise((resolve, reject) => {
      const timer = Number.isFinite(seconds)
        ? setTimeout(() => finish(() => resolve('silent')), seconds * 1000)
        : undefined;
      const unwatch = this.#sound.watch(() => {
        if (this.#sound.state === 'running') finish(() => resolve('sound'));
        else if (this.#sound.state === 'none') finish(() => resolve('silent'));
      });
      const onAbort = () => finish(() => reject(SpeechError.aborted()));
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        unwatch();
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
    });
  }
}
