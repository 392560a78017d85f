import { BLUR, STEP, timeOf } from './grid.ts';
import { smoothStep } from './smooth.ts';

/**
 * Shortest hold of a contact, seconds: two frames at 60 Hz, one at 30 Hz, so that every display shows it. Also near
 * the shortest lip closures that are measured in fast speech.
 */
export const HOLD = 0.034;
/**
 * Time in which the shape of closed lips is made and undone, seconds. Lips meet at nearly the greatest speed of the
 * movement (Löfqvist & Gracco 1997): the way itself is not slowed down towards the contact, see `lip-speed.ts`.
 */
const CLOSING = 0.03;
const OPENING = 0.03;
/** Shortest way between closed lips and lip-to-teeth, seconds. */
const CROSSING = 0.05;
/** Part of the time between two contacts that the way into the second takes, at most; the way out of the first has the rest. */
const CLOSING_SHARE = 0.55;
/** No way is shorter, seconds: lips that have hardly parted turn back. */
const SHORTEST_WAY = 0.025;

/**
 * Contacts of one kind over line time: closed lips, lip to teeth, or teeth to teeth. Each is held for a while
 * ("plateau"), with a smooth way in and out. Runs come from cues and are kept; plateaus are placed again whenever
 * something is known that moves them, by the same rule, so the order of arrival does not matter.
 */
export class ContactTrack {
  readonly #runStart: number[] = [];
  readonly #runEnd: number[] = [];
  readonly #start: number[] = [];
  readonly #end: number[] = [];
  readonly #closing: number[] = [];
  readonly #opening: number[] = [];

  /** Takes a contact's time; they come in rising order. `joined`: it goes on from the last one of this kind. */
  add(start: number, end: number, joined: boolean): void {
    const last = this.#runEnd.length - 1;
    if (joined && last >= 0) {
      this.#runEnd[last] = end;
      return;
    }
    this.#runStart.push(start);
    this.#runEnd.push(end);
  }

  /** Number of placed plateaus. */
  get count(): number {
    return this.#start.length;
  }

  /** First moment of a placed plateau, seconds. */
  startOf(index: number): number {
    return this.#start[index]!;
  }

  /** Last moment of a placed plateau, seconds. */
  endOf(index: number): number {
    return this.#end[index]!;
  }

  /**
   * Places every run between `first` and `last` (seconds), at least {@link HOLD} long and as near to its own time as
   * can be: what it lacks it borrows from the sound after it, which the mouth is ahead of. Where `others` hold the lips, a plateau keeps {@link CROSSING} away from theirs, and is left out where
   * they leave no room. Runs that begin at or after `heardUntil` are not placed.
   */
  place(first: number, last: number, heardUntil: number, others?: ContactTrack): void {
    this.#start.length = this.#end.length = this.#closing.length = this.#opening.length = 0;
    let next = 0;
    for (let run = 0; run < this.#runStart.length && this.#runStart[run]! < heardUntil; run++) {
      const runStart = this.#runStart[run]!;
      const runEnd = this.#runEnd[run]!;
      while (others && next < others.count && others.#runStart[next]! < runStart) next++;
      const before = others && next > 0 ? others.endOf(next - 1) : Number.NEGATIVE_INFINITY;
      const after = others && next < others.count ? others.startOf(next) : Number.POSITIVE_INFINITY;
      const low = Math.max(first, before + CROSSING);
      const high = Math.min(last, after - CROSSING);
      if (high - low < HOLD) continue;
      const start = Math.min(Math.max(runStart + BLUR, low), high - HOLD);
      const end = Math.max(Math.min(runEnd - BLUR, high), start + HOLD);
      this.#start.push(start);
      this.#end.push(end);
      this.#closing.push(Math.min(CLOSING, start - before - 2 * BLUR));
      this.#opening.push(Math.min(OPENING, after - end - 2 * BLUR));
    }
    this.#share();
  }

  /**
   * Adds to `made[i]`, for the rows from `first` on, how far the contact is made, 0 to 1: what is there and what comes
   * leave `(1 - a)(1 - b)` apart. Exactly 1 on a plateau and {@link BLUR} around it.
   */
  fill(made: Float64Array, first: number, rows: number): void {
    for (let i = this.#firstAt(timeOf(first)); i < this.#start.length; i++) {
      const start = this.#start[i]! - BLUR;
      const end = this.#end[i]! + BLUR;
      const [closing, opening] = [this.#closing[i]!, this.#opening[i]!];
      const from = Math.max(0, Math.ceil((start - closing) / STEP) - first);
      if (from >= rows) break;
      const to = Math.min(rows - 1, Math.floor((end + opening) / STEP) - first);
      for (let row = from; row <= to; row++) {
        const time = timeOf(first + row);
        const into = 1 - smoothStep((start - time) / closing);
        const outOf = 1 - smoothStep((time - end) / opening);
        made[row] = 1 - (1 - made[row]!) * (1 - into * outOf);
      }
    }
  }

  /** Between two contacts of this kind the mouth opens as long as it can: their ways hardly overlap. */
  #share(): void {
    for (let i = 1; i < this.#start.length; i++) {
      const between = this.#start[i]! - this.#end[i - 1]! - 2 * BLUR;
      const closing = Math.max(between * CLOSING_SHARE, SHORTEST_WAY);
      const opening = Math.max(between * (1 - CLOSING_SHARE), SHORTEST_WAY);
      this.#closing[i] = Math.min(this.#closing[i]!, closing);
      this.#opening[i - 1] = Math.min(this.#opening[i - 1]!, opening);
    }
  }

  #firstAt(time: number): number {
    let low = 0;
    let high = this.#end.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#end[middle]! + BLUR + OPENING > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
