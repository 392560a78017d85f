import type { AbstractSoundSource } from '@babylonjs/core/AudioV2/abstractAudio/abstractSoundSource.js';
import type { AudioBus } from '@babylonjs/core/AudioV2/abstractAudio/audioBus.js';
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { SpatialAudioAttachmentType } from '@babylonjs/core/AudioV2/spatialAudioAttachmentType.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { VoicePlayer } from './voice-player.ts';

/** How a voice is heard in the world. */
export interface SpatialOptions {
  /** Distance up to which the voice has its full volume, metres. Default 1: that of a talk face to face. */
  readonly minDistance?: number;
  /** Distance beyond which it falls no further, metres. Default 40. */
  readonly maxDistance?: number;
  /** How fast it falls in between; 1 halves it at every doubling, as in the open. Default 1. */
  readonly rolloffFactor?: number;
  /** `equalpower` is cheap; `HRTF` tells above from below, at the price of a convolution a voice. Default `equalpower`. */
  readonly panningModel?: 'equalpower' | 'HRTF';
}

/** A voice with a place in the world: a player whose sound Babylon places where a node is. */
export class SpatialVoice {
  readonly player: VoicePlayer;
  readonly #source: AbstractSoundSource;

  private constructor(player: VoicePlayer, source: AbstractSoundSource) {
    this.player = player;
    this.#source = source;
  }

  /** Hands the player's output to Babylon. The voice owns the player from here on. */
  static async createAsync(
    engine: AudioEngineV2,
    bus: AudioBus,
    player: VoicePlayer,
    {
      minDistance = 1,
      maxDistance = 40,
      rolloffFactor = 1,
      panningModel = 'equalpower',
    }: SpatialOptions = {},
  ): Promise<SpatialVoice> {
    const options = {
      outBus: bus,
      spatialEnabled: true, // Without it, attaching before the first use would be lost.
      spatialAutoUpdate: false, // Its own loop runs beside the scene's; we update once a rendered frame.
      spatialDistanceModel: 'inverse', // The default, linear to 10 km, is as loud across the map as near by.
      spatialMinDistance: minDistance,
      spatialMaxDistance: maxDistance,
      spatialRolloffFactor: rolloffFactor,
      spatialPanningModel: panningModel,
    } as const;
    try {
      return new SpatialVoice(
        player,
        await engine.createSoundSourceAsync('parley voice', player.output, options),
      );
    } catch (error) {
      player.dispose();
      throw error;
    }
  }

  /** Hears the voice from where `node` is, from the next {@link update} on. Only its place counts, not its rotation. */
  attach(node: TransformNode): void {
    this.#source.spatial.attach(node, false, SpatialAudioAttachmentType.Position);
  }

  /** Once a rendered frame: follows the node. */
  update(): void {
    this.#source.spatial.update();
  }

  /** Volume of this voice, 1 as recorded; reached within `rampSeconds`, default 0.01. */
  setVolume(volume: number, rampSeconds = 0.01): void {
    this.#source.setVolume(volume, { duration: rampSeconds });
  }

  dispose(): void {
    this.#source.dispose();
    this.player.dispose();
  }
}
