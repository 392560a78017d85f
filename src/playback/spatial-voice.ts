import type { AbstractSoundSource } from '@babylonjs/core/AudioV2/abstractAudio/abstractSoundSource.js';
import type { AudioBus } from '@babylonjs/core/AudioV2/abstractAudio/audioBus.js';
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { effortLow, effortTreble } from '../speech/effort.ts';
import { Glide } from './glide.ts';
import type { HrtfCandidate } from './hrtf-choice.ts';
import { isInterrupted } from './interruption.ts';
import type { BeginOptions, LineAudio, LinePlayer, LiveOptions, LivePlayer } from './line-player.ts';
import type { Listener } from './listener.ts';
import { type OcclusionCandidate, occludedLow, occludedTreble } from './occlusion.ts';
import type { HrtfArms } from './panner-arm.ts';
import { Panners } from './panners.ts';
import type { Reverb, ReverbSend } from './reverb.ts';
import { type SpaceOptions, type SpaceSettings, spaceSettings } from './space-settings.ts';
import {
  type ConeShape,
  coneGain,
  coneShape,
  coneTreble,
  type SpeechCone,
  turnedAway,
} from './speech-cone.ts';
import { LONGEST_TRAVEL, TravelDelay } from './travel-delay.ts';
import type { VoicePlayer } from './voice-player.ts';
import { VoiceTone } from './voice-tone.ts';

/** How a voice is heard in the world. */
export interface SpatialOptions extends Omit<SpaceOptions, 'hrtfVoices' | 'occlusion' | 'reverb'> {
  /** How much less is heard beside and behind the face; `false` is the same all around. */
  readonly cone?: SpeechCone | false;
}

/** What a voice needs of the space that it is heard in. */
export interface VoiceSpace {
  readonly hrtfArms: HrtfArms;
  /** How much later HRTF sounds than equal power, seconds; 0 where no voice has HRTF. */
  readonly hrtfDelay: number;
  /** Rooms that reverberate. */
  readonly reverb: Reverb | undefined;
  /** The voice is to be heard again: gives it its place before it sounds. */
  handleWake(voice: SpatialVoice): void;
}

/** Time constant of a change of loudness, seconds. */
const LOUDNESS_GLIDE = 0.02;

/** Change of loudness that is told, as a part of it: 0.1 dB, a tenth of what is heard at best. */
const LOUDNESS_SLACK = 0.01;

/** Time after the last sample of a line until all of it is out of the graph, seconds: HRTF rings for 12 ms. */
const RINGING = 0.15;

/**
 * A voice with a place in the world: a player, and the way of its sound to Babylon's bus. Loudness (distance and cone)
 * is one gain, direction two panners of our own. While nothing is said, all of it is out of the audio graph and costs
 * nothing; a line brings it back before its first sample.
 */
export class SpatialVoice implements LinePlayer, LivePlayer, HrtfCandidate, OcclusionCandidate {
  readonly player: VoicePlayer;
  readonly context: BaseAudioContext;
  /** Whether its direction may be given by HRTF, where it is near enough. Default true. A change is a fade. */
  mayHaveHrtf = true;
  occludedAt = Number.NEGATIVE_INFINITY;

  readonly #source: AbstractSoundSource;
  readonly #bus: AudioBus;
  readonly #travel: TravelDelay | undefined;
  readonly #mouthFollows: boolean;
  readonly #panners: Panners;
  readonly #loudness: Glide;
  readonly #tone: VoiceTone;
  readonly #minDistance: number;
  readonly #maxDistance: number;
  readonly #rolloffFactor: number;
  readonly #cone: ConeShape | undefined;
  /** The voice before it has a direction. */
  readonly #voice: AudioNode;
  readonly #position = Vector3.Zero();
  readonly #ears = Vector3.Zero();
  readonly #place = Vector3.Zero();
  readonly #facing = new Vector3(0, 0, 1);
  readonly #look = Vector3.Zero();
  #space: VoiceSpace | undefined;
  #send: ReverbSend | undefined;
  #node: TransformNode | undefined;
  #distance = 0;
  /** Loudness by place, that asked for, and both as they were last told. */
  #gain = 1;
  /** What the turn of the head leaves of the treble. */
  #treble = 1;
  /** What stands in the way leaves of low and treble. */
  #throughLow = 1;
  #throughTreble = 1;
  /** How far the voice carries, and what its effort makes of low and treble. */
  #effort = 1;
  #effortLow = 1;
  #effortTreble = 1;
  #volume = 1;
  /** Time constant with which it gets there, seconds. */
  #glide = LOUDNESS_GLIDE;
  #toldGain = 1;
  /** Seconds by which either way of giving direction is late. */
  #panDelay = 0;
  #lines = 0;
  /** Context time from which on nothing of it sounds. */
  #silentFrom = Number.NEGATIVE_INFINITY;
  #awake = true;
  #disposed = false;

