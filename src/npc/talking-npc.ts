import type { Behavior } from '@babylonjs/core/Behaviors/behavior.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Observable } from '@babylonjs/core/Misc/observable.js';
import type { FaceReport } from '../face/binding.ts';
import type { LinePlayer } from '../playback/line-player.ts';
import type { SpatialVoice } from '../playback/spatial-voice.ts';
import { coneShape, type SpeechCone } from '../playback/speech-cone.ts';
import { InputError } from '../speech/errors.ts';
import type { Heard } from './heard.ts';
import { Line } from './line.ts';
import { LineQueue } from './line-queue.ts';
import { notify } from './notify.ts';
import { mouthOf, type NpcVoice } from './npc-voice.ts';
import type { Parley } from './parley.ts';
import { Puppet } from './puppet.ts';

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
}

/** How one line is spoken; what is left out comes from the NPC. */
export interface SayOptions {
  readonly voice?: string;
  readonly lang?: string;
  readonly speed?: number;
  /**
   * What happens when the NPC already speaks: `enqueue` waits for its turn, `interrupt` stops the running line
   * with a short fade and drops the waiting ones. Default `enqueue`.
   */
  readonly whileSpeaking?: 'enqueue' | 'interrupt';
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
  #node: TransformNode | null = null;
  #puppet: Puppet | undefined;
  #voice: NpcVoice | undefined;

  /** Throws {@link InputError} for a cone out of range. */
  constructor(parley: Parley, options: NpcOptions) {
    coneShape(options.cone);
    this.#parley = parley;
    this.#options = options;
    this.name = options.name;
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
    const puppet = new Puppet(node, this.name);
    this.#voice = this.#parley.registerNpc(this, mouthOf(node, puppet.head ?? node, this.#options.cone));
    this.#puppet = puppet;
    this.#node = node;
  }

  /** Stops all lines and undoes {@link attach}. Called by `removeBehavior` and when the node is disposed. */
  detach(): void {
    if (!this.#node) return;
    this.#node = null;
    this.#parley.unregisterNpc(this);
    const voice = this.#voice;
    void this.stop({ fadeMs: LEAVING_FADE_MS }).finally(() => voice?.dispose());
    this.#puppet?.dispose();
    this.#voice = undefined;
    this.#puppet = undefined;
  }

  /**
   * Says `text` and returns its line at once; failures are told by the line, never thrown.
   * Throws {@link InputError} when `text` is not a string, `speed` no number above 0, or the NPC is not attached to a node.
   */
  say(text: string, options: SayOptions = {}): Line {
    if (typeof text !== 'string') throw new InputError('say(text)', 'a string', typeof text);
    if (!this.#node)
      throw new InputError(`${this.name}.say()`, 'an NPC attached to a node', 'a detached one');
    const { voice = this.#options.voice, lang = this.#options.lang, speed = this.#options.speed } = options;
    if (speed !== undefined && !(speed > 0 && speed < Number.POSITIVE_INFINITY)) {
      throw new InputError('say({ speed })', 'a number above 0', String(speed));
    }
    const line = new Line(this.#parley.voices, { text, voice, lang, speed }, performance.now());
    if (options.whileSpeaking === 'interrupt') {
      void this.stop();
      line.fetch(); // While the old line fades, the new one is already on its way.
    }
    this.#queue.add(line);
    notify(this.onLineObservable, line);
    return line;
  }

  /**
   * Stops the running line with a fade (default 60 ms) and drops the waiting ones.
   * Resolves, when the fade is over, with what was heard of the first; undefined when nothing was to be said.
   * `fadeMs` as in {@link Line.stop}.
   */
  async stop(options: { fadeMs?: number } = {}): Promise<Heard | undefined> {
    const dropped = this.#queue.clear();
    const first = this.#queue.current ?? dropped.shift();
    for (const line of dropped) void line.stop();
    return first?.stop(options);
  }

  /** One frame, shown at `performanceMs`. Called by {@link Parley}. Allocates nothing while nothing changes. */
  update(performanceMs: number): void {
    this.#queue.update();
    this.#voice?.update(performanceMs);
    this.#puppet?.update(this.#queue.current, performanceMs, this.#voice?.mouthDelayMs);
  }

  #openPlayer(signal: AbortSignal): Promise<LinePlayer> {
    if (!this.#voice)
      throw new InputError(`${this.name}.say()`, 'an NPC attached to a node', 'a detached one');
    return this.#voice.openAsync(signal);
  }
}
