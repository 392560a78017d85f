import type { WordMark } from '../../speech/cue.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import type { Anchor } from './aligner.ts';
import { type ReadWord, readWord } from './g2p/read-text.ts';
import { type ReadableWord, wordsOfText } from './g2p/words.ts';
import { HOP } from './mel.ts';
import { Script } from './script.ts';

/** A word may be heard this much outside the time that a service told for it, frames. */
const SLACK = 8;

/** The text of a line as it is to be heard: its words, their sounds, and the times that a service told for them. */
export class LineText {
  readonly script = new Script();
  readonly words: ReadableWord[] = [];
  /** By word, where a service told its time. */
  readonly anchors = new Map<number, Anchor>();
  readonly #read: ReadWord | undefined;
  readonly #lang: string;
  readonly #lexicon: Lexicon | undefined;
  #text = '';
  #growing: boolean;

  /** `read` reads words as phones; without it there are none. `growing`: more of the text may come. */
  constructor(read: ReadWord | undefined, lang: string, growing: boolean, lexicon: Lexicon | undefined) {
    this.#read = read;
    this.#lang = lang;
    this.#lexicon = lexicon;
    this.#growing = growing;
  }

  /** What is known of the text. */
  get text(): string {
    return this.#text;
  }

  /** Whether more of the text may come. */
  get growing(): boolean {
    return this.#growing;
  }

  /**
   * All that is known of the text by now; `whole`: no more comes. One that does not go on from what was read of it is passed
   * over. Returns the number of words that are new; one at the end of a text that grows may not be whole, and waits.
   */
  read(text: string, whole: boolean): number {
    const done = this.words.at(-1)?.to ?? 0;
    if (text.startsWith(this.#text.slice(0, done))) this.#text = text;
    this.#growing = !whole;
    const read = this.#read;
    if (!read) return 0;
    const known = this.words.length;
    for (const word of wordsOfText(this.#text.slice(done), this.#lexicon, this.#lang)) {
      const { from, to } = { from: word.from + done, to: word.to + done };
      if (whole || /\s/.test(this.#text.slice(to))) this.words.push({ ...word, from, to });
    }
    const fresh = this.words.slice(known);
    const phones = fresh.flatMap((word, nth) => readWord(word, known + nth, this.#lang, read));
    this.script.append(phones, (word) => this.words[word]!.marked);
    if (whole) this.script.end();
    return fresh.length;
  }

  /** Whether there is anything in it that can be heard. */
  get asksForSounds(): boolean {
    return this.script.units.some(({ word }) => word >= 0);
  }

  /** Times of words, as a service tells them. */
  addTimes(marks: readonly WordMark[]): void {
    for (const [index, { from, to }] of this.words.entries()) {
      const inside = marks.filter((mark) => mark.from < to && from < mark.to);
      if (inside.length === 0) continue;
      const first = Math.min(...inside.map(({ start }) => start)) / HOP - SLACK;
      const last = Math.max(...inside.map(({ end }) => end)) / HOP + SLACK;
      this.anchors.set(index, { first: Math.floor(first), last: Math.ceil(last) });
    }
  }
}
