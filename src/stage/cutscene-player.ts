import { Observable } from '@babylonjs/core/Misc/observable.js';
import type { GameEffect } from '../cutscene/effects.ts';
import { type Loop, ScenePlayhead } from '../cutscene/scene-playhead.ts';
import type { Script } from '../cutscene/script.ts';
import { StateWriter } from '../cutscene/state-writer.ts';
import type { Hold, Timeline } from '../cutscene/timeline.ts';
import type { Line } from '../npc/line.ts';
import { notify } from '../npc/notify.ts';
import type { Parley } from '../npc/parley.ts';
import type { TalkingNpc } from '../npc/talking-npc.ts';
import { InputError, ParleyError } from '../speech/errors.ts';
import { LineTracks } from './line-tracks.ts';
import { SceneLines } from './scene-lines.ts';
import { SceneWorld } from './scene-world.ts';

/** How a cutscene is played. */
export interface CutsceneOptions {
  readonly script: Script;
  /** Functions of the game, by the names in `run`. */
  readonly effects?: Readonly<Record<string, GameEffect>>;
  /** Where it goes on that was saved; from its start by default. */
  readonly saved?: SavedScene;
}

/** A scene to go on with: plain values, for JSON. */
export interface SavedScene {
  readonly seconds: number;
  readonly decisions: readonly (readonly [hold: string, choice: number])[];
}

/** A line of a cutscene that begins. */
export interface SceneLine {
  readonly npc: TalkingNpc;
  readonly line: Line;
}

/** Frames further apart than this are a hitch, and the scene does not jump over what they have missed, seconds. */
const LONGEST_FRAME = 0.25;

/**
 * Plays a cutscene in the scene of a Parley: nodes, cameras, animation groups and characters are found by their names. The
 * lines are fetched ahead; while one is heard the scene follows its sound. It can go anywhere: what is shown is what
 * watching would have left. Made by `playCutscene`.
 */
export class CutscenePlayer {
  /** Fires when the player must choose, or let the scene go on; undefined when that is done. */
  readonly onHoldObservable = new Observable<Hold | undefined>();
  /** Fires with each line as it begins, also one that was begun before, after a jump. */
  readonly onLineObservable = new Observable<SceneLine>();
  /** Fires with the reason when a line could not be spoken; it is shown in silence, and the scene goes on. */
  readonly onFailureObservable = new Observable<ParleyError>();
  /** Fires when the scene is over; again after it went back. */
  readonly onEndObservable = new Observable<void>();

  readonly #parley: Parley;
  readonly #playhead: ScenePlayhead;
  readonly #tracks: LineTracks;
  readonly #lines: SceneLines;
  readonly #writer: StateWriter;
  #frameMs: number | undefined;
  #hold: Hold | undefined;
  #ended = false;
  #disposed = false;

