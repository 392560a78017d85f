import type { WordMark } from '../speech/cue.ts';
import type { LetterEvent } from './letters.ts';

/** A word's place in a text. */
interface Place {
  readonly from: number;
  readonly to: number;
}

/** Where the words of a text are; marks and spaces between them belong to none. */
function placesOf(text: string): Place[] {
  const words = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text);
  return Array.from(words)
    .filter((word) => word.isWordLike)
    .map((word) => ({ from: word.index, to: word.index + word.segment.length }));
}

/**
 * Turns letters with start times into word marks: a word lasts from its first letter to the first event that belongs
 * to no letter of it. It is given out when a letter of another word, or the end, comes. Words of which no letter was
 * told are left out.
 */
export class LetterWords {
  readonly #text: string;
  readonly #places: readonly Place[];
  #next = 0;
  #open: { place: Place; start: number; end: number | undefined } | undefined;
  #latest = 0;

  /** `text` is the one that the events' indexes mean. */
  constructor(text: string) {
    this.#text = text;
    this.#places = placesOf(text);
  }

  /** The words that these events complete, in rising order. */
  push(events: readonly LetterEvent[]): WordMark[] {
    const marks: WordMark[] = [];
    for (const event of events.toSorted((a, b) => a.time - b.time)) {
      this.#latest = Math.max(this.#latest, event.time);
      this.#handle(event, marks);
    }
    return marks;
  }

  /** The last word, now that the line is known to last `duration` seconds. */
  end(duration: number): WordMark[] {
    const marks: WordMark[] = [];
    this.#close(duration, marks);
    return marks;
  }

  #handle({ index, letter }: LetterEvent, marks: WordMark[]): void {
    const open = this.#open;
    const silent = letter.trim() === '' || letter.toLowerCase() === 'sil';
    if (open && index < open.place.to) {
      if (silent) open.end ??= this.#latest;
      else if (index >= open.place.from) open.end = undefined; // A pause within the word.
      return;
    }
    while (this.#next < this.#places.length && this.#places[this.#next]!.to <= index) this.#next++;
    const place = this.#places[this.#next];
    if (silent || !place || index < place.from) {
      if (open) open.end ??= this.#latest;
      return;
    }
    this.#close(this.#latest, marks);
    this.#open = { place, start: this.#latest, end: undefined };
    this.#next++;
  }

  #close(time: number, marks: WordMark[]): void {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    const end = Math.min(open.end ?? time, time);
    if (end <= open.start) return;
    const { from, to } = open.place;
    marks.push({ text: this.#text.slice(from, to), start: open.start, end, from, to });
  }
}
