import { Gru, type Matrix, multiply } from '../model.ts';
import type { SpelledSound } from './spelling.ts';

const LETTERS = "abcdefghijklmnopqrstuvwxyz'";
/** Letters that the first layer sees around each. */
const REACH = 2;

/** Words that are weaker in a sentence than in a dictionary. */
const WEAK: Readonly<Record<string, string>> = {
  a: 'ax',
  an: 'ae n',
  the: 'dh ax',
  to: 't ax',
  and: 'ae n d',
};

/** What the reader has learned, see `training/train_g2p.py`. */
export interface EnglishLore {
  readonly matrices: readonly Matrix[];
  /** The phones that each output stands for: none, one or two. */
  readonly labels: readonly string[];
  /** Frequent words that it would read wrongly: `word_letters`, with spaces between; a letter for each phone. */
  readonly exceptions: string;
  /** The letters in {@link exceptions}, and the phones that they stand for, in the same order. */
  readonly letters: string;
  readonly phones: readonly string[];
}

/**
 * Reads English: frequent words that are irregular from a list, all others letter by letter with what was learned from a
 * dictionary.
 */
export class EnglishReader {
  readonly #first: Matrix;
  readonly #forward: readonly [Matrix, Matrix];
  readonly #backward: readonly [Matrix, Matrix];
  readonly #last: Matrix;
  readonly #labels: readonly (readonly string[])[];
  readonly #lore: EnglishLore;

  constructor(lore: EnglishLore) {
    const [first, fi, fs, bi, bs, last] = lore.matrices;
    this.#lore = lore;
    this.#first = first!;
    this.#forward = [fi!, fs!];
    this.#backward = [bi!, bs!];
    this.#last = last!;
    this.#labels = lore.labels.map((label) => label.split(' ').filter((id) => id !== ''));
  }

  /** The phones of a word in small letters. */
  read(word: string): SpelledSound[] {
    const known = WEAK[word]?.split(' ') ?? this.#exception(word);
    if (known) return spread(known, word.length);
    const letters = [...word].map((letter) => LETTERS.indexOf(letter));
    if (letters.every((letter) => letter < 0)) return [];
    const seen = letters.map((_, at) => this.#see(letters, at));
    const forward = this.#run(this.#forward, seen);
    const backward = this.#run(this.#backward, seen.toReversed()).reverse();
    const out = new Float32Array(this.#last.rows);
    const both = new Float32Array(this.#last.columns);
    return seen.flatMap((_, at) => {
      both.set(forward[at]!);
      both.set(backward[at]!, forward[at]!.length);
      multiply(this.#last, both, 0, out);
      return this.#labels[out.indexOf(Math.max(...out))]!.map((id) => ({ id, from: at }));
    });
  }

  /** A search through the list as it is stored takes some 20 µs; unpacking it would take milliseconds. */
  #exception(word: string): string[] | undefined {
    const { exceptions, letters, phones } = this.#lore;
    const key = `${word}_`;
    const first = exceptions.startsWith(key);
    const found = first ? 0 : exceptions.indexOf(` ${key}`) + 1;
    if (found === 0 && !first) return undefined;
    const end = exceptions.indexOf(' ', found);
    const said = exceptions.slice(found + key.length, end < 0 ? undefined : end);
    return Array.from(said, (letter) => phones[letters.indexOf(letter)]!);
  }

  #see(letters: readonly number[], at: number): Float32Array {
    const { rows, columns, weights, bias } = this.#first;
    const seen = Float32Array.from(bias);
    for (let i = -REACH; i <= REACH; i++) {
      const letter = letters[at + i] ?? -1;
      if (letter < 0) continue;
      const column = (i + REACH) * LETTERS.length + letter;
      for (let row = 0; row < rows; row++) seen[row] = seen[row]! + weights[row * columns + column]!;
    }
    return seen.map((value) => Math.max(value, 0));
  }

  #run([input, state]: readonly [Matrix, Matrix], seen: readonly Float32Array[]): Float32Array[] {
    const gru = new Gru(input, state);
    return seen.map((one) => {
      gru.step(one, 0);
      return gru.state.slice();
    });
  }
}

/** Phones over the letters of a word, evenly. */
export function spread(ids: readonly string[], letters: number): SpelledSound[] {
  return ids.map((id, i) => ({ id, from: Math.floor((i * letters) / ids.length) }));
}