  private constructor(
    player: VoicePlayer,
    panners: Panners,
    source: AbstractSoundSource,
    bus: AudioBus,
    { minDistance, maxDistance, rolloffFactor, travelTime }: SpaceSettings,
    cone: ConeShape | undefined,
  ) {
    this.player = player;
    this.context = player.context;
    this.#source = source;
    this.#bus = bus;
    this.#panners = panners;
    this.#loudness = new Glide(panners.output.gain, LOUDNESS_GLIDE);
    this.#minDistance = minDistance;
    this.#maxDistance = maxDistance;
    this.#rolloffFactor = rolloffFactor;
    this.#cone = cone;
    this.#travel = travelTime !== 'off' ? new TravelDelay(this.context) : undefined;
    this.#mouthFollows = travelTime === 'sound-and-mouth';
    if (this.#travel) player.output.connect(this.#travel.input);
    this.#voice = this.#travel?.output ?? player.output;
    this.#voice.connect(panners.input);
    this.#tone = new VoiceTone(this.#voice, panners.input);
  }

  /**
   * Hands the player's sound to Babylon. The voice owns the player from here on, also where this fails.
   * Throws {@link InputError} for options that are none.
   */
  static async createAsync(
    engine: AudioEngineV2,
    bus: AudioBus,
    player: VoicePlayer,
    { cone, ...options }: SpatialOptions = {},
  ): Promise<SpatialVoice> {
    const panners = new Panners(player.context);
    try {
      const settings = spaceSettings(options);
      const shape = coneShape(cone);
      const source = await engine.createSoundSourceAsync('parley voice', panners.output, { outBus: bus });
      return new SpatialVoice(player, panners, source, bus, settings, shape);
    } catch (error) {
      panners.dispose();
      player.dispose();
      throw error;
    }
  }

  /** Whether a line is being played, or still rings. */
  get heard(): boolean {
    return this.#awake;
  }

  /** Metres to the listener, when last looked. */
  get distance(): number {
    return this.#distance;
  }

  /** Where it is in the world, when last looked. */
  get position(): Vector3 {
    return this.#position;
  }

  /** Whether HRTF gives the direction, or equal power does. */
  get byHrtf(): boolean {
    return this.#panners.byHrtf;
  }

  /** Hears the voice from where `node` is. `facing` is where the face looks, in the node's own space; default +Z. */
  attach(node: TransformNode, facing?: Vector3): void {
    this.#node = node;
    if (facing) this.#facing.copyFrom(facing);
  }

  /** Is heard in `space` from now on; without one it stays where it was told to be. */
  enter(space: VoiceSpace | undefined): void {
    this.#space = space;
    this.#send?.dispose();
    this.#send = space?.reverb?.createSend(this.#voice);
    if (!space) return;
    this.#panDelay = space.hrtfDelay;
    this.#panners.align(space.hrtfDelay);
    this.#tellMouth();
  }

  /** Begins a line, as {@link VoicePlayer.begin} does. */
  begin(options: BeginOptions): LineAudio {
    return this.#hear(this.player.begin(options));
  }

  /** Begins a live line, as {@link VoicePlayer.beginLive} does. */
  beginLive(options: LiveOptions): LineAudio {
    return this.#hear(this.player.beginLive(options));
  }

  #hear(audio: LineAudio): LineAudio {
    if (this.#silentAt(this.context.currentTime)) this.#wake();
    this.#lines++;
    void audio.ended.then(() => {
      this.#lines--;
      if (this.#disposed || this.context.state === 'closed') return;
      if (this.#lines === 0 && isInterrupted(this.context)) this.#hush();
      else this.#silentFrom = this.context.currentTime + RINGING + (this.#travel ? LONGEST_TRAVEL : 0);
    });
    return audio;
  }

  /** Once a rendered frame, after `listener`: follows the node. Allocates nothing; schedules nothing where nothing moved. */
  update(listener: Listener, now: number): void {
    if (!this.#awake) return;
    if (this.#silentAt(now)) {
      this.#rest();
      return;
    }
    this.locate(listener);
    this.#panners.update(this.#ears, this.#place, now);
    this.#travel?.follow(this.#distance, now);
    this.#tellMouth();
    const gain = this.#gain * this.#volume;
    if (Math.abs(gain - this.#toldGain) > LOUDNESS_SLACK * this.#toldGain) this.#tellLoudness(gain, now);
    this.#tone.moveTo(this.#lowGain, this.#trebleGain, now);
    this.#send?.follow(this.#position, this.#ringing, now);
  }

  /** Takes its place at once: for when nothing sounds. */
  jump(listener: Listener, now: number): void {
    this.locate(listener);
    this.#panners.jumpTo(this.#ears, this.#place);
    this.#travel?.jumpTo(this.#distance, now);
    this.#tellMouth();
    this.#toldGain = this.#gain * this.#volume;
    this.#loudness.jumpTo(this.#toldGain);
    this.#tone.jumpTo(this.#lowGain, this.#trebleGain);
    this.#send?.jumpTo(this.#position, this.#ringing);
  }

  setOcclusion(amount: number): void {
    this.#throughLow = occludedLow(amount);
    this.#throughTreble = occludedTreble(amount);
  }

  /**
   * How much louder than a normal voice it is meant to be, decibels. A louder one carries farther, and is as loud as
   * recorded where it would be louder than that; a softer one is softer everywhere.
   */
  setEffort(decibels: number): void {
    this.#effort = 10 ** (decibels / 20);
    this.#effortLow = effortLow(decibels);
    this.#effortTreble = effortTreble(decibels);
  }

  setHrtf(on: boolean): void {
    this.#panners.setHrtf(on ? this.#space?.hrtfArms : undefined);
  }

  /**
   * Volume of this voice, 0 or above, 1 as recorded. It gets there without a click, to within 5 % in three times `glide`,
   * seconds, by default 60 ms; what changes by its place meanwhile takes as long.
   */
  setVolume(volume: number, glide = LOUDNESS_GLIDE): void {
    this.#volume = volume;
    this.#glide = glide;
    this.#tellLoudness(this.#gain * volume, this.context.currentTime);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#space = undefined;
    this.#awake = false;
    this.#send?.dispose();
    this.#tone.dispose();
    this.#source.dispose();
    this.player.dispose();
    this.#travel?.dispose();
    this.#panners.dispose();
  }

  get #lowGain(): number {
    return this.#throughLow * this.#effortLow;
  }

  get #trebleGain(): number {
    return this.#throughTreble * this.#effortTreble * this.#treble;
  }

  /** How loud it is in rooms: a shout makes more of them, by half of its decibels, since itself it is as loud as recorded. */
  get #ringing(): number {
    return this.#volume * Math.min(this.#effort, Math.sqrt(this.#effort));
  }

  #silentAt(now: number): boolean {
    return this.#lines === 0 && now > this.#silentFrom;
  }

  #wake(): void {
    this.#awake = true;
    this.#space?.handleWake(this);
    this.#source.outBus = this.#bus;
  }

  /** Cut off at its far end, nothing of the voice is rendered, its worklet included. */
  #rest(): void {
    this.#awake = false;
    this.#source.outBus = null;
    this.#send?.rest();
    this.#panners.rest();
  }

