import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Observable } from '@babylonjs/core/Misc/observable.js';
import type { FaceReport } from '../face/binding.ts';
import type { FaceMap } from '../face/face-map.ts';
import type { LinePlayer } from '../playback/line-player.ts';
import type { SpatialVoice } from '../playback/spatial-voice.ts';
import { coneShape, type SpeechCone } from '../playback/speech-cone.ts';
import { type EmotionChoice, type Feeling, resolveFeeling } from '../pose/emotion.ts';
import type { LifeOptions } from '../pose/life.ts';
import { InputError } from '../speech/errors.ts';
import type { Track } from '../speech/track.ts';
import type { Person } from './company.ts';
import { checkTarget, type GazeTarget } from './gaze-target.ts';
import type { Heard } from './heard.ts';
import type { Line } from './line.ts';
import { LineMaker, type Prepared, speechOf } from './line-maker.ts';
import { LineQueue } from './line-queue.ts';
import type { StopOptions } from './line-types.ts';
import { notify } from './notify.ts';
import { mouthOf, type NpcVoice } from './npc-voice.ts';
import type { Parley } from './parley.ts';
import { type LineFeeling, Puppet } from './puppet.ts';

/** How an NPC speaks unless a line says otherwise. */
export interface NpcOptions {
  /** Who speaks, for captions; also the name of the behaviour on its node. */
  readonly name: string;
  /** Voice of the source, such as `F1`. Default: the source's own. */
  readonly voice?: string;
  /** Language code of the source. Default: the source's own. */
  readonly lang?: string;
  /** Rate of speaking, 1 is the voice's normal. Default: the source's own. */
  readonly speed?: number;
  /** How much less is heard beside and behind the face; `false` is the same all around. Default: 7 dB less behind. */
  readonly cone?: SpeechCone | false;
  /** What happens to a line that is said while the NPC speaks. Default `enqueue`. */
  readonly whileSpeaking?: WhileSpeaking;
  /** How the character feels until {@link TalkingNpc.emotion} is set. Default `neutral`. */
  readonly emotion?: EmotionChoice;
  /** Signs of life that the character does without; `false` is all of them. Default: it has all. */
  readonly life?: LifeOptions | false;
  /** What moves what, for a face that names its shapes in no usual way: see `faceMapOf`. Default: found by names. */
  readonly faceMap?: FaceMap;
}

/**
 * What happens to a line that is said while the NPC speaks: `enqueue` waits for its turn; `interrupt` stops the running
 * line with a short fade and drops the waiting ones; `drop` leaves the new one unsaid: it is stopped at once.
 */
export type WhileSpeaking = 'enqueue' | 'interrupt' | 'drop';

