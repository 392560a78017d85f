import { InputError } from '../speech/errors.ts';
import type { Change, ChannelValue } from './changes.ts';
import type { Given } from './given.ts';
import type {
  AnimateBeat,
  Beat,
  CameraBeat,
  ChooseBeat,
  Ease,
  GotoBeat,
  IfBeat,
  LabelBeat,
  ParallelBeat,
  RunBeat,
  SayBeat,
  Script,
  Shot,
  Variable,
  WaitBeat,
} from './script.ts';

/** Beats that do nothing but change what channels are. */
export type ChangingBeat = Exclude<
  Beat,
  SayBeat | WaitBeat | RunBeat | ParallelBeat | ChooseBeat | IfBeat | LabelBeat | GotoBeat
>;

/** Vertical angle of view of a shot that names none, degrees. */
const FOV = 50;

/**
 * An animation on the playhead: `offset` seconds of it were behind at the time `since`, and `speed` of them a second since;
 * one that runs backwards began at its end.
 */
export interface AnimationState extends Readonly<Record<string, unknown>> {
  readonly since: number;
  readonly backwards: boolean;
  readonly offset: number;
  readonly speed: number;
  readonly loop: boolean;
}

/** A sound that began at the time `since`, seconds. */
export interface SoundState extends Readonly<Record<string, unknown>> {
  readonly since: number;
  readonly volume: number;
  readonly loop: boolean;
}

/** Turns beats into changes of channels, in the order of their times. */
export class BeatChanges {
  readonly all: Change[] = [];
  readonly variables = new Map<string, Variable>();
  readonly #script: Script;
  readonly #given: Given;
  readonly #animations = new Map<string, AnimationState>();
  #end = 0;

  constructor(script: Script, given: Given) {
    this.#script = script;
    this.#given = given;
  }

  /** When the last of them is over, seconds. */
  get end(): number {
    return this.#end;
  }

  /** A variable takes a value. */
  set(name: string, value: Variable, at: number): void {
    this.variables.set(name, value);
    this.#change(`variable:${name}`, value, at);
  }

  /** Takes a beat that begins at `at`; gives how long it takes, seconds. */
  add(beat: ChangingBeat, path: string, at: number): number {
    if ('camera' in beat) return this.#camera(beat, path, at);
    if ('animate' in beat) return this.#animate(beat, at);
    if ('move' in beat) {
      const { move, to, turn, over = 0, ease } = beat;
      if (to) this.#change(`place:${move}`, to, at, over, ease);
      if (turn !== undefined) this.#change(`turn:${move}`, turn, at, over, ease);
      return over;
    }
    if ('look' in beat) this.#change(`look:${beat.look}`, beat.at, at);
    else if ('emote' in beat) {
      const { emote, emotion, strength = 1 } = beat;
      this.#change(`emotion:${emote}`, { emotion, strength }, at);
    } else if ('show' in beat) for (const name of [beat.show].flat()) this.#change(`shown:${name}`, true, at);
    else if ('hide' in beat) for (const name of [beat.hide].flat()) this.#change(`shown:${name}`, false, at);
    else if ('sound' in beat) {
      const { sound, volume = 1, loop = false } = beat;
      const state: SoundState = { since: at, volume, loop };
      this.#change(`sound:${sound}`, state, at);
    } else for (const [name, value] of Object.entries(beat.set)) this.set(name, value, at);
    return 0;
  }

  #camera({ camera, over = 0, ease }: CameraBeat, path: string, at: number): number {
    const shot = typeof camera === 'string' ? this.#shot(camera, path) : camera;
    this.#change('camera', [...shot.position, ...shot.target, shot.fov ?? FOV], at, over, ease);
    return over;
  }

  #shot(name: string, path: string): Shot {
    const { shots, name: script } = this.#script;
    const shot = (Object.hasOwn(shots, name) ? shots[name] : undefined) ?? this.#given.shotOf?.(name);
    if (shot) return shot;
    const known = Object.keys(shots).join(', ') || 'none';
    throw new InputError(
      `${script}, ${path}.camera`,
      `a shot of the script (${known}) or a camera of the scene`,
      JSON.stringify(name),
    );
  }

  #animate({ animate, speed = 1, loop = false }: AnimateBeat, at: number): number {
    const before = this.#animations.get(animate);
    const shown = speed === 0 && before ? before.offset + (at - before.since) * before.speed : 0;
    const backwards = speed === 0 ? (before?.backwards ?? false) : speed < 0;
    const state: AnimationState = { since: at, backwards, offset: shown, speed, loop };
    this.#animations.set(animate, state);
    this.#change(`animation:${animate}`, state, at);
    const seconds = loop || speed === 0 ? 0 : (this.#given.secondsOf?.(animate) ?? 0) / Math.abs(speed);
    this.#end = Math.max(this.#end, at + seconds);
    return seconds;
  }

  #change(channel: string, to: ChannelValue, at: number, over = 0, ease: Ease = 'in-out'): void {
    this.all.push({ channel, at, over, ease, to });
    this.#end = Math.max(this.#end, at + over);
  }
}
