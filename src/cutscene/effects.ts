import { InputError } from '../speech/errors.ts';
import type { Effect, Timeline } from './timeline.ts';

/** A function of the game that a scene calls, and what takes it back. */
export interface GameEffect {
  do(): void;
  /** Without it, nobody can go back over the call. */
  undo?(): void;
}

/** Which calls a scene has made, so that jumping makes and takes back what watching would have. */
export class Effects {
  readonly #script: string;
  readonly #known: Readonly<Record<string, GameEffect>>;
  /** Calls that the playhead is past, and those of them that were made, in their order. */
  readonly #passed = new Set<string>();
  readonly #made: Effect[] = [];
  /** By which `#passed` is up to date. */
  #timeline: Timeline | undefined;

  /** `script`: its name, for messages. */
  constructor(script: string, known: Readonly<Record<string, GameEffect>>) {
    this.#script = script;
    this.#known = known;
  }

  /**
   * The playhead goes to `seconds`, watched or by a jump: takes back what lies after it or is not in the scene any more,
   * and calls what lies before it.
   * Throws {@link InputError} for a call that nobody can take back or that the game does not have, before anything is done.
   */
  goTo(timeline: Timeline, seconds: number, watched: boolean): void {
    const { effects } = timeline;
    if (timeline === this.#timeline && countUntil(effects, seconds) === this.#passed.size) return;
    const due = effects.filter(({ at }) => at <= seconds);
    const keys = new Set(due.map(({ key }) => key));
    const back = this.#made.filter(({ key }) => !keys.has(key)).reverse();
    for (const { beat } of back) this.#undoOf(beat.run);
    for (const { beat } of due) this.#effect(beat.run);
    for (const effect of back) {
      this.#made.splice(this.#made.indexOf(effect), 1);
      this.#undoOf(effect.beat.run)();
    }
    for (const key of this.#passed) if (!keys.has(key)) this.#passed.delete(key);
    for (const effect of due) {
      if (this.#passed.has(effect.key)) continue;
      this.#passed.add(effect.key);
      if (!watched && effect.beat.onSkip === 'none') continue;
      this.#made.push(effect);
      this.#effect(effect.beat.run).do();
    }
    this.#timeline = timeline;
  }

  /** Throws {@link InputError} where it cannot be gone back from `to` to `from`, seconds. */
  checkBetween({ effects }: Timeline, from: number, to: number): void {
    for (const { at, beat } of effects) if (at > from && at <= to) this.#undoOf(beat.run);
  }

  #effect(name: string): GameEffect {
    const effect = Object.hasOwn(this.#known, name) ? this.#known[name] : undefined;
    if (effect) return effect;
    const known = Object.keys(this.#known).join(', ') || 'none';
    throw new InputError(`${this.#script}, run`, `a function of the game (${known})`, JSON.stringify(name));
  }

  #undoOf(name: string): () => void {
    const effect = this.#effect(name);
    if (effect.undo) return () => effect.undo!();
    throw new InputError(
      `${this.#script}: going back`,
      `an undo of "${name}", over which the playhead would go back`,
      'a function without one',
    );
  }
}

/** How many are at a time or before it; they come in their order. */
function countUntil(effects: readonly Effect[], seconds: number): number {
  let count = 0;
  while (count < effects.length && effects[count]!.at <= seconds) count++;
  return count;
}
