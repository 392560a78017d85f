import type { WordMark } from '../speech/cue.ts';
import { parseMarkup } from '../speech/markup.ts';
import { MOMENT } from './moment.ts';
import { chance } from './noise.ts';

/** How a phrase ends. */
export const PHRASE = {
  /** In a pause, without a mark. */
  pause: 0,
  comma: 1,
  stop: 2,
  /** A question that is answered with yes or no. */
  question: 3,
  /** A question for a who, what or where. */
  openQuestion: 4,
} as const;

/** A gap between words that is heard as a pause, seconds: above the longest closures of stops (Goldman-Eisler 1968). */
const PAUSE = 0.2;

/** Tags of mark-up, which are no part of what is said. */
const TAGS = /<\/?[a-zA-Z!?][^<>]*>/g;

/** Weight of the words that a writer has emphasised. Of those with less than others there is no accent at all. */
const STRESSES = { strong: 1, moderate: 0.85, reduced: 0 } as const;

/** Words of so many letters and fewer carry no accent. */
const LIGHT = 3;

const QUESTION_WORD = /^(who|whom|whose|what|which|where|when|why|how)$/i;
const NONE: readonly WordMark[] = [];

/**
 * The phrases of a line and the words in them that carry weight, from its words and the marks in its text. Made anew
 * only when more words are known; read without allocation.
 */
export class Phrasing {
  /** Phrases: when they start and end, seconds of line time, and how, one of {@link PHRASE}. */
  phraseStart = new Float64Array(0);
  phraseEnd = new Float64Array(0);
  phraseKind = new Uint8Array(0);
  /** Accents: start of the word, seconds of line time, how much weight it carries, 0 to 1, and whether brows mark it. */
  accentStart = new Float64Array(0);
  accentWeight = new Float64Array(0);
  accentBrow = new Uint8Array(0);

  /** The first phrase that ends after the playhead of the last {@link follow}; their number where none does. */
  now = 0;

  readonly #seed: number;
  #words = NONE;
  #known = 0;

  /** `seed` decides between words of like weight. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Takes in what is known of a line. Does nothing where that is no more than before. */
  update(words: readonly WordMark[], text: string): void {
    if (words === this.#words && words.length === this.#known) return;
    this.#words = words;
    this.#known = words.length;
    const marked = text.includes('<');
    // Blanks keep every place as it is.
    this.#makePhrases(words, marked ? text.replace(TAGS, (tag) => ' '.repeat(tag.length)) : text);
    this.#makeAccents(words, marked ? stressesOf(words, text) : new Map());
    this.now = 0;
  }

  /** Finds {@link now} for the playhead of a moment. Allocates nothing. */
  follow(moment: Float64Array): void {
    const playhead = moment[MOMENT.playhead]!;
    const ends = this.phraseEnd;
    let now = this.now;
    while (now > 0 && ends[now - 1]! > playhead) now--;
    while (now < ends.length && ends[now]! <= playhead) now++;
    this.now = now;
  }

  /** No line. */
  clear(): void {
    this.update(NONE, '');
  }

  #makePhrases(words: readonly WordMark[], text: string): void {
    const starts: number[] = [];
    const ends: number[] = [];
    const kinds: number[] = [];
    let first = 0;
    words.forEach((word, index) => {
      const next = words[index + 1];
      const mark = markAfter(text, word, next);
      const pause = next !== undefined && next.start - word.end > PAUSE;
      const isLast = !next && !/[\p{L}\p{N}]/u.test(text.slice(word.to));
      if (!mark && !pause && !isLast) return;
      starts.push(words[first]!.start);
      ends.push(word.end);
      kinds.push(kindOf(mark, words[first]!, text));
      first = index + 1;
    });
    this.phraseStart = Float64Array.from(starts);
    this.phraseEnd = Float64Array.from(ends);
    this.phraseKind = Uint8Array.from(kinds);
  }

  /**
   * Longer words carry weight more often, "the" and "of" never; the last weighty word of a phrase nearly always does. What
   * the writer says goes before all that.
   */
  #makeAccents(words: readonly WordMark[], stresses: ReadonlyMap<WordMark, number>): void {
    const seed = this.#seed;
    const starts: number[] = [];
    const weights: number[] = [];
    const brows: number[] = [];
    const nuclei = this.#nuclei(words);
    for (const word of words) {
      const letters = word.to - word.from;
      const stress = stresses.get(word);
      if (stress !== undefined && stress > 0) {
        starts.push(word.start);
        weights.push(stress);
        brows.push(1);
      }
      if (stress !== undefined || letters <= LIGHT) continue;
      const isNucleus = nuclei.has(word);
      const likely = isNucleus ? 0.9 : 0.2 + 0.08 * (letters - LIGHT);
      if (chance(seed, word.from * 2) >= likely) continue;
      starts.push(word.start);
      weights.push((isNucleus ? 0.6 : 0.4) + 0.4 * chance(seed, word.from * 2 + 1));
      brows.push(chance(seed, word.to * 2) < 0.4 ? 1 : 0);
    }
    this.accentStart = Float64Array.from(starts);
    this.accentWeight = Float64Array.from(weights);
    this.accentBrow = Uint8Array.from(brows);
  }

  /** The last weighty word of each phrase. */
  #nuclei(words: readonly WordMark[]): Set<WordMark> {
    const nuclei = new Map<number, WordMark>();
    let phrase = 0;
    for (const word of words) {
      while (phrase < this.phraseEnd.length && this.phraseEnd[phrase]! < word.end) phrase++;
      if (phrase < this.phraseEnd.length && word.to - word.from > LIGHT) nuclei.set(phrase, word);
    }
    return new Set(nuclei.values());
  }
}

/** Weights of the words in emphasised stretches: of those that carry any by themselves, else of the last. */
function stressesOf(words: readonly WordMark[], text: string): Map<WordMark, number> {
  const { marks, sourceIndex } = parseMarkup(text);
  const stresses = new Map<WordMark, number>();
  for (const mark of marks) {
    if (mark.kind !== 'emphasis') continue;
    const [from, to] = [sourceIndex(mark.from), sourceIndex(mark.to - 1) + 1];
    const inside = words.filter((word) => word.to > from && word.from < to);
    const heavy = inside.filter((word) => word.to - word.from > LIGHT);
    for (const word of heavy.length > 0 ? heavy : inside.slice(-1)) stresses.set(word, STRESSES[mark.level]);
  }
  return stresses;
}

/** The mark between a word and the next one, which some sources leave to the word itself. */
function markAfter(text: string, word: WordMark, next: WordMark | undefined): string {
  const between = text.slice(word.to, next ? next.from : undefined);
  const around = between + (word.text.match(/[^\p{L}\p{N}]+$/u)?.[0] ?? '');
  return /[?]/.exec(around)?.[0] ?? /[.!…]/.exec(around)?.[0] ?? /[,;:–—]/.exec(around)?.[0] ?? '';
}

function kindOf(mark: string, first: WordMark, text: string): number {
  if (mark === '?') {
    const word = text.slice(first.from, first.to);
    return QUESTION_WORD.test(word) ? PHRASE.openQuestion : PHRASE.question;
  }
  if (mark === '') return PHRASE.pause;
  return /[,;:–—]/.test(mark) ? PHRASE.comma : PHRASE.stop;
}
