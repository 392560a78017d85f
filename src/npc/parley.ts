import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Observable, type Observer } from '@babylonjs/core/Misc/observable.js';
import type { IDisposable, Scene } from '@babylonjs/core/scene.js';
import { LatenessEstimate } from '../clock/lateness.ts';
import type { HeardClock } from '../clock/output-clock.ts';
import { registerFaceLoader, unregisterFaceLoader } from '../face/loader.ts';
import type { AudioHost } from '../playback/audio-host.ts';
import { Space } from '../playback/space.ts';
import type { SpaceSettings } from '../playback/space-settings.ts';
import type { EmotionTables } from '../pose/emotion.ts';
import { InputError } from '../speech/errors.ts';
import { Field } from '../speech/field.ts';
import { markedVoices } from '../speech/marked-voices.ts';
import type { VoiceSource } from '../speech/source.ts';
import { Company } from './company.ts';
import { Conversation } from './conversation.ts';
import type { ConversationOptions } from './conversation-options.ts';
import type { ResolvedOptions } from './create.ts';
import type { Director } from './director.ts';
import { FrameDriver } from './frame-driver.ts';
import type { LineSettings } from './line-maker.ts';
import { notify } from './notify.ts';
import type { NpcOptions } from './npc-options.ts';
import { type Mouth, NpcVoice, type SharedSound } from './npc-voice.ts';
import type { Sound } from './sound.ts';
import { SoundGate } from './sound-gate.ts';
import { LEAVING_FADE_MS, TalkingNpc } from './talking-npc.ts';

/** Whether the page may make sound: `locked` until the player's first gesture, `none` where there is no audio at all. */
export type AudioState = 'running' | 'locked' | 'none';

/** Something that goes with the frames. */
export interface Stepped {
  /** One frame, shown at `performanceMs`. */
  update?(performanceMs: number): void;
  /** The same, once the characters were stepped: what they are heard to say is known. */
  settle?(performanceMs: number): void;
  dispose(): void;
}

/**
 * What all NPCs of a scene share: the voice source, the sound and the frame. Made by `CreateParleyAsync`.
 */
export class Parley implements IDisposable {
  readonly scene: Scene;
  /** Where lines come from. Not disposed with Parley: who made it ends it. */
  readonly voices: VoiceSource;
  /** Fires when {@link audioState} changes, with the new state. */
  readonly onAudioStateObservable: Observable<AudioState>;
  /** Emotions of the game's own. */
  readonly emotions: EmotionTables;
  /** The faces of the scene and the player. For {@link TalkingNpc}. */
  readonly company: Company;
  /** Shares out what the crowd costs; undefined where every character has everything. */
  readonly director: Director | undefined;
  /** Fires when a character has come and can speak. */
  readonly onNpcAddedObservable = new Observable<TalkingNpc>();
  /** Fires when a character goes, before its lines are stopped. */
  readonly onNpcRemovedObservable = new Observable<TalkingNpc>();
  /** Fires once, at the end of {@link dispose}. */
  readonly onDisposeObservable = new Observable<Parley>();

  /** What lines are made with. */
  readonly #lineSettings: LineSettings;
  readonly #sound: Sound;
  readonly #shared: SharedSound;
  readonly #npcs: TalkingNpc[] = [];
  readonly #stepped: Stepped[] = [];
  readonly #frames: FrameDriver;
  readonly #afterFrame: Observer<Scene> | null;
  readonly #sceneEnd: Observer<Scene> | null;
  #disposed = false;

