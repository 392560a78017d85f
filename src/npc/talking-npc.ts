import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Observable } from '@babylonjs/core/Misc/observable.js';
import { RINGS, type Ring } from '../director/seat.ts';
import { atSize } from '../face/at-size.ts';
import type { FaceReport } from '../face/binding.ts';
import type { LinePlayer, LivePlayer } from '../playback/line-player.ts';
import type { SpatialVoice } from '../playback/spatial-voice.ts';
import { coneShape } from '../playback/speech-cone.ts';
import { type EmotionChoice, type Feeling, resolveFeeling } from '../pose/emotion.ts';
import type { Effort } from '../speech/effort.ts';
import { InputError } from '../speech/errors.ts';
import type { Person } from './company.ts';
import { checkTarget, type GazeTarget } from './gaze-target.ts';
import type { Heard } from './heard.ts';
import type { Line } from './line.ts';
import type { Prepared, Sayable } from './line-maker.ts';
import type { StopOptions } from './line-types.ts';
import { notify } from './notify.ts';
import { checkNpcOptions, type LiveSayOptions, type NpcOptions, type SayOptions } from './npc-options.ts';
import { mouthOf, type NpcVoice } from './npc-voice.ts';
import type { Parley } from './parley.ts';
import { Puppet } from './puppet.ts';
import { Speaker } from './speaker.ts';
import type { TalkView } from './talk-looks.ts';
import { VoiceEffort } from './voice-effort.ts';

/** Fade of a line whose character leaves the scene, milliseconds: no click, and gone at once. */
export const LEAVING_FADE_MS = 30;

/**
 * Gives a character a voice: a behaviour of the root node of a loaded glTF.
 * Add it by {@link Parley.addNpc}, which is `root.addBehavior(new TalkingNpc(parley, options))`.
 */
export class TalkingNpc implements Behavior<TransformNode> {
  readonly name: string;
  /** Fires with every line as {@link say} takes it. */
  readonly onLineObservable = new Observable<Line>();

  readonly #parley: Parley;
  readonly #options: NpcOptions;
  readonly #speaker: Speaker;
  readonly #effort: VoiceEffort;
  #emotion!: EmotionChoice;
  #mood!: Feeling;
  #gaze: GazeTarget = 'auto';
  #volume = 1;
  /** What the director leaves of the volume. */
  #duckGain = 1;
  #importance = 1;
  #ring: Ring = 'near';
  #talk: TalkView | undefined;
  #muted = false;
  #node: TransformNode | null = null;
  #puppet: Puppet | undefined;
  #voice: NpcVoice | undefined;

