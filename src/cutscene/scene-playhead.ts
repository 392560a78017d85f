import { InputError } from '../speech/errors.ts';
import { Effects, type GameEffect } from './effects.ts';
import type { Given } from './given.ts';
import { layOut } from './lay-out.ts';
import type { Script } from './script.ts';
import type { Hold, Timeline } from './timeline.ts';

/** Slowest and fastest that a scene plays. */
const RATES = [0.1, 16] as const;

/** What a {@link ScenePlayhead} goes through. */
export interface ScenePlayheadOptions {
  readonly script: Script;
  /** What the script does not say; the player's decisions are the playhead's own. */
  readonly given?: Omit<Given, 'decisions'>;
  /** Functions of the game, by the names in `run`. */
  readonly effects?: Readonly<Record<string, GameEffect>>;
  /** What the player had decided when the scene was saved. */
  readonly decisions?: Iterable<readonly [hold: string, choice: number]>;
}

/** A part of a scene that plays again and again, seconds. */
export interface Loop {
  readonly from: number;
  readonly to: number;
}

/**
 * Where a scene is. All that it shows is a function of its seconds and of what the player has decided, so that it can go
 * anywhere and is what it would be if one had watched. Knows no time of its own: whoever shows the scene steps it.
 */
export class ScenePlayhead {
  readonly #script: Script;
  readonly #given: Omit<Given, 'decisions'>;
  readonly #effects: Effects;
  readonly #decisions: Map<string, number>;
  #timeline: Timeline;
  #seconds = 0;
  #rate = 1;
  #playing = false;
  #loop: Loop | undefined;

  /** Throws {@link InputError} as `layOut` does, and for a function at the very start that the game does not have. */
  constructor({ script, given = {}, effects = {}, decisions = [] }: ScenePlayheadOptions) {
    this.#decisions = new Map(decisions);
    this.#script = script;
    this.#given = given;
    this.#effects = new Effects(script.name, effects);
    this.#timeline = this.#layOut();
    this.#effects.goTo(this.#timeline, 0, true);
  }

  /** The scene as far as it is decided. Another object after each decision and {@link refresh}. */
  get timeline(): Timeline {
    return this.#timeline;
  }

  /** What the player has decided so far: to save, together with `seconds`. */
  get decisions(): ReadonlyMap<string, number> {
    return this.#decisions;
  }

  /** Where it is, 0 to `timeline.end`. */
  get seconds(): number {
    return this.#seconds;
  }

  get playing(): boolean {
    return this.#playing;
  }

  /** What the player must do before it can go on. */
  get hold(): Hold | undefined {
    return this.#seconds >= this.#timeline.end ? this.#timeline.hold : undefined;
  }

  /** Whether it is at its very end. */
  get ended(): boolean {
    return this.#timeline.hold === undefined && this.#seconds >= this.#timeline.end;
  }

  /** Seconds of the scene in a second, 0.1 to 16. Default 1. */
  get rate(): number {
    return this.#rate;
  }
  set rate(rate: number) {
    const [least, most] = RATES;
    if (!(rate >= least && rate <= most))
      throw new InputError('rate of a scene', `a number from ${least} to ${most}`, String(rate));
    this.#rate = rate;
  }

  /** A part that plays again and again; none by default. Throws {@link InputError} where it cannot be gone back over. */
  get loop(): Loop | undefined {
    return this.#loop;
  }
  set loop(loop: Loop | undefined) {
    if (loop && !(loop.from >= 0 && loop.to > loop.from))
      throw new InputError(
        'loop of a scene',
        'a part that ends after it begins',
        `${loop.from} to ${loop.to}`,
      );
    if (loop) this.#effects.checkBetween(this.#timeline, loop.from, loop.to);
    this.#loop = loop;
  }

  play(): void {
    this.#playing = true;
  }

  pause(): void {
    this.#playing = false;
  }

