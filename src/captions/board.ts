/** One who speaks, as the board sees it. */
export interface BoardEntry {
  /** Whose line it is. */
  readonly speaker: object;
  /** Rises with every line: of two lines of one speaker the later is shown. */
  readonly order: number;
  /** Whether there is something to be shown now. */
  readonly shows: boolean;
  /** Whether it is of the story, rather than chatter. */
  readonly story: boolean;
  /** How much it counts among its like. */
  readonly weight: number;
  /** Whether it has ended, and is there only to be read. */
  readonly lingers: boolean;
  /** Since when its phrase is shown, seconds. */
  readonly shownAt: number;
  /** The phrase. Those who say the same at once share a caption. */
  readonly phrase: string;
  /** Row of the board: 0 is the first; -1 has none. Written by the board. */
  slot: number;
  /** Whose caption it shares. Written by the board. */
  sharedWith: BoardEntry | undefined;
}

/** How much more than another of its like one must count to take its place. */
const OUTWEIGHS = 1.25;
/** A phrase that has been shown for longer is not begun in its midst, seconds. */
const FRESH = 0.7;
/** A phrase is not taken away earlier for one of its like, seconds: nobody could have read it. */
const READABLE = 1;

/**
 * Decides which captions are shown, and where. Whoever has a place keeps it to the end of the line, so that nothing moves
 * that is being read; new ones take the first free place; where there is none, chatter gives way to the story, and what
 * counts less to what counts clearly more.
 */
export class Board<E extends BoardEntry = BoardEntry> {
  #most: number;
  readonly #holders: (E | undefined)[] = [];

  readonly #fresh: number;
  readonly #shares: boolean;

  /**
   * `most`: places, 1 or more; `fresh`: how long after its beginning a phrase of chatter may still get one, seconds;
   * `shares`: whether those who say the same at once have one place.
   */
  constructor(most: number, { fresh = FRESH, shares = true } = {}) {
    this.#most = most;
    this.#fresh = fresh;
    this.#shares = shares;
  }

  /** Who has each place. */
  get holders(): readonly (E | undefined)[] {
    return this.#holders;
  }

  get most(): number {
    return this.#most;
  }
  set most(most: number) {
    this.#most = most;
    for (const dropped of this.#holders.splice(most)) if (dropped) dropped.slot = -1;
  }

  /** One step, at `now`, seconds. Allocates nothing. */
  update(entries: readonly E[], now: number): void {
    for (let slot = 0; slot < this.#most; slot++) {
      const holder = this.#holders[slot];
      if (holder && !(holder.shows && entries.includes(holder))) this.#clear(slot);
      else if (slot === this.#holders.length) this.#holders.push(undefined);
    }
    for (let index = 0; index < entries.length; index++) this.#settle(entries[index]!);
    for (let next = this.#next(entries, now); next; next = this.#next(entries, now)) {
      this.#settle(next); // Somebody who says the same may have a place by now.
      if (next.sharedWith) continue;
      const slot = this.#slotFor(next, now);
      if (slot < 0) return;
      this.#give(slot, next);
    }
  }

  /** A speaker's next line takes the place of the last; those who say the same share a caption as long as they do. */
  #settle(entry: E): void {
    const shared = entry.sharedWith;
    if (shared && !(entry.shows && shared.slot >= 0 && shared.phrase === entry.phrase))
      entry.sharedWith = undefined;
    if (!entry.shows || entry.slot >= 0 || entry.sharedWith) return;
    for (let slot = 0; slot < this.#most; slot++) {
      const holder = this.#holders[slot];
      if (!holder) continue;
      if (holder.speaker === entry.speaker) {
        if (entry.order > holder.order) this.#give(slot, entry);
        return;
      }
      if (!this.#shares || holder.phrase !== entry.phrase || holder.story !== entry.story) continue;
      entry.sharedWith = holder;
      return;
    }
  }

  /** Who is to have a place next: the story's first, and of each the one that counts most. */
  #next(entries: readonly E[], now: number): E | undefined {
    let best: E | undefined;
    for (let index = 0; index < entries.length; index++) {
      const entry = entries[index]!;
      if (!entry.shows || entry.slot >= 0 || entry.sharedWith || entry.lingers) continue;
      if (!entry.story && now - entry.shownAt > this.#fresh) continue;
      if ((!best || outranks(entry, best)) && !this.#isPast(entry, entries)) best = entry;
    }
    return best;
  }

  /** Whether its speaker has gone on to another line: nobody speaks two at once. */
  #isPast(entry: E, entries: readonly E[]): boolean {
    for (let index = 0; index < entries.length; index++) {
      const { speaker, order, shows } = entries[index]!;
      if (shows && speaker === entry.speaker && order > entry.order) return true;
    }
    return false;
  }

  /** The first free place, else that of whoever counts least, if it gives way; -1 where there is none. */
  #slotFor(entry: E, now: number): number {
    let least = 0;
    for (let slot = 0; slot < this.#most; slot++) {
      const holder = this.#holders[slot];
      if (!holder) return slot;
      if (outranks(this.#holders[least]!, holder)) least = slot;
    }
    return givesWay(this.#holders[least]!, entry, now) ? least : -1;
  }

  #give(slot: number, entry: E): void {
    if (this.#holders[slot]) this.#clear(slot);
    this.#holders[slot] = entry;
    entry.slot = slot;
  }

  #clear(slot: number): void {
    this.#holders[slot]!.slot = -1;
    this.#holders[slot] = undefined;
  }
}

/** Whether one counts more than another: the story before chatter, who speaks before who has spoken, then by weight. */
function outranks(one: BoardEntry, other: BoardEntry): boolean {
  if (one.story !== other.story) return one.story;
  if (one.lingers !== other.lingers) return other.lingers;
  return one.weight > other.weight;
}

function givesWay(holder: BoardEntry, entry: BoardEntry, now: number): boolean {
  if (holder.story !== entry.story) return entry.story;
  if (now - holder.shownAt < READABLE) return false;
  return holder.lingers || entry.weight > holder.weight * OUTWEIGHS;
}
