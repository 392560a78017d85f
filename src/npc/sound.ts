import { Observable } from '@babylonjs/core/Misc/observable.js';
import type { AudioHost } from '../playback/audio-host.ts';
import { notify } from './notify.ts';
import type { AudioState } from './parley.ts';
import type { SoundState } from './sound-gate.ts';

/** The sound of a Parley: the audio host, or its absence. */
export class Sound implements SoundState {
  readonly onStateObservable = new Observable<AudioState>();
  readonly #watchers = new Set<() => void>();
  /** Undefined where the page has no audio; lines are then played silently. */
  readonly host: AudioHost | undefined;

  constructor(host: AudioHost | undefined) {
    this.host = host;
    if (host) host.onState = () => this.#handleState();
  }

  get state(): AudioState {
    if (!this.host || this.host.state === 'closed') return 'none';
    return this.host.state;
  }

  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  /** Lines come first: what a game does when it is told must not keep them waiting. */
  #handleState(): void {
    for (const watcher of [...this.#watchers]) watcher();
    notify(this.onStateObservable, this.state);
  }

  dispose(): void {
    this.onStateObservable.clear();
    if (this.host) this.host.onState = undefined;
    this.host?.dispose();
  }
}
