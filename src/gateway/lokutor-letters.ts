import type { Cue } from '../speech/cue.ts';
import type { Viseme } from '../speech/viseme.ts';

/** A viseme event of the Lokutor dialect. */
export interface LokutorViseme {
  /** UTF-16 index of the letter in the request's text; never falls. */
  readonly v: number;
  /** The letter that is spoken: one of a e i o u m p b f v t d s z l n r k g, or `sil`. */
  readonly c: string;
  /** Seconds from the start of the request's audio. */
  readonly t: number;
}

/** Letters of the dialect's set that make a shape; the first is sent when the text has another letter there. */
const LETTERS: Readonly<Record<Viseme, string>> = {
  sil: '',
  PP: 'mpb',
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

/** Times are sent to a tenth of a millisecond: well under a frame, and short to write. */
const TIME_STEPS = 10_000;

/** Turns a line's cues into viseme events, in order. A cue without a letter stays at the one before it. */
export class LokutorLetters {
  readonly #text: string;
  #index = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The event that begins with a cue. */
  eventOf(cue: Cue): LokutorViseme {
    this.#index = Math.min(
      Math.max(this.#index, cue.from ?? this.#index),
      Math.max(0, this.#text.length - 1),
    );
    return {
      v: this.#index,
      c: this.#letterOf(cue.viseme),
      t: Math.round(cue.start * TIME_STEPS) / TIME_STEPS,
    };
  }

  #letterOf(viseme: Viseme): string {
    if (viseme === 'sil') return 'sil';
    const letters = LETTERS[viseme];
    const written = this.#text[this.#index]!.toLowerCase();
    return letters.includes(written) ? written : letters[0]!;
  }
}
