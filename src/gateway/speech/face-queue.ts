import { SHAPE_COUNT } from '../../speech/face-shapes.ts';
import type { ShapesPart } from '../../speech/part.ts';

/** Most frames in one message: a quarter of a second at 60 a second. */
const MOST = 15;

/**
 * Frames of a face on their way to a client: they leave right before the sound that they belong to, so that those of a
 * whole line do not hold up its first sound.
 */
export class FaceQueue {
  readonly #fromSeconds: number;
  readonly #held: number;
  readonly #waiting: ShapesPart[] = [];
  /** Frames of the first of them that are gone. */
  #gone = 0;

  /** `fromSeconds`: line time before which the client hears nothing. `held`: place up to which it has frames. */
  constructor(fromSeconds: number, held: number) {
    this.#fromSeconds = fromSeconds;
    this.#held = held;
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  add(part: ShapesPart): void {
    this.#waiting.push(part);
  }

  /** The frames up to a line time, seconds, in pieces. They are not given again. */
  *until(seconds: number): Generator<ShapesPart, void, void> {
    for (let part = this.#waiting[0]; part; part = this.#waiting[0]) {
      const { fps, from, frames } = part;
      const count = frames.length / SHAPE_COUNT;
      // One frame more at either end: between two of them a face is drawn from both.
      const first = Math.max(this.#held, Math.floor(this.#fromSeconds * fps) - 1);
      const begin = Math.max(this.#gone, Math.ceil(first - from - 0.5));
      const due = Math.min(count, Math.floor(seconds * fps - from) + 2);
      const end = Math.min(due, begin + MOST);
      if (end > begin) {
        this.#gone = end;
        const piece = frames.subarray(begin * SHAPE_COUNT, end * SHAPE_COUNT);
        yield { type: 'shapes', fps, from: from + begin, frames: piece };
      }
      if (Math.max(begin, end) >= count) {
        this.#waiting.shift();
        this.#gone = 0;
      } else if (end >= due) return;
    }
  }
}