  /** So much time has passed, seconds. */
  step(elapsed: number): void {
    if (this.#playing) this.advanceTo(this.#seconds + elapsed * this.#rate);
  }

  /** It is watched up to there, seconds; nothing where that is behind. For a scene that follows the sound of a line. */
  advanceTo(seconds: number): void {
    const loop = this.#loop;
    if (!loop || this.#seconds >= loop.to || seconds < loop.to) {
      if (seconds > this.#seconds) this.#goTo(seconds, true);
      return;
    }
    this.#goTo(loop.to, true);
    this.#goTo(loop.from + ((seconds - loop.to) % (loop.to - loop.from)), false);
  }

  /** Jumps, both ways; to the end of what is decided at most. Throws {@link InputError} where something cannot be taken back. */
  seek(seconds: number): void {
    if (!Number.isFinite(seconds))
      throw new InputError('seek of a scene', 'a number of seconds', String(seconds));
    this.#goTo(seconds, false);
  }

  /** Jumps to the next beat, or to the end of what is decided. */
  skip(): void {
    const next = this.#timeline.beats.find(({ at }) => at > this.#seconds);
    this.#goTo(next?.at ?? this.#timeline.end, false);
  }

  /** Jumps to the end of what is decided. */
  skipToEnd(): void {
    this.#goTo(this.#timeline.end, false);
  }

  /** Jumps to the start of the line; within its first second, to that of the line before. */
  back(): void {
    const before = this.#timeline.lines.findLast(({ start }) => start < this.#seconds - 1);
    this.#goTo(before?.start ?? 0, false);
  }

  /** The player chooses, by the place in the list of the script. Throws {@link InputError} where that is not offered now. */
  choose(index: number): void {
    const offers = this.hold?.offers;
    if (!offers?.some((offer) => offer.index === index)) {
      const expected = offers
        ? `one of ${offers.map((offer) => offer.index).join(', ')}`
        : 'a scene that asks';
      throw new InputError('choose of a scene', expected, String(index));
    }
    this.#decide(index);
  }

  /** The player lets it go on. Nothing where it does not wait for that. */
  proceed(): void {
    if (this.hold && !this.hold.offers) this.#decide(0);
  }

  /** What was decided at a hold and after it is open again. Throws `InputError` where something cannot be taken back. */
  revoke(key: string): void {
    const keys = [...this.#decisions.keys()];
    const first = keys.indexOf(key);
    if (first < 0) return;
    const timeline = this.#layOut(new Map([...this.#decisions].slice(0, first)));
    const seconds = Math.min(this.#seconds, timeline.end);
    this.#effects.goTo(timeline, seconds, false);
    for (const later of keys.slice(first)) this.#decisions.delete(later);
    this.#timeline = timeline;
    this.#seconds = seconds;
  }

  /**
   * What the script does not say is known better, such as how long a line is: the scene is laid out anew, and stays at the
   * same moment of the same beat.
   */
  refresh(): void {
    const before = this.#timeline;
    this.#timeline = this.#layOut();
    this.#seconds = carried(this.#seconds, before, this.#timeline);
    this.#effects.goTo(this.#timeline, this.#seconds, true);
  }

  #decide(index: number): void {
    this.#decisions.set(this.hold!.key, index);
    this.#timeline = this.#layOut();
    this.#effects.goTo(this.#timeline, this.#seconds, true);
  }

  #goTo(seconds: number, watched: boolean): void {
    const to = Math.min(Math.max(seconds, 0), this.#timeline.end);
    this.#effects.goTo(this.#timeline, to, watched);
    this.#seconds = to;
  }

  #layOut(decisions = this.#decisions): Timeline {
    return layOut(this.#script, { ...this.#given, decisions });
  }
}

/** The same moment of the same beat, at most its end. */
function carried(seconds: number, before: Timeline, after: Timeline): number {
  const index = before.beats.findLastIndex(({ at }) => at <= seconds);
  const beat = before.beats[index];
  const same = after.beats.findIndex(({ key }) => key === beat?.key);
  if (!beat || same < 0) return Math.min(seconds, after.end);
  const next = after.beats[same + 1]?.at ?? after.end;
  return Math.min(after.beats[same]!.at + seconds - beat.at, next, after.end);
}
