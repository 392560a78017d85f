/** Something that waits for its turn. */
interface Waiting<T> {
  readonly item: T;
  /** Priority less `since / agingSeconds`: what was added earlier has an advantage that never changes. */
  readonly rank: number;
  readonly since: number;
}

/**
 * Who goes next: the highest priority, where waiting for `agingSeconds` counts as much as a priority one higher, so that
 * nobody waits for ever. Equals go in the order in which they came. Times are seconds of any one clock.
 */
export class WaitQueue<T> {
  readonly #agingSeconds: number;
  /** In the order in which they go. Ranks never change, so neither does it. */
  #waiting: Waiting<T>[] = [];

  constructor(agingSeconds: number) {
    this.#agingSeconds = agingSeconds;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Adds an item that has been waiting `since` then; before items of its rank that came later. */
  add(item: T, priority: number, since: number): void {
    const rank = priority - since / this.#agingSeconds;
    const after = this.#waiting.findIndex((other) => other.rank < rank);
    this.#waiting.splice(after < 0 ? this.#waiting.length : after, 0, { item, rank, since });
  }

  /** Takes out who goes next. */
  take(): T | undefined {
    return this.#waiting.shift()?.item;
  }

  /** Takes out who goes last, where one of this priority that came `since` then would go before. */
  takeBehind(priority: number, since: number): T | undefined {
    const last = this.#waiting.at(-1);
    const isBefore = last !== undefined && priority - since / this.#agingSeconds > last.rank;
    return isBefore ? this.#waiting.pop()!.item : undefined;
  }

  /** Gives an item that waits another priority; it has still been waiting since it came. */
  lift(item: T, priority: number): void {
    const waiting = this.#waiting.find((other) => other.item === item);
    if (!waiting) return;
    this.remove(item);
    this.add(item, priority, waiting.since);
  }

  /** Takes out an item that gives up. */
  remove(item: T): void {
    this.#waiting = this.#waiting.filter((other) => other.item !== item);
  }

  /** Rank of who goes next (0), or of the one behind (1): its priority less the age it began with. */
  rank(place: 0 | 1): number | undefined {
    return this.#waiting[place]?.rank;
  }

  /** How long the one that came first has been waiting. */
  oldestSeconds(now: number): number {
    return this.#waiting.reduce((oldest, { since }) => Math.max(oldest, now - since), 0);
  }
}
