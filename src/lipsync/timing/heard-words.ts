import { HOP } from './mel.ts';

/** Longest time of a word that was passed over, seconds. */
const SKIPPED = 0.04;
/** So many words in a row may be passed over and still count as said. */
const MOST_SKIPPED = 3;

/** When the words of a text were heard, frame by frame. */
export class HeardWords {
  /** By word; holes where one was not heard. */
  readonly spans: { start: number; end: number }[] = [];
  /** Something else than the text was heard since the last word. */
  #left = false;

  /** Something else than the text is heard. */
  leave(): void {
    this.#left = true;
  }

  /** A frame of a word. A path may go back to the word before for a moment; its time is over then. */
  hear(word: number, frame: number): void {
    if (word < this.spans.length - 1) return;
    if (!this.#left) this.#skip(word);
    this.#left = false;
    const span = this.spans[word];
    if (span) span.end = (frame + 1) * HOP;
    else this.spans[word] = { start: frame * HOP, end: (frame + 1) * HOP };
  }

  /** Words that were passed too fast to be decided get a little of the time of the one before them. */
  #skip(word: number): void {
    const before = this.spans.at(-1);
    const missing = word - this.spans.length;
    if (missing <= 0 || missing > MOST_SKIPPED || !before) return;
    const share = Math.min(SKIPPED, (before.end - before.start) / (2 * missing));
    before.end -= missing * share;
    for (let n = 0; n < missing; n++) {
      const start = this.spans.at(-1)!.end;
      this.spans.push({ start, end: start + share });
    }
  }
}
