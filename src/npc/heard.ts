import type { WordMark } from '../speech/cue.ts';

/** What of a line reached the listener before it was stopped. */
export interface Heard {
  /** The part of the text that was heard in whole words, up to the start of the first word that was not. */
  readonly text: string;
  /** Seconds of the line that were heard. */
  readonly seconds: number;
  /** The part of the text that was not heard; begins with the cut word, if one was cut. */
  readonly rest: string;
  /** The word that was being spoken when the line stopped. */
  readonly cutWord: string | undefined;
}

/**
 * Splits a line's text at the moment it stopped.
 * `words` are in rising order; `whole` where no more of them were to come. Without word marks nothing is known to be
 * heard, so all of the text is `rest`.
 */
export function heardOf(text: string, words: readonly WordMark[], seconds: number, whole: boolean): Heard {
  const next = words.find((word) => word.end > seconds);
  if (!next) {
    const last = words.at(-1);
    const until = last ? (whole ? text.length : last.to) : 0;
    return { text: text.slice(0, until), seconds, rest: text.slice(until), cutWord: undefined };
  }
  const cut = next.start < seconds;
  return {
    text: text.slice(0, next.from),
    seconds,
    rest: text.slice(next.from),
    cutWord: cut ? next.text : undefined,
  };
}
