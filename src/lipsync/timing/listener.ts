import { VISEME_COUNT, VISEME_INDEX } from '../../speech/viseme.ts';

/** What it costs to pass from one shape to another, natural logarithm: fewer, longer shapes the more it is. */
const CHANGE = 1.5;
/**
 * Closed lips must be heard for a few frames before they are shown, but are then shown gladly: what closing costs more
 * than another change, and what speaks for it in each frame, natural logarithms. Tuned on voices that training heard.
 */
const CLOSING = 2.5;
const CLOSURE = 0.95;
/** How much each frame counts: neighbouring frames say nearly the same. */
const HEARD = 0.6;
const LEAST = 1e-4;

const PP = VISEME_INDEX.PP;

/**
 * The most likely row of shapes in what is heard, whatever the language: decided `lag` frames late and never taken back.
 */
export class Listener {
  readonly #lag: number;
  #score = new Float64Array(VISEME_COUNT);
  #next = new Float64Array(VISEME_COUNT);
  /** For the last frames, the shape before each. */
  readonly #back: Int8Array[];
  #frame = 0;
  /** Index of the viseme of each frame that is decided. */
  readonly decisions: number[] = [];

  constructor(lag: number) {
    this.#lag = lag;
    this.#back = Array.from({ length: lag + 1 }, () => new Int8Array(VISEME_COUNT));
  }

  /** Takes the probabilities of the next frame's visemes, and decides the frame `lag` before it. */
  push(visemes: Float32Array): void {
    const [score, next] = [this.#score, this.#next];
    const back = this.#back[this.#frame % this.#back.length]!;
    let best = 0;
    for (let v = 1; v < VISEME_COUNT; v++) if (score[v]! > score[best]!) best = v;
    const passing = score[best]! - CHANGE;
    for (let v = 0; v < VISEME_COUNT; v++) {
      const entered = v === PP ? passing - CLOSING : passing;
      const stays = score[v]! >= entered;
      back[v] = stays ? v : best;
      const heard = Math.log(visemes[v]! + LEAST) + (v === PP ? CLOSURE : 0);
      next[v] = (stays ? score[v]! : entered) - score[best]! + HEARD * heard;
    }
    this.#score = next;
    this.#next = score;
    this.#frame++;
    if (this.#frame > this.#lag) this.decisions.push(this.#shapeBefore(this.#lag));
  }

  /** The line is whole: decides the frames that are left. */
  end(): void {
    const left = this.#frame - this.decisions.length;
    for (let before = left - 1; before >= 0; before--) this.decisions.push(this.#shapeBefore(before));
  }

  /** The shape that the best path had so many frames ago. */
  #shapeBefore(frames: number): number {
    let shape = 0;
    for (let v = 1; v < VISEME_COUNT; v++) if (this.#score[v]! > this.#score[shape]!) shape = v;
    for (let i = 1; i <= frames; i++) shape = this.#back[(this.#frame - i) % this.#back.length]![shape]!;
    return shape;
  }
}
