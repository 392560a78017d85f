import { eased } from './ease.ts';
import type { Ease } from './script.ts';

/**
 * What a channel of a scene can be: numbers glide from one to the next, all else changes at once. A channel is what one kind
 * of beat owns: `place:NAME`, `turn:NAME`, `camera`, `look:NAME`, `emotion:NAME`, `shown:NAME`, `animation:NAME`,
 * `sound:NAME`, `variable:NAME`.
 */
export type ChannelValue = number | string | boolean | readonly number[] | Readonly<Record<string, unknown>>;

/** A channel becomes something. */
export interface Change {
  readonly channel: string;
  /** When it begins, and how long it takes, seconds. */
  readonly at: number;
  readonly over: number;
  readonly ease: Ease;
  readonly to: ChannelValue;
}

interface Placed extends Change {
  /** What the channel was when the change began; undefined where nobody knows. */
  readonly from: ChannelValue | undefined;
}

/** All that happens to one channel, by time. */
export class ChannelTrack {
  readonly #start: ChannelValue | undefined;
  readonly #changes: Placed[] = [];
  readonly #row: number[] = [];

  /** `start`: what it is before the scene; undefined where nobody knows. */
  constructor(start: ChannelValue | undefined) {
    this.#start = start;
  }

  /** Takes the next change: none begins before the one before it. */
  add(change: Change): void {
    this.#changes.push({ ...change, from: this.valueAt(change.at) });
  }

  /** What the channel is at a time, seconds; undefined before its first change where nobody knows. */
  valueAt(seconds: number): ChannelValue | undefined {
    const value = this.sampleAt(seconds);
    return value === this.#row ? [...this.#row] : value;
  }

  /** The same without allocating: a row that glides is given in a list that the next call writes anew. */
  sampleAt(seconds: number): ChannelValue | undefined {
    const change = this.#changes[this.#indexAt(seconds)];
    if (!change) return this.#start;
    const { at, over, ease, from, to } = change;
    if (seconds >= at + over || from === undefined) return to;
    const share = eased(ease, (seconds - at) / over);
    if (typeof to === 'number' && typeof from === 'number') return from + (to - from) * share;
    if (!isRow(to) || !isRow(from)) return to;
    this.#row.length = to.length;
    for (let index = 0; index < to.length; index++)
      this.#row[index] = from[index]! + (to[index]! - from[index]!) * share;
    return this.#row;
  }

  /** Whether it has the very same value at both times, without working it out: at rest nothing is written. */
  restsBetween(one: number, other: number): boolean {
    const index = this.#indexAt(one);
    if (index !== this.#indexAt(other)) return false;
    const change = this.#changes[index];
    return !change || Math.min(one, other) >= change.at + change.over;
  }

  /** Index of the last change that has begun; -1 where none has. */
  #indexAt(seconds: number): number {
    let [low, high] = [0, this.#changes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#changes[middle]!.at <= seconds) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function isRow(value: ChannelValue): value is readonly number[] {
  return Array.isArray(value);
}
