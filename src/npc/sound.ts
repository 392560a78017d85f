import { Observable } from '@babylonjs/core/Misc/observable.js';
import type { AudioHost } from '../playback/audio-host.ts';
import type { AudioState } from './parley.ts';
import type { SoundState } from './sound-gate.ts';

/** The sound of a Parley: the audio host, or its absence. */
export class Sound implements SoundState {
  readonly onStateObservable = new Observable<AudioState>();
  /** Undefined where the page has no audio; lines are then played silently. */
  readonly host: AudioHost | undefined;

  constructor(host: AudioHost | undefined) {
    this.host = host;
    if (host) host.onState = () => this.onStateObservable.notifyObservers(this.state);
  }

  get state(): AudioState {
    if (!this.host || this.host.state === 'closed') return 'none';
    return this.host.state;
  }

  watch(listener: () => void): () => void {
    const observer = this.onStateObservable.add(listener);
    return () => observer.remove();
  }

  dispose(): void {
    this.onStateObservable.clear();
    if (this.host) this.host.onState = undefined;
    this.host?.dispose();
  }
}
