import type { WordMark } from '../speech/cue.ts';
import { PlausibleTimes, type Span } from './plausible-times.ts';

/** How far ahead a word is looked for that does not come next, UTF-16 units: a service may leave out a few. */
const REACH = 80;

/** Finds the words that a service tells, one after another, in the text of the line. */
export class SpokenWords {
  readonly #text: string;
  readonly #folded: string;
  readonly #times = new PlausibleTimes<Span>();
  #at = 0;
  #latest = 0;

  constructor(text: string) {
    this.#text = text;
    this.#folded = folded(text);
  }

  /**
   * The mark of the next word, seconds in line time; undefined for one that does not stand in the text, has no length, or
   * wild times among others. Words never overlap: one that begins before the last has ended begins when it ends.
   */
  place(word: string, start: number, end: number): WordMark | undefined {
    const wanted = folded(word.trim());
    const bare = wanted.replace(/^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu, '');
    const found = this.#find(wanted) ?? this.#find(bare);
    if (!found || this.#times.push([{ start, end }]).length === 0) return undefined;
    const from = Math.max(start, this.#latest);
    if (end <= from) return undefined;
    this.#at = found.to;
    this.#latest = end;
    return { text: this.#text.slice(found.from, found.to), start: from, end, ...found };
  }

  #find(wanted: string): { from: number; to: number } | undefined {
    if (wanted === '') return undefined;
    const from = this.#folded.indexOf(wanted, this.#at);
    return from < 0 || from - this.#at > REACH ? undefined : { from, to: from + wanted.length };
  }
}

/** Small letters, where that leaves every place in the text as it is. */
function folded(text: string): string {
  const small = text.toLowerCase();
  return small.length === text.length ? small : text;
}