/** How one line is spoken; what is left out comes from the NPC. */
export interface SayOptions {
  readonly voice?: string;
  readonly lang?: string;
  readonly speed?: number;
  /** What the character feels while it says the line; it comes with the first words and goes after the last. Default: its mood. */
  readonly emotion?: EmotionChoice;
  /** Default: that of the NPC. */
  readonly whileSpeaking?: WhileSpeaking;
  /** Speed of playing, 0.5 to 2, whatever the source can: the pitch stays. May be changed as it plays. Default 1. */
  readonly rate?: number;
  /** Keeps the sound, for `line.seek()` and `line.track()`. Default false: it is freed as it is heard. A track always keeps its own. */
  readonly keep?: boolean;
}

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
  readonly #queue = new LineQueue((signal) => this.#openPlayer(signal));
  readonly #lines: LineMaker;
  /** Lines that have an emotion of their own. */
  readonly #feelings = new WeakMap<Line, LineFeeling>();
  #emotion!: EmotionChoice;
  #mood!: Feeling;
  #gaze: GazeTarget = 'auto';
  #node: TransformNode | null = null;
  #puppet: Puppet | undefined;
  #voice: NpcVoice | undefined;

  /** Throws {@link InputError} for a cone out of range and for an emotion that is not known. */
  constructor(parley: Parley, options: NpcOptions) {
    coneShape(options.cone);
    this.#parley = parley;
    this.#options = options;
    this.#lines = new LineMaker(parley.lineSettings);
    this.name = options.name;
    this.emotion = options.emotion ?? 'neutral';
  }

  /** The node whose character speaks; null before {@link attach} and after {@link detach}. */
  get attachedNode(): TransformNode | null {
    return this.#node;
  }

  /** The line whose turn it is, from its start to its last sample. */
  get line(): Line | undefined {
    return this.#queue.current;
  }

  /** Whether a line is being spoken or fetched. */
  get speaking(): boolean {
    return this.#queue.current !== undefined;
  }

  /** The place of the voice in the sound, for effects, meters and recorders. Undefined until it stands, and without audio. */
  get spatial(): SpatialVoice | undefined {
    return this.#voice?.spatial;
  }

  /** What the character's face offers, and what was missing. Undefined before {@link attach}. */
  get face(): FaceReport | undefined {
    return this.#puppet?.report;
  }

  /** How the character feels, under the emotions of its lines. Default `neutral`. Throws {@link InputError} for one that is not known. */
  get emotion(): EmotionChoice {
    return this.#emotion;
  }
  set emotion(emotion: EmotionChoice) {
    this.#mood = this.#feelingOf(`emotion of "${this.name}"`, emotion);
    this.#emotion = emotion;
    if (this.#puppet) this.#puppet.mood = this.#mood;
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
   * Throws {@link InputError} when the NPC has a node, the node has an NPC, or Parley is disposed.
   */
  attach(node: TransformNode): void {
    if (this.#node) throw new InputError(`NPC "${this.name}"`, 'one node', 'a second one; detach it first');
    if (node.behaviors.some((behavior) => behavior instanceof TalkingNpc)) {
      throw new InputError(`NPC "${this.name}"`, 'a node without an NPC', `"${node.name}", which has one`);
    }
    const { life = {}, faceMap } = this.#options;
    const { company } = this.#parley;
    const puppet = new Puppet(node, { name: this.name, faceMap, life, company, feelings: this.#feelings });
    puppet.mood = this.#mood;
    puppet.target = this.#gaze;
    const mouth = mouthOf(node, puppet.head ?? node, this.#options.cone, puppet.facing);
    this.#voice = this.#parley.registerNpc(this, mouth);
    this.#puppet = puppet;
    this.#node = node;
  }

  /** Stops all lines and undoes {@link attach}. Called by `removeBehavior` and when the node is disposed. */
  detach(): void {
    if (!this.#node) return;
    this.#node = null;
    this.#parley.unregisterNpc(this);
    const voice = this.#voice;
    this.#lines.clear();
    void this.stop({ fadeMs: LEAVING_FADE_MS }).finally(() => voice?.dispose());
    this.#puppet?.dispose();
    this.#voice = undefined;
    this.#puppet = undefined;
  }

  /**
   * Says a text, or plays a track, and returns its line at once; failures are told by the line, never thrown.
   * Throws {@link InputError} when `what` is neither, an option is out of its range, or the NPC is not attached to a node.
   */
  say(what: string | Track, options: SayOptions = {}): Line {
    this.#checkAttached('say');
    const { emotion } = options;
    const feeling = emotion === undefined ? undefined : this.#feelingOf('say({ emotion })', emotion);
    const { whileSpeaking = this.#options.whileSpeaking ?? 'enqueue' } = options;
    checkPolicy(whileSpeaking);
    const dropped = whileSpeaking === 'drop' && this.#queue.busy;
    const line = this.#lines.lineOf(what, this.#withDefaults(options), !dropped);
    if (emotion !== undefined && feeling) this.#feelings.set(line, { choice: emotion, ...feeling });
    if (whileSpeaking === 'interrupt') {
      void this.stop();
      void line.fetch(); // While the old line fades, the new one is already on its way.
    }
    if (dropped) void line.stop();
    else this.#queue.add(line);
    notify(this.onLineObservable, line);
    return line;
  }

  /**
   * Fetches a text so that {@link say}, with the same text and options, begins at once. Up to 16 lines are held; the
   * oldest goes first. Throws as {@link say} does.
   */
  prepare(text: string, options: SayOptions = {}): Prepared {
    this.#checkAttached('prepare');
    return this.#lines.prepare(text, this.#withDefaults(options));
  }

  /**
   * Says what a stopped line left unsaid, from the start of the word that was cut: from its own sound where that was kept
   * and has come in whole, else anew from the source. Undefined when nothing is left. Throws {@link InputError} for a line
   * that was not stopped, and as {@link say} does.
   */
  continue(line: Line, options: SayOptions = {}): Line | undefined {
    const rest = line.rest;
    if (rest === undefined) {
      throw new InputError(
        `${this.name}.continue(line)`,
        'a line that was stopped',
        `one that is ${line.state}`,
      );
    }
    if (rest === '') return undefined;
    const emotion = this.#feelings.get(line)?.choice;
    const feeling = emotion === undefined ? {} : { emotion };
    return this.say(rest, {
      ...speechOf(line.request),
      rate: line.rate,
      keep: line.keeps,
      ...feeling,
      ...options,
    });
  }

  /**
   * Stops the running line with a fade (default 60 ms) and drops the waiting ones.
   * Resolves, when the fade is over, with what was heard of the first; undefined when nothing was to be said.
   * Options as in {@link Line.stop}.
   */
  async stop(options: StopOptions = {}): Promise<Heard | undefined> {
    const dropped = this.#queue.clear();
    const first = this.#queue.current ?? dropped.shift();
    for (const line of dropped) void line.stop();
    return first?.stop(options);
  }

  /** One frame, shown at `performanceMs`. Called by {@link Parley}. Allocates nothing while nothing changes. */
  update(performanceMs: number): void {
    this.#queue.update();
    this.#voice?.update(performanceMs);
    this.#puppet?.update(this.#queue.current, performanceMs);
  }

  #withDefaults(options: SayOptions): SayOptions {
    const { voice, lang, speed } = this.#options;
    return { ...options, ...speechOf({ voice, lang, speed }), ...speechOf(options) };
  }

  #feelingOf(where: string, emotion: EmotionChoice): Feeling {
    return resolveFeeling(where, emotion, this.#parley.emotions);
  }

  #checkAttached(deed: string): void {
    if (this.#node) return;
    throw new InputError(`${this.name}.${deed}()`, 'an NPC attached to a node', 'a detached one');
  }

  #openPlayer(signal: AbortSignal): Promise<LinePlayer> {
    this.#checkAttached('say');
    return this.#voice!.openAsync(signal);
  }
}

function checkPolicy(policy: WhileSpeaking): void {
  if (policy === 'enqueue' || policy === 'interrupt' || policy === 'drop') return;
  throw new InputError('say({ whileSpeaking })', 'enqueue, interrupt or drop', String(policy));
}
