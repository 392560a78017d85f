import type { WordMark } from './cue.ts';
import type { Mark } from './marks.ts';
import type { MarkedText } from './markup.ts';

/** A mark with its times in line time. */
export interface TimedMark {
  readonly mark: Mark;
  /** Seconds from the line's first audio sample. */
  readonly start: number;
  /** Seconds from the line's first audio sample; for a mark at a place the same as `start`. */
  readonly end: number;
}

/** A moment that depends on words that may not have come yet. */
interface Waiting {
  readonly mark: Mark;
  readonly from: number;
  readonly to: number;
}

/**
 * Puts the marks of a text into line time, from the words of its line as they come. A mark at a place happens when the
 * next word begins, a pause when the word before it ends; a stretch lasts from its first word to its last.
 */
export class MarkTimes {
  readonly #waiting: Waiting[];
  readonly #words: WordMark[] = [];

  /** The words that will come index the text as given, in which the mark-up still stands. */
  constructor({ marks, sourceIndex }: MarkedText) {
    this.#waiting = marks.map((mark) =>
      'at' in mark
        ? { mark, from: sourceIndex(mark.at), to: sourceIndex(mark.at) }
        : { mark, from: sourceIndex(mark.from), to: sourceIndex(mark.to - 1) + 1 },
    );
  }

  /** The marks that these words settle, in the order of their starts. */
  push(words: readonly WordMark[]): TimedMark[] {
    this.#words.push(...words);
    const reached = this.#words.at(-1)?.from ?? -1;
    return this.#settle((waiting) => waiting.to <= reached, Number.POSITIVE_INFINITY);
  }

  /** The marks that are left, now that the line is known to last `duration` seconds. */
  end(duration: number): TimedMark[] {
    return this.#settle(() => true, duration);
  }

  #settle(ready: (waiting: Waiting) => boolean, duration: number): TimedMark[] {
    const settled: TimedMark[] = [];
    for (let at = 0; at < this.#waiting.length; ) {
      const waiting = this.#waiting[at]!;
      if (ready(waiting)) {
        this.#waiting.splice(at, 1);
        settled.push(this.#timed(waiting, duration));
      } else at++;
    }
    return settled.sort((a, b) => a.start - b.start);
  }

  #timed({ mark, from, to }: Waiting, duration: number): TimedMark {
    const last = this.#words.at(-1)?.end ?? 0;
    const latest = Math.min(duration, Number.isFinite(duration) ? duration : last);
    const next = this.#words.find((word) => word.to > from);
    const before = this.#words.findLast((word) => word.from < to);
    if (mark.kind === 'pause') return at(mark, before?.end ?? 0);
    if ('at' in mark) return at(mark, next?.start ?? latest);
    const start = Math.min(next?.start ?? latest, latest);
    return { mark, start, end: Math.max(start, Math.min(before?.end ?? start, latest)) };
  }
}

function at(mark: Mark, time: number): TimedMark {
  return { mark, start: time, end: time };
}
