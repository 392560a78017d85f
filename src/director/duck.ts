/** Fastest that a voice gets softer or louder where nobody is meant to notice, decibels a second: 1 dB in 10 ms. */
const DECIBELS_PER_SECOND = 100;

const LEVEL = 0;
const TIME = 1;

/** How much softer a voice is while one that matters more is heard; goes there and back slowly enough not to be heard. */
export class Duck {
  readonly #state = new Float64Array(2);
  readonly #depth: number;

  /** `decibels`: how much softer, from 0. */
  constructor(decibels: number) {
    this.#depth = decibels;
  }

  /** One frame at `clock[0]` seconds: whether the gain has changed. It gives way where `ducked`. Allocates nothing. */
  step(ducked: boolean, clock: Float64Array): boolean {
    const state = this.#state;
    const elapsed = Math.max(0, clock[0]! - state[TIME]!);
    state[TIME] = clock[0]!;
    const to = ducked ? this.#depth : 0;
    const level = state[LEVEL]!;
    if (level === to) return false;
    const most = Math.min(elapsed * DECIBELS_PER_SECOND, this.#depth);
    state[LEVEL] = level < to ? Math.min(level + most, to) : Math.max(level - most, to);
    return state[LEVEL] !== level;
  }

  /** The factor of the voice, above 0 to 1. */
  get gain(): number {
    return 10 ** (-this.#state[LEVEL]! / 20);
  }
}
