/**
 * Fastest that a voice gets softer or louder where nobody is meant to notice, decibels a second, and most in one frame:
 * behind a glide of 20 ms that is at most 1 dB in 10 ms, however few frames there are.
 */
const DECIBELS_PER_SECOND = 75;
const DECIBELS_PER_FRAME = 1.25;

/** How soft a voice begins that is joined in the midst of its line, decibels: that of a whisper beside a talk. */
const HIDDEN_DECIBELS = 40;

const LEVEL = 0;
const TIME = 1;

/** How much softer a voice is while one that matters more is heard; goes there and back slowly enough not to be heard. */
export class Duck {
  readonly #state = new Float64Array(2);
  readonly #depth: number;
  #hidden = false;

  /** `decibels`: how much softer, from 0. */
  constructor(decibels: number) {
    this.#depth = decibels;
  }

  /** Whether it is hidden, and not to come out yet. */
  get hidden(): boolean {
    return this.#hidden;
  }

  /** A voice that is not heard yet, and would begin in the midst of a word: it stays soft until {@link emerge}. */
  hide(): void {
    this.#hidden = true;
    this.#state[LEVEL] = HIDDEN_DECIBELS;
  }

  /** It sounds: it comes out from the next frame on. */
  emerge(): void {
    this.#hidden = false;
  }

  /** One frame at `clock[0]` seconds: whether the gain has changed. It gives way where `ducked`. Allocates nothing. */
  step(ducked: boolean, clock: Float64Array): boolean {
    const state = this.#state;
    const elapsed = Math.max(0, clock[0]! - state[TIME]!);
    state[TIME] = clock[0]!;
    const to = this.#hidden ? HIDDEN_DECIBELS : ducked ? this.#depth : 0;
    const level = state[LEVEL]!;
    if (level === to) return false;
    const most = Math.min(elapsed * DECIBELS_PER_SECOND, DECIBELS_PER_FRAME);
    state[LEVEL] = level < to ? Math.min(level + most, to) : Math.max(level - most, to);
    return state[LEVEL] !== level;
  }

  /** Whether it is as soft as it gets. */
  get isDown(): boolean {
    return this.#state[LEVEL]! >= this.#depth;
  }

  /** The factor of the voice, above 0 to 1. */
  get gain(): number {
    return 10 ** (-this.#state[LEVEL]! / 20);
  }
}
