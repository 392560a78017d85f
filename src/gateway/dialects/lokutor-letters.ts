import type { Cue } from '../../speech/cue.ts';
import type { Viseme } from '../../speech/viseme.ts';

/** A viseme as the Lokutor protocol writes it. */
export interface WireViseme {
  /** Index of the letter in the text of the request, UTF-16. Never falls. */
  readonly v: number;
  /** The letter: one of a e i o u m p b f v t d s z l n r k g, or sil; any letter of the text where those are written. */
  readonly c: string;
  /** Seconds from the start of the request's audio. */
  readonly t: number;
}

/**
 * The letters that stand for each viseme: the one at its place in the text where it is among them, else the first.
 * The set has none for TH and CH; their letter with its place, `th` or `ch` in the text, tells them.
 */
const LETTERS: Readonly<Record<Viseme, string>> = {
  sil: '',
  PP: 'pbm',
  FF: 'fv',
  TH: 't',
  DD: 'td',
  kk: 'kg',
  CH: 's',
  SS: 'sz',
  nn: 'nl',
  RR: 'r',
  aa: 'a',
  E: 'e',
  I: 'i',
  O: 'o',
  U: 'u',
};

/** Tenths of a millisecond are finer than any sound. */
const TIME_STEPS = 1e4;

/** Writes the cues of one line, in rising order, as letters of its text. */
export class LetterWriter {
  readonly #text: string;
  readonly #form: 'sounds' | 'upper' | 'written';
  readonly #offset: number;
  #place = 0;

  /** `written`: letters of the text rather than of the reduced set. `offset` is added to all times, seconds. */
  constructor(text: string, form: 'sounds' | 'upper' | 'written' = 'sounds', offset = 0) {
    this.#text = text;
    this.#form = form;
    this.#offset = offset;
  }

  write({ viseme, start, from = this.#place }: Cue): WireViseme {
    this.#place = Math.max(this.#place, viseme === 'TH' ? this.#startOfTh(from) : from);
    const letters = LETTERS[viseme];
    const letter = this.#letterAt(this.#place);
    const written = this.#form === 'written' && letters !== '' && /\p{L}/u.test(letter);
    const sound = written || letters.includes(letter) ? letter : letters.charAt(0) || 'sil';
    const c = this.#form === 'upper' ? sound.toUpperCase() : sound;
    const t = Math.round((start + this.#offset) * TIME_STEPS) / TIME_STEPS;
    return { v: this.#place, c, t };
  }

  /** A TH may be told at either letter of its "th"; the protocol's clients look at the first. */
  #startOfTh(place: number): number {
    return this.#letterAt(place) === 'h' && this.#letterAt(place - 1) === 't' ? place - 1 : place;
  }

  #letterAt(place: number): string {
    return this.#text.charAt(place).toLowerCase();
  }
}