  constructor(parley: Parley, { script, effects, saved }: CutsceneOptions) {
    this.#parley = parley;
    const world = new SceneWorld(parley.scene, () => parley.npcs);
    this.#tracks = new LineTracks(script, parley.lineSettings.voices, (who) => this.#npcOf(who).manner, {
      track: () => this.#playhead.refresh(),
      failure: (error) => notify(this.onFailureObservable, failureOf(error)),
    });
    this.#lines = new SceneLines(
      this.#tracks,
      (who) => this.#npcOf(who),
      (npc, line) => notify(this.onLineObservable, { npc, line }),
    );
    this.#writer = new StateWriter(world.bind, world.initial);
    const { initial, shotOf, secondsOf } = world;
    const given = { initial, shotOf, secondsOf, timesOf: this.#tracks.timesOf };
    this.#playhead = new ScenePlayhead({
      script,
      given,
      ...(effects && { effects }),
      ...(saved && { decisions: saved.decisions }),
    });
    if (saved) this.#playhead.seek(saved.seconds);
    this.#writer.write(this.timeline, this.seconds);
    parley.registerStepped(this);
  }

  /** The scene as far as it is decided. */
  get timeline(): Timeline {
    return this.#playhead.timeline;
  }

  /** Where it is, seconds. */
  get seconds(): number {
    return this.#playhead.seconds;
  }

  get playing(): boolean {
    return this.#playhead.playing;
  }

  get ended(): boolean {
    return this.#playhead.ended;
  }

  /** What the player must do before it can go on. */
  get hold(): Hold | undefined {
    return this.#playhead.hold;
  }

  /** To go on with it later: as `saved` of another player of the same script. */
  get saved(): SavedScene {
    return { seconds: this.seconds, decisions: [...this.#playhead.decisions] };
  }

  /** Seconds of the scene in a second, 0.1 to 16; beyond 0.5 to 2 lines are not heard. Default 1. */
  get rate(): number {
    return this.#playhead.rate;
  }
  set rate(rate: number) {
    this.#playhead.rate = rate;
    this.#lines.rate = rate;
  }

  /** A part that plays again and again. Throws `InputError` where it cannot be gone back over. */
  get loop(): Loop | undefined {
    return this.#playhead.loop;
  }
  set loop(loop: Loop | undefined) {
    this.#playhead.loop = loop;
  }

  play(): void {
    this.#playhead.play();
  }

  /** Pauses the word that is being said as well. */
  pause(): void {
    this.#playhead.pause();
  }

  /** Jumps, both ways, as far as is decided. Throws `InputError` where something of the game cannot be taken back. */
  seek(seconds: number): void {
    this.#jump(() => this.#playhead.seek(seconds));
  }

  /** Jumps to the next beat. */
  skip(): void {
    this.#jump(() => this.#playhead.skip());
  }

  /** Jumps to the end of what is decided. */
  skipToEnd(): void {
    this.#jump(() => this.#playhead.skipToEnd());
  }

  /** Jumps to the start of the line; within its first second, to that of the line before. */
  back(): void {
    this.#jump(() => this.#playhead.back());
  }

  /** The player chooses, by `index` of an offer. Throws `InputError` where that is not offered now. */
  choose(index: number): void {
    this.#playhead.choose(index);
  }

  /** The player lets it go on. */
  proceed(): void {
    this.#playhead.proceed();
  }

  /** Called by Parley once a frame, when it is known how far its lines are heard. */
  settle(performanceMs: number): void {
    const elapsed = Math.max(0, performanceMs - (this.#frameMs ?? performanceMs)) / 1000;
    this.#frameMs = performanceMs;
    this.#tracks.fetchAhead(this.timeline, this.seconds);
    const lead = this.playing ? this.#lines.lead(this.timeline, this.seconds) : 'waits';
    const before = this.seconds;
    if (lead === 'free') this.#playhead.step(Math.min(elapsed, LONGEST_FRAME));
    else if (lead !== 'waits') this.#playhead.advanceTo(lead);
    if (this.seconds < before) this.#lines.jump(this.timeline, this.seconds); // A loop went round.
    this.#lines.update(this.timeline, this.seconds, this.playing);
    this.#writer.write(this.timeline, this.seconds);
    this.#tell();
  }

  /** Stops its lines and lets the scene be as it is. May be called twice. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#parley.unregisterStepped(this);
    this.#lines.stop();
    this.#tracks.dispose();
    for (const observable of [this.onHoldObservable, this.onLineObservable, this.onFailureObservable])
      observable.clear();
    this.onEndObservable.clear();
  }

  #jump(go: () => void): void {
    go();
    this.#lines.jump(this.timeline, this.seconds);
    this.#writer.write(this.timeline, this.seconds);
  }

  #tell(): void {
    const { hold, ended } = this;
    if (hold?.key !== this.#hold?.key) {
      this.#hold = hold;
      notify(this.onHoldObservable, hold);
    }
    if (ended === this.#ended) return;
    this.#ended = ended;
    if (ended) notify(this.onEndObservable, undefined);
  }

  #npcOf(name: string): TalkingNpc {
    const npc = this.#parley.npcs.find((each) => each.name === name);
    if (npc) return npc;
    const known = this.#parley.npcs.map((each) => each.name).join(', ') || 'there is none';
    throw new InputError('A cutscene', `an NPC of that name (${known})`, `"${name}"`);
  }
}

/** Plays a cutscene from its start, or from where it was saved. Throws `InputError` for names that are not in the scene. */
export function playCutscene(parley: Parley, options: CutsceneOptions): CutscenePlayer {
  const player = new CutscenePlayer(parley, options);
  player.play();
  return player;
}

function failureOf(error: unknown): ParleyError {
  return error instanceof ParleyError ? error : new ParleyError('failed', String(error), { cause: error });
}
