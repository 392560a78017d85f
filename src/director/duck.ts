/** Fastest that a voice gets softer or louder where nobody is meant to notice, decibels a second: under 1 dB in 10 ms. */
const DECIBELS_PER_SECOND = 85;

/** Decibels of a factor e, as 20 log10 has it. */
const DECIBELS = 20 / Math.LN10;

/** Shortest time constant of a gain, seconds; what is told otherwise has it too. */
const SHORTEST_GLIDE = 0.02;

/** How soft a voice begins that is joined in the midst of its line: -40 dB, a whisper beside a talk. */
const HIDDEN = 0.01;

/** Part of a gain that it may be off and still has arrived: 0.1 dB. */
const ARRIVED = 0.01;

const TARGET = 0;
const HEARD = 1;
const GLIDE = 2;
const TIME = 3;

/**
 * How much softer a voice is while one that matters more is heard. It goes there and back slowly enough not to be heard,
 * however few frames there are: each tells where to go, and with which time constant, by what must be heard by then.
 */
export class Duck {
  readonly #state = Float64Array.of(1, 1, SHORTEST_GLIDE, 0);
  readonly #depth: number;
  #hidden = false;

  /** `decibels`: how much softer, from 0. */
  constructor(decibels: number) {
    this.#depth = 10 ** (-decibels / 20);
  }

  /** Whether it is hidden, and not to come out yet. */
  get hidden(): boolean {
    return this.#hidden;
  }

  /** A voice that is not heard yet, and would begin in the midst of a word: it is soft until {@link emerge}. */
  hide(): void {
    this.#hidden = true;
    this.#state[TARGET] = this.#state[HEARD] = HIDDEN;
  }

  /** It sounds: it comes out from the next frame on. */
  emerge(): void {
    this.#hidden = false;
  }

  /** One frame at `clock[0]` seconds: whether gain or glide have changed. It gives way where `ducked`. Allocates nothing. */
  step(ducked: boolean, clock: Float64Array): boolean {
    const state = this.#state;
    const elapsed = Math.max(0, clock[0]! - state[TIME]!);
    state[TIME] = clock[0]!;
    const to = this.#hidden ? HIDDEN : ducked ? this.#depth : 1;
    if (to === state[TARGET] && to === state[HEARD]) return false;
    const left = (state[HEARD]! - state[TARGET]!) * Math.exp(-elapsed / state[GLIDE]!);
    const heard = state[TARGET]! + left;
    const off = Math.abs(to / heard - 1);
    state[TARGET] = to;
    state[HEARD] = off < ARRIVED ? to : heard;
    state[GLIDE] = Math.max(SHORTEST_GLIDE, (DECIBELS * off) / DECIBELS_PER_SECOND);
    return true;
  }

  /** Whether it is as soft as it gets. */
  get isDown(): boolean {
    const state = this.#state;
    return state[TARGET]! <= this.#depth && state[HEARD] === state[TARGET];
  }

  /** The factor that the voice goes to, above 0 to 1, and the time constant with which it does, seconds. */
  get gain(): number {
    return this.#state[TARGET]!;
  }
  get glide(): number {
    return this.#state[GLIDE]!;
  }

  /** The factor that is heard at this frame. */
  get heard(): number {
    return this.#state[HEARD]!;
  }
}