  /** Throws {@link InputError} for options that are none, a cone out of range and an emotion that is not known. */
  constructor(parley: Parley, options: NpcOptions) {
    checkNpcOptions(options);
    coneShape(options.cone);
    this.#parley = parley;
    this.#options = options;
    this.#speaker = new Speaker(
      options,
      parley,
      (signal) => this.#openPlayer(signal),
      (signal) => this.#openLivePlayer(signal),
      parley.director?.stageOf(this),
    );
    this.name = options.name;
    this.#effort = new VoiceEffort(options.name, options);
    this.emotion = options.emotion ?? 'neutral';
    this.importance = options.importance ?? 1;
  }

  /** How its lines are asked for, where they do not say otherwise. */
  get manner(): Pick<NpcOptions, 'voice' | 'lang' | 'speed'> {
    return this.#options;
  }

  /** The node whose character speaks; null before {@link attach} and after {@link detach}. */
  get attachedNode(): TransformNode | null {
    return this.#node;
  }

  /** The line whose turn it is, from its start to its last sample. */
  get line(): Line | undefined {
    return this.#speaker.line;
  }

  /** Lines that wait for their turn: behind {@link line}, or until the director gives this one a voice. */
  get linesWaiting(): number {
    return this.#speaker.linesWaiting;
  }

  /** Whether a line is being spoken or fetched. */
  get speaking(): boolean {
    return this.#speaker.line !== undefined;
  }

  /** Whether it has something to say and waits until others let it, or says it where nobody hears. */
  get waiting(): boolean {
    return this.#speaker.waiting;
  }

  /** The place of the voice in the sound, for effects, meters and recorders. Undefined until it stands, and without audio. */
  get spatial(): SpatialVoice | undefined {
    return this.#voice?.spatial;
  }

  /** What the character's face offers, and what was missing. Undefined before {@link attach}. */
  get face(): FaceReport | undefined {
    return this.#puppet?.report;
  }

  /** Weights and angles that the face was given last, in the order of `CHANNELS`. For panels; do not change them. */
  get pose(): Float32Array | undefined {
    return this.#puppet?.pose;
  }

  /** The node that turns with the head, where one was found. Undefined before {@link attach} and after {@link detach}. */
  get head(): TransformNode | undefined {
    return this.#puppet?.head;
  }

  /** How the character feels, under the emotions of its lines. Default `neutral`. Throws {@link InputError} for one that is not known. */
  get emotion(): EmotionChoice {
    return this.#emotion;
  }
  set emotion(emotion: EmotionChoice) {
    this.#mood = resolveFeeling(`emotion of "${this.name}"`, emotion, this.#parley.emotions);
    this.#emotion = emotion;
    if (this.#puppet) this.#puppet.mood = this.#mood;
  }

  /**
   * How loud the character is, linear: 0 is silent, 1 as recorded, more is louder. Gets there without a click, to within
   * 5 % in 60 ms; the mouth moves as before. Default 1. Throws {@link InputError} for other numbers.
   */
  get volume(): number {
    return this.#volume;
  }
  set volume(volume: number) {
    if (!(volume >= 0 && volume < Number.POSITIVE_INFINITY))
      throw new InputError(`volume of "${this.name}"`, 'a number from 0', String(volume));
    this.#volume = volume;
    this.#tellVolume();
  }

  /** Silent, whatever its {@link volume} is, and the mouth moves as before. Default false. Throws {@link InputError} for what is no boolean. */
  get muted(): boolean {
    return this.#muted;
  }
  set muted(muted: boolean) {
    if (typeof muted !== 'boolean')
      throw new InputError(`muted of "${this.name}"`, 'true or false', String(muted));
    this.#muted = muted;
    this.#tellVolume();
  }

  /**
   * How hard the character tries, where a line does not say: a louder voice carries farther, is brighter, and opens the
   * mouth wider. Default `normal`. Throws {@link InputError} for what is none.
   */
  get effort(): Effort {
    return this.#effort.own;
  }
  set effort(effort: Effort) {
    this.#effort.own = effort;
  }

  /**
   * How much the story wants the character to be noticed, beside how near and how much looked at it is: one of 2 counts
   * as one of 1 at half the distance or less. 0 is a bystander who has what others leave. Default 1. For a director only.
   * Throws {@link InputError} for other numbers.
   */
  get importance(): number {
    return this.#importance;
  }
  set importance(importance: number) {
    if (!(importance >= 0 && importance < Number.POSITIVE_INFINITY))
      throw new InputError(`importance of "${this.name}"`, 'a number from 0', String(importance));
    this.#importance = importance;
  }

  /** How well it is shown and heard at this frame: `near`, which is all of it, unless a director says otherwise. */
  get ring(): Ring {
    return this.#ring;
  }

  /**
   * Looks at the player, another NPC, a node or a point, with eyes, head and neck as far as they go, until told
   * otherwise. `auto`, the default: the player while it speaks, whoever speaks near by while it does not, and about
   * else. Throws {@link InputError} for what cannot be looked at.
   */
  lookAt(target: GazeTarget): void {
    checkTarget(`${this.name}.lookAt(target)`, target);
    this.#gaze = target;
    if (this.#puppet) this.#puppet.target = target;
  }

  /** The face in the scene, for others to look at. Undefined before {@link attach} and after {@link detach}. */
  get person(): Person | undefined {
    return this.#puppet;
  }

  /** Called by Babylon when the behaviour is made; nothing to do. */
  init(): void {}

  /**
   * Binds the face below `node` and gives the character its place in the sound. Called by `addBehavior`.
   * Throws {@link InputError} when the NPC has a node, the node has an NPC or is disposed, its head is that of another
   * NPC, `faceMap` does not fit, or Parley is disposed.
   */
  attach(node: TransformNode): void {
    if (this.#node) throw new InputError(`NPC "${this.name}"`, 'one node', 'a second one; detach it first');
    if (node.behaviors.some((behavior) => behavior instanceof TalkingNpc)) {
      throw new InputError(`NPC "${this.name}"`, 'a node without an NPC', `"${node.name}", which has one`);
    }
    if (node.isDisposed()) {
      throw new InputError(`NPC "${this.name}"`, 'a node of the scene', `"${node.name}", which is disposed`);
    }
    atSize(node, () => this.#bind(node));
    this.#node = node;
    notify(this.#parley.onNpcAddedObservable, this);
  }

  /** Stops all lines and undoes {@link attach}. Called by `removeBehavior` and when the node is disposed. */
  detach(): void {
    if (!this.#node) return;
    this.#node = null;
    this.#parley.unregisterNpc(this);
    const voice = this.#voice;
    this.#speaker.clear();
    void this.stop({ fadeMs: LEAVING_FADE_MS }).finally(() => voice?.dispose());
    this.#puppet?.dispose();
    this.#voice = undefined;
    this.#puppet = undefined;
  }

  /**
   * Says a text, plays a track, or speaks the reply of an agent, and returns its line at once; failures are told by the line, never thrown.
   * A text that is still being written, as by a language model, comes as an async iterable of its pieces: it is spoken
   * clause by clause, at most one ahead of what is heard, and `line.text` grows with it; stopping the line ends the
   * iteration.
   * Throws {@link InputError} when `what` is none of these, an option is out of its range, or the NPC is not attached to a node.
   */
  say(what: Sayable, options: SayOptions = {}): Line {
    this.#checkAttached('say');
    const line = this.#speaker.say(what, options);
    notify(this.onLineObservable, line);
    return line;
  }

  /**
   * Speaks what a live stream brings, such as a WebRTC or LiveKit track: heard from the character's mouth a little later
   * than it comes, 0.12 s unless told otherwise, and seen on its face, which is made of the sound in that time. The line
   * has no text; it ends when all audio tracks have ended, or by `stop()`. What comes before its turn, and while it is
   * paused, is not heard. Where the page may not make sound yet it waits for that as long as the stream lasts, under
   * `whenLocked: 'silent'` too.
   * Throws {@link InputError} for what has no audio track, for options out of range, and where the NPC is not attached;
   * so do `line.seek()`, `line.track()` and `line.rate` for anything but 1.
   */
  speakFrom(source: MediaStream | MediaStreamTrack, options: LiveSayOptions = {}): Line {
    this.#checkAttached('speakFrom');
    const line = this.#speaker.speakFrom(source, options);
    notify(this.onLineObservable, line);
    return line;
  }

  /**
   * Fetches a text so that {@link say}, with the same text and options, begins at once. Up to 16 lines are held; the
   * oldest goes first. Throws as {@link say} does.
   */
  prepare(text: string, options: SayOptions = {}): Prepared {
    this.#checkAttached('prepare');
    return this.#speaker.prepare(text, options);
  }

  /**
   * Says what a stopped line left unsaid, from the start of the word that was cut: from its own sound where that was kept
   * and has come in whole, else anew from the source. Undefined when nothing is left. Throws {@link InputError} for a line
   * that was not stopped, and as {@link say} does.
   */
  continue(line: Line, options: SayOptions = {}): Line | undefined {
    const { what, options: asItWas } = this.#speaker.remainderOf(line, `${this.name}.continue(line)`);
    return what === '' ? undefined : this.say(what, { ...asItWas, ...options });
  }

  /**
   * Stops the running line with a fade (default 60 ms) and drops the waiting ones.
   * Resolves, when the fade is over, with what was heard of the first; undefined when nothing was to be said.
   * Options as in {@link Line.stop}.
   */
  async stop(options: StopOptions = {}): Promise<Heard | undefined> {
    return this.#speaker.stop(options);
  }

  /** Called by the director: another ring, by its place in `RINGS`. */
  handleRing(ring: number): void {
    this.#ring = RINGS[ring]!;
    if (this.#puppet) this.#puppet.ring = ring;
  }

  /** Called by the director: so much is left of the volume while others matter more, above 0 to 1; goes there by a time constant, seconds. */
  handleDuck(gain: number, glide: number): void {
    this.#duckGain = gain;
    this.#tellVolume(glide);
  }

  /** Called by a conversation that it takes part in: where to look meanwhile. */
  handleTalk(view: TalkView | undefined): void {
    this.#talk = view;
    if (this.#puppet) this.#puppet.talk = view;
  }

  /** One frame, shown at `performanceMs`. Called by {@link Parley}. Allocates nothing while nothing changes. */
  update(performanceMs: number): void {
    this.#speaker.update();
    this.#tellEffort();
    this.#voice?.update(performanceMs);
    this.#puppet?.update(this.#speaker.line, performanceMs);
  }

  #bind(node: TransformNode): void {
    const { life = {}, faceMap } = this.#options;
    const { company, emotions } = this.#parley;
    const { feelings } = this.#speaker;
    const puppet = new Puppet(node, { name: this.name, faceMap, life, emotions, company, feelings });
    const other = this.#parley.npcs.find(({ head }) => head !== undefined && head === puppet.head);
    if (other) {
      puppet.dispose();
      const got = `"${puppet.head!.name}", which NPC "${other.name}" turns; name another in its faceMap`;
      throw new InputError(`NPC "${this.name}"`, 'a head of its own', got);
    }
    puppet.mood = this.#mood;
    puppet.target = this.#gaze;
    puppet.talk = this.#talk;
    const mouth = mouthOf(node, puppet.head ?? node, this.#options.cone, puppet.facing);
    this.#puppet = puppet;
    try {
      this.#voice = this.#parley.registerNpc(this, mouth);
    } catch (error) {
      this.#puppet = undefined;
      puppet.dispose();
      throw error;
    }
    this.#tellVolume();
    this.#voice.setEffort(this.#effort.decibels);
    puppet.effort = this.#effort.decibels;
  }

  #tellVolume(glide?: number): void {
    this.#voice?.setVolume(this.#muted ? 0 : this.#volume * this.#duckGain, glide);
  }

  /** At every frame, and before a line sounds. */
  #tellEffort(): void {
    const { line, efforts } = this.#speaker;
    if (!this.#effort.look(line, efforts, this.#puppet, this.#parley.company)) return;
    this.#voice?.setEffort(this.#effort.decibels);
    if (this.#puppet) this.#puppet.effort = this.#effort.decibels;
  }

  #checkAttached(deed: string): void {
    if (this.#node) return;
    throw new InputError(`${this.name}.${deed}()`, 'an NPC attached to a node', 'a detached one');
  }

  #openPlayer(signal: AbortSignal): Promise<LinePlayer> {
    this.#checkAttached('say');
    this.#tellEffort();
    return this.#voice!.openAsync(signal);
  }

  async #openLivePlayer(signal: AbortSignal): Promise<LivePlayer> {
    this.#checkAttached('speakFrom');
    this.#tellEffort();
    return this.#voice!.openLiveAsync(signal);
  }
}
