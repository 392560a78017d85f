import type { Cue, WordMark } from '../../speech/cue.ts';
import { SHAPE_COUNT } from '../../speech/face-shapes.ts';
import type { ShapesPart } from '../../speech/part.ts';

/** Times that are less apart are the same, seconds: half a sample at 48 kHz. */
const SAME = 1e-5;

/**
 * The marks of a line that have come: how many, for a gateway that knows the line's session, and until when, for another,
 * which gives all of them again, and perhaps cut otherwise.
 */
export class LineMarks {
  cues = 0;
  words = 0;
  /** Place of the next frame of the face. */
  shapes = 0;
  /** Line time up to which there are cues, and from which the last word is, seconds. */
  #cuesEnd = Number.NEGATIVE_INFINITY;
  #lastWord = Number.NEGATIVE_INFINITY;
  #again = false;

  /** From here on all of them come again. */
  restart(): void {
    this.cues = 0;
    this.words = 0;
    this.shapes = 0;
    this.#again = true;
  }

  /** Those that are new. */
  addCues(cues: readonly Cue[]): readonly Cue[] {
    this.cues += cues.length;
    const until = this.#cuesEnd;
    const fresh = this.#again ? cues.filter(({ end }) => end > until + SAME) : cues;
    for (const { end } of fresh) this.#cuesEnd = Math.max(this.#cuesEnd, end);
    return this.#again ? fresh.map((cue) => ({ ...cue, start: Math.max(cue.start, until) })) : fresh;
  }

  /** Those that are new. */
  addWords(words: readonly WordMark[]): readonly WordMark[] {
    this.words += words.length;
    const last = this.#lastWord;
    const fresh = this.#again ? words.filter(({ start }) => start > last + SAME) : words;
    for (const { start } of fresh) this.#lastWord = Math.max(this.#lastWord, start);
    return fresh;
  }

  /** Frames lie where they belong, also twice. */
  addShapes({ from, frames }: Pick<ShapesPart, 'from' | 'frames'>): void {
    this.shapes = from + frames.length / SHAPE_COUNT;
  }
}
