import type { WordMark } from '../speech/cue.ts';

/** What is known of when a line is spoken. */
export interface LineTimes {
  /** Seconds. */
  readonly duration: number;
  readonly words: readonly Pick<WordMark, 'text' | 'start' | 'end'>[];
  /** Whether it is a guess, because the line has not been synthesised. */
  readonly estimated: boolean;
}

/** Usual pace of speech: 15 letters a second, about 170 words a minute. */
const CHARACTERS_PER_SECOND = 15;

/** Silence around a line, seconds. */
const AROUND = 0.3;

const WORD = /[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu;

/** The words of a text, as marks find them. */
export function wordsOf(text: string): RegExpMatchArray[] {
  return [...text.matchAll(WORD)];
}

/** About when a line will be spoken that nobody has synthesised. */
export function estimateTimes(text: string): LineTimes {
  const at = (index: number) => AROUND / 2 + index / CHARACTERS_PER_SECOND;
  const words = wordsOf(text).map((match) => ({
    text: match[0],
    start: at(match.index!),
    end: at(match.index! + match[0].length),
  }));
  return { duration: AROUND + text.length / CHARACTERS_PER_SECOND, words, estimated: true };
}

/** Whether two words are the same to whoever writes marks: case and what clings to them do not count. */
export function sameWord(one: string, other: string): boolean {
  return bare(one) === bare(other);
}

/** Start of the `nth` of such a word, seconds in line time; undefined where there are fewer. */
export function startOfWord({ words }: LineTimes, word: string, nth = 1): number | undefined {
  let left = nth;
  for (const { text, start } of words) if (sameWord(text, word) && --left === 0) return start;
  return undefined;
}

function bare(word: string): string {
  return (word.match(WORD)?.[0] ?? word).toLowerCase().replace('’', "'");
}