  /** A line is over while nothing is heard: what is still under way must not be heard when the context runs again. */
  #hush(): void {
    this.#silentFrom = Number.NEGATIVE_INFINITY;
    this.#rest();
    this.#panners.forget();
    this.#travel?.forget();
    this.#space?.reverb?.forget();
  }

  #tellLoudness(gain: number, now: number): void {
    this.#toldGain = gain;
    if (isInterrupted(this.context)) this.#loudness.jumpTo(gain);
    else this.#loudness.moveTo(gain, now, this.#glide);
  }

  #tellMouth(): void {
    const travel = this.#travel && this.#mouthFollows ? this.#travel.seconds : 0;
    this.player.clock.delaySeconds = this.#panDelay + travel;
  }

  /** Reads where the node is, for {@link distance}. */
  locate(listener: Listener): void {
    if (!this.#node) return;
    const world = this.#node.getWorldMatrix();
    world.getTranslationToRef(this.#position);
    listener.toEars(this.#position, this.#ears);
    listener.toAudio(this.#ears, this.#place);
    this.#distance = Vector3.Distance(this.#position, listener.position);
    const far = Math.min(Math.max(this.#distance, this.#minDistance), this.#maxDistance) - this.#minDistance;
    const near = this.#minDistance / (this.#minDistance + this.#rolloffFactor * Math.max(far, 0));
    this.#gain = Math.min(this.#effort * near, 1);
    if (!this.#cone) return;
    Vector3.TransformNormalToRef(this.#facing, world, this.#look);
    const { x, y, z } = this.#look;
    const toListener =
      x * (listener.position.x - this.#position.x) +
      y * (listener.position.y - this.#position.y) +
      z * (listener.position.z - this.#position.z);
    const scale = Math.sqrt(x * x + y * y + z * z) * this.#distance;
    if (!(scale > 0)) return;
    const turned = turnedAway(this.#cone, toListener / scale, this.#distance);
    this.#gain *= coneGain(this.#cone, turned);
    this.#treble = coneTreble(this.#cone, turned);
  }
}
