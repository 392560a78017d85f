import { READING, READING_LENGTH } from '../clock/gap-map.ts';
import type { LineAudio } from '../playback/line-player.ts';
import type { WordMark } from '../speech/cue.ts';

/** How near to the end the playhead must come to be there, seconds: under one block of the audio thread. */
const HEARD_TOLERANCE = 0.002;

/** How long after the moment at which the end should be heard it is still waited for, milliseconds. */
const PATIENCE_MS = 500;

/** What of a line is heard: read once a frame from its audio, and the one thing that words, mouth and end hang on. */
export class Playhead {
  /** What is heard at the last frame, in the fields of `READING`. */
  readonly reading = new Float64Array(READING_LENGTH);
  #take = 0;
  #nextWord = 0;
  #lastMoment = Number.POSITIVE_INFINITY;
  /** Performance time of the first frame at which the end was waited for. */
  #sinceMs = Number.NaN;
  #gaveUp = false;
  #onHeardOut: () => void = () => {};

  constructor() {
    this.reading[READING.silence] = this.reading[READING.silenceBefore] = Number.POSITIVE_INFINITY;
  }

  /** Line time heard at the last frame, seconds; 0 before the first sample. */
  get seconds(): number {
    return this.reading[READING.line]!;
  }

  /** Whether the first sample was heard. */
  get begun(): boolean {
    return this.reading[READING.silence]! < Number.POSITIVE_INFINITY;
  }

  /** One frame, shown at `performanceMs`. */
  update(audio: LineAudio, performanceMs: number): void {
    audio.readAt(performanceMs, this.reading);
    if (this.#lastMoment === Number.POSITIVE_INFINITY) return;
    if (Number.isNaN(this.#sinceMs)) this.#sinceMs = performanceMs;
    const dueMs = Math.max(this.#sinceMs, audio.heardAtMs(this.#lastMoment) ?? 0);
    if (this.seconds >= this.#lastMoment || performanceMs >= dueMs + PATIENCE_MS) this.#onHeardOut();
  }

  /**
   * The next of `words` whose start was heard, or is before `until`, and that was not given before; after a seek those
   * from there on.
   */
  enteredWord(words: readonly WordMark[], until?: number): WordMark | undefined {
    if (!this.begun) return undefined;
    if (this.reading[READING.take] !== this.#take) this.#goTo(words);
    const word = words[this.#nextWord];
    if (!word) return undefined;
    if (word.start > this.reading[READING.line]! && !(until !== undefined && word.start <= until))
      return undefined;
    this.#nextWord++;
    return word;
  }

  /**
   * Rendered is not yet heard: resolves at the frame at which the playhead has reached `seconds`, or half a second
   * after it should have, and when {@link giveUp} is called.
   */
  async heardOut(seconds: number): Promise<void> {
    if (this.#gaveUp) return;
    this.#lastMoment = seconds - HEARD_TOLERANCE;
    await new Promise<void>((resolve) => {
      this.#onHeardOut = resolve;
    });
  }

  /** The end is not waited for any more: the line was stopped, and there may be no more frames. */
  giveUp(): void {
    this.#gaveUp = true;
    this.#onHeardOut();
  }

  /** The playhead has jumped: the word that it is in comes next. */
  #goTo(words: readonly WordMark[]): void {
    this.#take = this.reading[READING.take]!;
    const next = words.findIndex((word) => word.end > this.seconds);
    this.#nextWord = next < 0 ? words.length : next;
  }
}
