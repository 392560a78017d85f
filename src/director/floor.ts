import { SEAT, type Seat } from './seat.ts';

/** Somebody who wants to speak, or does. */
export interface Claim {
  readonly seat: Seat;
  /** How much the line matters; see {@link FloorLimits.storyPriority}. */
  readonly priority: number;
  /** When it was asked for, seconds. */
  readonly since: number;
}

/** How many may speak at once, and who gives way. */
export interface FloorLimits {
  /** Most lines under way at once. Default 8. */
  readonly voices: number;
  /** Waiting for so long counts as much as a priority one higher, seconds. Default 5. */
  readonly agingSeconds: number;
  /** From this priority on a line is of the story: chatter does not begin while it is spoken, and is ducked. Default 1. */
  readonly storyPriority: number;
}

/** What {@link Floor.next} found. */
export interface Turn<C extends Claim> {
  /** Who may begin. */
  readonly begin: C;
  /** Who is to stop for it, where all voices are taken. */
  readonly instead: C | undefined;
}

/** How much more a line must matter than one that is being spoken, to take its voice. */
const INTERRUPTS = 1;

/**
 * Decides who may begin to speak. Of those who wait, lines of the story go first, then the highest priority, where
 * waiting counts; among equals, who counts most. While a line of the story is spoken, what matters less does not begin.
 * Where all voices are taken, a line that matters by one more takes the voice of the one that matters least: waiting
 * gives no right to interrupt.
 */
export class Floor<C extends Claim> {
  readonly #limits: FloorLimits;
  readonly #waiting = new Set<C>();
  readonly #speaking = new Set<C>();
  /** Those of the speaking who are to stop, and do not count any more. */
  readonly #stopping = new Set<C>();

  constructor(limits: FloorLimits) {
    this.#limits = limits;
  }

  get waiting(): ReadonlySet<C> {
    return this.#waiting;
  }

  /** Those who speak, and who still fade out. */
  get speaking(): ReadonlySet<C> {
    return this.#speaking;
  }

  /** Somebody wants to speak. */
  ask(claim: C): void {
    this.#waiting.add(claim);
  }

  /** Who waits, does so no more; who speaks, has ended. Of anybody else nothing happens. */
  leave(claim: C): void {
    this.#waiting.delete(claim);
    this.#speaking.delete(claim);
    this.#stopping.delete(claim);
  }

  /** Whether a line of the story is spoken. */
  get hasStory(): boolean {
    return this.#story > Number.NEGATIVE_INFINITY;
  }

  /** Whether a line of the story is spoken that matters more than this one: it is ducked, and does not begin. */
  isDucked({ priority }: Claim): boolean {
    return priority < this.#story;
  }

  /**
   * Who begins now, `now` in seconds; it speaks from here on, until it leaves. Undefined where nobody may. Call it until
   * then whenever somebody has asked or left.
   */
  next(now: number): Turn<C> | undefined {
    const begin = this.#best(now);
    if (!begin) return undefined;
    const free = this.#speaking.size - this.#stopping.size < this.#limits.voices;
    const instead = free ? undefined : this.#least();
    if (instead && instead.priority > begin.priority - INTERRUPTS) return undefined;
    if (!free && !instead) return undefined;
    if (instead) this.#stopping.add(instead);
    this.#waiting.delete(begin);
    this.#speaking.add(begin);
    return { begin, instead };
  }

  /** The highest priority of the story that is being spoken. */
  get #story(): number {
    let highest = Number.NEGATIVE_INFINITY;
    for (const claim of this.#speaking) {
      if (this.#stopping.has(claim) || !this.#isStory(claim)) continue;
      if (claim.priority > highest) highest = claim.priority;
    }
    return highest;
  }

  #isStory({ priority }: Claim): boolean {
    return priority >= this.#limits.storyPriority;
  }

  #best(now: number): C | undefined {
    const story = this.#story;
    let best: C | undefined;
    let most = Number.NEGATIVE_INFINITY;
    for (const claim of this.#waiting) {
      if (claim.priority < story) continue;
      const waited = Math.max(0, now - claim.since) / this.#limits.agingSeconds;
      const worth = claim.priority + waited + standing(claim.seat);
      if (best && this.#isStory(best) !== this.#isStory(claim)) {
        if (this.#isStory(best)) continue;
      } else if (!(worth > most)) continue;
      most = worth;
      best = claim;
    }
    return best;
  }

  /** Who matters least of those who speak. */
  #least(): C | undefined {
    let least: C | undefined;
    let worth = Number.POSITIVE_INFINITY;
    for (const claim of this.#speaking) {
      const own = claim.priority + standing(claim.seat);
      if (this.#stopping.has(claim) || !(own < worth)) continue;
      worth = own;
      least = claim;
    }
    return least;
  }
}

/** How much a character counts, as a part of a priority: 0 to below 1. */
function standing({ row }: Seat): number {
  const weight = row[SEAT.weight]!;
  return weight / (1 + weight);
}
