import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { LinePlayer } from '../playback/line-player.ts';
import { SilentPlayer } from '../playback/silent-player.ts';
import type { SpatialVoice } from '../playback/spatial-voice.ts';
import type { Sound } from './sound.ts';
import type { SoundGate } from './sound-gate.ts';

/** The voice of one NPC: heard from its mouth, or silent where and while the page makes no sound. */
export class NpcVoice {
  readonly #gate: SoundGate;
  readonly #silent = new SilentPlayer();
  readonly #spatial: Promise<SpatialVoice | undefined>;
  #ready: SpatialVoice | undefined;
  #disposed = false;

  /** `mouth` is where the sound comes from, in the world. */
  constructor(sound: Sound, gate: SoundGate, mouth: TransformNode) {
    this.#gate = gate;
    this.#spatial = this.#createAsync(sound, mouth);
    this.#spatial.catch(() => {}); // Told to every line that asks for the player.
  }

  /** The spatial source, once it stands: for effects, meters and recorders. */
  get spatial(): SpatialVoice | undefined {
    return this.#ready;
  }

  /** Waits until a line may be played, and gives the player it is played on. */
  async openAsync(signal: AbortSignal): Promise<LinePlayer> {
    const passage = await this.#gate.passAsync(signal);
    const spatial = passage === 'sound' ? await this.#spatial : undefined;
    return spatial?.player ?? this.#silent;
  }

  /** Once a frame: follows the mouth and steps the silent clock. */
  update(performanceMs: number): void {
    this.#silent.update(performanceMs);
    this.#ready?.update();
  }

  dispose(): void {
    this.#disposed = true;
    this.#silent.dispose();
    this.#ready?.dispose();
    this.#ready = undefined;
  }

  async #createAsync(sound: Sound, mouth: TransformNode): Promise<SpatialVoice | undefined> {
    const voice = await sound.host?.createVoiceAsync();
    if (!voice) return undefined;
    if (this.#disposed) {
      voice.dispose();
      return undefined;
    }
    voice.attach(mouth);
    this.#ready = voice;
    return voice;
  }
}
