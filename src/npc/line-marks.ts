import type { WordMark } from '../speech/cue.ts';
import type { Mark } from '../speech/marks.ts';
import { parseMarkup } from '../speech/markup.ts';

/** The marks of a line's text, and which of them have been told. */
export class LineMarks {
  #marks: readonly Mark[] = [];
  /** Place of each mark in the text as given. */
  #places: readonly number[] = [];
  #length = 0;
  #next = 0;
  /** The first word that does not end before the next mark. */
  #word = 0;

  /** The moment that is heard, seconds; in an array, so that handing it over once a frame allocates nothing. */
  readonly moment = new Float64Array(1);

  /** Whether any is left. `text` may have grown since the last call; allocates only when it has. */
  leftIn(text: string): boolean {
    if (text.length !== this.#length) this.#read(text);
    return this.#next < this.#marks.length;
  }

  /**
   * The next mark whose time has come at {@link moment} and that was not given before: a pause when the word before it
   * ends, others when the next word begins. With `ended`, all that are left.
   */
  next(words: readonly WordMark[], ended: boolean): Mark | undefined {
    const mark = this.#marks[this.#next];
    if (!mark) return undefined;
    const place = this.#places[this.#next]!;
    while (this.#word < words.length && words[this.#word]!.to <= place) this.#word++;
    if (!ended && !this.#isHeard(mark, words)) return undefined;
    this.#next++;
    return mark;
  }

  #isHeard({ kind }: Mark, words: readonly WordMark[]): boolean {
    const word = words[this.#word];
    if (!word) return false;
    if (kind !== 'pause') return word.start <= this.moment[0]!;
    return this.#word === 0 || words[this.#word - 1]!.end <= this.moment[0]!;
  }

  /** A text that grows keeps the marks it had, in their order. */
  #read(text: string): void {
    const { marks, sourceIndex } = parseMarkup(text);
    this.#length = text.length;
    this.#marks = marks;
    this.#places = marks.map((mark) => sourceIndex('at' in mark ? mark.at : mark.from));
  }
}
