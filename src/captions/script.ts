import { parseMarkup } from '../speech/markup.ts';
import { type CaptionRoom, inRows, type Phrase, phrasesOf } from './phrases.ts';

/** The text of a line as captions show it: without mark-up, cut into phrases. It may grow. */
export class CaptionScript {
  #room: CaptionRoom;
  #source = '';
  #text = '';
  #sourceIndex: (index: number) => number = (index) => index;
  #phrases: Phrase[] = [];

  constructor(room: CaptionRoom) {
    this.#room = room;
  }

  /** The text without mark-up. */
  get text(): string {
    return this.#text;
  }

  get phrases(): readonly Phrase[] {
    return this.#phrases;
  }

  /** Reads the text as given. A text that has grown keeps the phrases that it had, and the last one as far as it fits; tells whether it has. */
  read(source: string): boolean {
    if (source === this.#source) return false;
    const { text, sourceIndex } = parseMarkup(source);
    const before = this.#text;
    this.#source = source;
    this.#text = text;
    this.#sourceIndex = sourceIndex;
    if (!text.startsWith(before)) this.#cut(0);
    else this.#grow(before.length);
    return true;
  }

  /** Cuts anew for another room. */
  fit(room: CaptionRoom): void {
    this.#room = room;
    this.#cut(0);
  }

  /** The place in {@link text} of an index in the text as given. */
  placeOf(sourceIndex: number): number {
    if (this.#text === this.#source) return Math.min(sourceIndex, this.#text.length);
    let low = 0;
    let high = this.#text.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sourceIndex(middle) < sourceIndex) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Which phrase a place is in, by its number; -1 where there is none. */
  phraseAt(place: number): number {
    let last = this.#phrases.length - 1;
    while (last > 0 && this.#phrases[last]!.from > place) last--;
    return last;
  }

  /** A phrase as it is shown: parted into rows, without the white space at its ends. Places keep their distance. */
  shown(number: number): Phrase & { readonly text: string } {
    const { from, to } = this.#phrases[number]!;
    const whole = this.#text.slice(from, to);
    const start = whole.length - whole.trimStart().length;
    const text = whole.trim().replaceAll(/\s/g, ' ');
    return { from: from + start, to, text: inRows(text, this.#room) };
  }

  /** What stood before is on the screen: the last phrase is cut shorter only where it ended in the midst of a word. */
  #grow(before: number): void {
    const last = this.#phrases.at(-1);
    if (!last) {
      this.#cut(0);
      return;
    }
    const [whole] = phrasesOf(this.#text, this.#room, last.from);
    const parted = /\s$/.test(this.#text.slice(0, before)) || /^\s/.test(this.#text.slice(before));
    if (whole!.to < before && parted) {
      const rest = phrasesOf(this.#text, this.#room, before);
      this.#phrases = [...this.#phrases.slice(0, -1), { from: last.from, to: before }, ...rest];
    } else this.#phrases = [...this.#phrases.slice(0, -1), ...phrasesOf(this.#text, this.#room, last.from)];
  }

  #cut(from: number): void {
    this.#phrases = phrasesOf(this.#text, this.#room, from);
  }
}
