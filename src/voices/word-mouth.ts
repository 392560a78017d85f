import { LetterCues, type LetterEvent } from '../lipsync/letters.ts';
import type { Cue, WordMark } from '../speech/cue.ts';

/**
 * The mouth of words whose times alone are known: each letter of a word has an equal part of its time, and the mouth
 * rests where no word is spoken.
 */
export class WordMouth {
  readonly #cues: LetterCues;
  #restsFrom = 0;

  /** `text` is the one in which the words stand. */
  constructor(text: string) {
    this.#cues = new LetterCues(text);
  }

  /** The cues that a word completes, in rising order. */
  push({ text, start, end, from }: WordMark): Cue[] {
    const letters = [...text.matchAll(/[\p{L}\p{N}]/gu)];
    const step = (end - start) / letters.length;
    const events: LetterEvent[] = letters.map(({ 0: letter, index }, nth) => ({
      letter,
      index: from + index,
      time: start + nth * step,
    }));
    if (start > this.#restsFrom || this.#restsFrom === 0) {
      events.unshift({ letter: 'sil', index: -1, time: this.#restsFrom });
    }
    this.#restsFrom = end;
    return [...this.#cues.push(events), ...this.#cues.end(end)];
  }

  /** The last cues, now that the line is known to last `duration` seconds. */
  end(duration: number): Cue[] {
    const rest = this.#cues.push([{ letter: 'sil', index: -1, time: this.#restsFrom }]);
    return [...rest, ...this.#cues.end(duration)];
  }
}
