import { Field } from '../speech/field.ts';
import type { Line } from './line.ts';
import type { TurnLine } from './turn-line.ts';

/** When a line begins that is said after another one. */
export interface After {
  /** The other line. It need not have begun. */
  readonly line: Line;
  /**
   * Seconds from the last sound of the other line to the first of this one, as they are heard; below 0 it begins while
   * the other is still spoken. Silence that a service puts before and after a line does not count. -60 to 3600.
   */
  readonly seconds: number;
}

const LEAST_SECONDS = -60;
const MOST_SECONDS = 3_600;

/** Keeps a line until its moment after another one has come. */
export class Following {
  readonly #line: TurnLine;
  readonly #ms: number;

  /** Throws `InputError` for what is no line, and for seconds out of range. */
  constructor(after: After) {
    const given = new Field(after, 'say({ after })');
    if (typeof after !== 'object' || after === null) throw given.wrong('{ line, seconds }');
    this.#ms = given.get('seconds').number(LEAST_SECONDS, MOST_SECONDS) * 1000;
    const { line } = after;
    if (typeof line !== 'object' || line === null || !('soundEndMs' in line))
      throw given.get('line').wrong('a line that was said');
    this.#line = line as TurnLine;
  }

  /**
   * Performance time, milliseconds, at which the first sound is due, by what is known now: infinite while the other line
   * does not go on, or nobody knows how long it is, and long ago where it ended unheard.
   */
  get dueMs(): number {
    const endMs = this.#line.soundEndMs;
    if (endMs !== undefined) return endMs + this.#ms;
    return this.#line.ended ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }

  /** Resolves when the other line has its turn: one that waited for it with a voice might keep it from its own. */
  async begun(): Promise<void> {
    const other = this.#line;
    if (other.state !== 'queued') return;
    await new Promise<void>((resolve) => other.onStateObservable.addOnce(() => resolve()));
  }
}
