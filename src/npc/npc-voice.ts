import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { AudioError } from '../playback/audio-error.ts';
import type { LinePlayer, LivePlayer } from '../playback/line-player.ts';
import { SilentPlayer } from '../playback/silent-player.ts';
import type { Space } from '../playback/space.ts';
import type { SpaceSettings } from '../playback/space-settings.ts';
import type { SpatialVoice } from '../playback/spatial-voice.ts';
import type { SpeechCone } from '../playback/speech-cone.ts';
import type { Sound } from './sound.ts';
import type { SoundGate } from './sound-gate.ts';

/** Where a voice comes from. */
export interface Mouth {
  /** The root of the character. */
  readonly root: TransformNode;
  /** The node that turns with the head. */
  readonly node: TransformNode;
  /** Where the face looks, in the node's own space. */
  readonly facing: Vector3;
  /** How much less is heard beside and behind the face. */
  readonly cone: SpeechCone | false | undefined;
}

/** What the voices of a scene share; `space` is there wherever there is sound. */
export interface SharedSound {
  readonly sound: Sound;
  readonly gate: SoundGate;
  readonly space: Space | undefined;
  readonly settings: SpaceSettings;
}

/** The voice of one NPC: heard from its mouth, or silent where and while the page makes no sound. */
export class NpcVoice {
  readonly #shared: SharedSound;
  readonly #silent = new SilentPlayer();
  readonly #spatial: Promise<SpatialVoice | undefined>;
  /** Lets what hangs on the character be a wall again. */
  readonly #leaveOut: (() => void) | undefined;
  #ready: SpatialVoice | undefined;
  #volume = 1;
  #effort = 0;
  #disposed = false;

  constructor(shared: SharedSound, mouth: Mouth) {
    this.#shared = shared;
    this.#leaveOut = shared.space?.occlusion?.leaveOut?.(mouth.root);
    this.#spatial = this.#createAsync(mouth);
    this.#spatial.catch(() => {}); // Told to every line that asks for the player.
  }

  /** The spatial source, once it stands: for effects, meters and recorders. */
  get spatial(): SpatialVoice | undefined {
    return this.#ready;
  }

  /** Waits until a line may be played, and gives the player it is played on. */
  async openAsync(signal: AbortSignal): Promise<LinePlayer> {
    const passage = await this.#shared.gate.passAsync(signal);
    const spatial = passage === 'sound' ? await this.#spatial : undefined;
    return spatial ?? this.#silent;
  }

  /** The same for a live stream: waits until there is sound, and throws {@link AudioError} `no-audio` where there never is. */
  async openLiveAsync(signal: AbortSignal): Promise<LivePlayer> {
    await this.#shared.gate.soundAsync(signal);
    const spatial = await this.#spatial;
    if (!spatial) throw AudioError.noAudio();
    return spatial;
  }

  /** As {@link SpatialVoice.setVolume}, also before it stands. */
  setVolume(volume: number, glide?: number): void {
    this.#volume = volume;
    this.#ready?.setVolume(volume, glide);
  }

  /** How much louder than a normal voice it is meant to be, decibels. */
  setEffort(decibels: number): void {
    this.#effort = decibels;
    this.#ready?.setEffort(decibels);
  }

  /** Once a frame: steps the silent clock. */
  update(performanceMs: number): void {
    this.#silent.update(performanceMs);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#leaveOut?.();
    this.#silent.dispose();
    if (!this.#ready) return;
    this.#shared.space?.remove(this.#ready);
    this.#ready.dispose();
    this.#ready = undefined;
  }

  async #createAsync({ node, facing, cone = {} }: Mouth): Promise<SpatialVoice | undefined> {
    const { sound, space, settings } = this.#shared;
    const voice = await sound.host?.createVoiceAsync({ ...settings, cone });
    if (!voice) return undefined;
    if (this.#disposed) {
      voice.dispose();
      return undefined;
    }
    voice.attach(node, facing);
    voice.setVolume(this.#volume);
    voice.setEffort(this.#effort);
    space?.add(voice);
    this.#ready = voice;
    return voice;
  }
}

/**
 * The mouth of the character below `root`, at `node`. `facing`: where its face looks, in the space of the root; by
 * default its +Z, as glTF has it.
 */
export function mouthOf(
  root: TransformNode,
  node: TransformNode,
  cone: SpeechCone | false | undefined,
  facing: Vector3 = Vector3.LeftHandedForwardReadOnly,
): Mouth {
  const toNode = Matrix.Invert(node.computeWorldMatrix(true));
  const forward = Vector3.TransformNormal(facing, root.computeWorldMatrix(true));
  return { root, node, facing: Vector3.TransformNormal(forward, toNode), cone };
}