  /** Use `CreateParleyAsync`. */
  constructor(scene: Scene, voices: VoiceSource, sound: Sound, options: ResolvedOptions) {
    this.scene = scene;
    this.voices = voices;
    this.onAudioStateObservable = sound.onStateObservable;
    this.#sound = sound;
    const { host } = sound;
    const { spatial: settings, rooms, listener, emotions, director } = options;
    this.emotions = emotions;
    this.company = new Company(scene, listener);
    this.director = director;
    // Frames of a recording take as long as they take.
    director?.begin(scene, this.company, host === undefined || host.liveContext !== undefined);
    const marked = markedVoices(voices);
    this.#lineSettings = {
      voices: director?.leased(marked, true) ?? marked,
      writtenVoices: director?.leased(marked, false) ?? marked,
      lateness: new LatenessEstimate(),
      maxLineBytes: options.maxLineBytes,
    };
    const hrtfVoices = Math.min(settings.hrtfVoices, Math.floor(director?.hrtf ?? settings.hrtfVoices));
    const directed = { ...settings, hrtfVoices };
    this.#shared = {
      sound,
      gate: new SoundGate(sound, options.whenLocked),
      space: host && new Space(scene, host.engine, host.context, directed, { listener, rooms }),
      settings,
    };
    this.#frames = new FrameDriver(scene, options.frameTime, (performanceMs) => this.#update(performanceMs));
    this.#afterFrame = scene.onAfterRenderObservable.add(() => this.#place());
    this.#sceneEnd = scene.onDisposeObservable.add(() => this.dispose());
    registerFaceLoader();
    voices.prepare?.();
  }

  /** What lines are made with. Called by {@link TalkingNpc}. */
  get lineSettings(): LineSettings {
    return this.#lineSettings;
  }

  /** See {@link AudioState}. */
  get audioState(): AudioState {
    return this.#sound.state;
  }

  /** The NPCs, in the order in which they came. Do not change the array. */
  get npcs(): readonly TalkingNpc[] {
    return this.#npcs;
  }

  /**
   * Gives the character below `root` a voice. Throws {@link InputError} when `root` has one or is no node in the scene,
   * for options that do not fit, and after {@link dispose}.
   */
  addNpc(root: TransformNode, options: NpcOptions): TalkingNpc {
    if (typeof root?.addBehavior !== 'function') {
      throw new Field(root, 'addNpc(root)').wrong('a node of the scene');
    }
    const npc = new TalkingNpc(this, options);
    root.addBehavior(npc);
    return npc;
  }

  /**
   * Lets characters talk with one another, from now on: see {@link Conversation}. Throws {@link InputError} for what is no
   * option, for turns of others, and after {@link dispose}.
   */
  converse(npcs: readonly TalkingNpc[], options: ConversationOptions = {}): Conversation {
    if (this.#disposed) throw new InputError('converse()', 'a Parley in use', 'a disposed one');
    return new Conversation(this, npcs, options);
  }

  /** Asks the browser for sound. Call it in a handler of a click, tap or key; other gestures do it by themselves. */
  async unlockAsync(): Promise<void> {
    await this.#sound.host?.unlockAsync();
  }

  /**
   * Volume of all dialogue: 0 mutes it, 1 is as recorded, more is louder; ramps over 10 ms. Default 1. The mouths move as
   * before. Throws {@link InputError} for other numbers.
   */
  setVolume(volume: number): void {
    if (!(volume >= 0 && volume < Number.POSITIVE_INFINITY)) {
      throw new InputError('parley.setVolume(volume)', 'a number from 0', String(volume));
    }
    this.#sound.host?.setVolume(volume);
  }

  /** The context of the sound; undefined where the page has none, and for a recording. */
  get audioContext(): AudioContext | undefined {
    return this.#sound.host?.liveContext;
  }

  /** How voices are heard in the world. */
  get space(): SpaceSettings {
    return this.#shared.settings;
  }

  /** Whether it is over. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** The sound of the page, where there is any. Called by `renderOfflineAsync`. */
  get host(): AudioHost | undefined {
    return this.#sound.host;
  }

  /** What is heard when; undefined where the page has no sound. */
  get outputClock(): HeardClock | undefined {
    return this.#sound.host?.clock;
  }

  /** The trim, milliseconds; see {@link setTrimMs}. */
  get trimMs(): number {
    return this.#sound.host?.clock.trimMs ?? 0;
  }

  /**
   * Sets how much later sound is heard than the browser says, milliseconds: positive where the mouth is ahead of the
   * voice, negative where it is behind. It is kept for this output device, and loaded when the device is used again.
   * Lines that play follow at once; the mouth never goes backwards, it waits. No effect where the page has no sound.
   * Throws {@link InputError} beyond 2,500 either way.
   */
  setTrimMs(trimMs: number): void {
    this.#sound.host?.setTrimMs(trimMs);
  }

  /** Called by {@link TalkingNpc} when it is attached: gives it its voice, heard from `mouth`. */
  registerNpc(npc: TalkingNpc, mouth: Mouth): NpcVoice {
    if (this.#disposed) throw new InputError(`NPC "${npc.name}"`, 'a Parley in use', 'a disposed one');
    this.#npcs.push(npc);
    this.director?.add(npc);
    return new NpcVoice(this.#shared, mouth);
  }

  /** Called by {@link TalkingNpc} when it is detached. */
  unregisterNpc(npc: TalkingNpc): void {
    const index = this.#npcs.indexOf(npc);
    if (index >= 0) this.#npcs.splice(index, 1);
    this.director?.remove(npc);
    notify(this.onNpcRemovedObservable, npc);
  }

  /** Called by what goes with the frames, before the characters are stepped. */
  registerStepped(stepped: Stepped): void {
    this.#stepped.push(stepped);
  }

  unregisterStepped(stepped: Stepped): void {
    const index = this.#stepped.indexOf(stepped);
    if (index >= 0) this.#stepped.splice(index, 1);
  }

  /** Stops every line, frees the sound and leaves the scene. May be called twice. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    unregisterFaceLoader();
    this.#sceneEnd?.remove();
    this.#afterFrame?.remove();
    this.#frames.dispose();
    for (const stepped of [...this.#stepped]) stepped.dispose();
    const fades = this.#npcs.map((npc) => npc.stop({ fadeMs: LEAVING_FADE_MS }));
    for (const npc of [...this.#npcs]) npc.attachedNode?.removeBehavior(npc);
    void Promise.allSettled(fades).then(() => {
      this.#shared.space?.dispose();
      this.#sound.dispose();
    });
    this.director?.dispose();
    this.onDisposeObservable.notifyObservers(this);
    this.onNpcAddedObservable.clear();
    this.onNpcRemovedObservable.clear();
    this.onDisposeObservable.clear();
  }

  #update(performanceMs: number): void {
    const { director } = this;
    director?.beginWork();
    this.#sound.host?.update(performanceMs);
    director?.update(performanceMs);
    for (let index = this.#stepped.length - 1; index >= 0; index--)
      this.#stepped[index]!.update?.(performanceMs);
    let speaking = false;
    for (let index = 0; index < this.#npcs.length; index++) {
      const npc = this.#npcs[index]!;
      npc.update(performanceMs);
      speaking ||= npc.speaking;
    }
    for (let index = this.#stepped.length - 1; index >= 0; index--)
      this.#stepped[index]!.settle?.(performanceMs);
    this.#sound.host?.setSpeaking(speaking);
    director?.endWork();
  }

  /** Once a frame, when everything is where it is shown. */
  #place(): void {
    this.director?.beginWork();
    this.#shared.space?.update();
    this.director?.endWork();
  }
}
