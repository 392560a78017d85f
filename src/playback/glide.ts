/**
 * A fade from one path of a sound to another: the shares of both add up to one all the while, so that no step from
 * sample to sample is larger than the signal's own.
 */
export const FADE = {
  /** Time constant, seconds. */
  seconds: 0.008,
  /**
   * How far ahead it is announced, seconds: both halves reach the audio thread before it begins, and a new path has
   * heard enough to sound as if it had always been there; HRTF takes 12 ms for that.
   */
  lead: 0.03,
  /** When it is over, seconds after it was announced: what is left is at -100 dB. */
  end: 0.125,
} as const;

/** An audio parameter that moves without a click, however late the audio thread learns of it, and costs nothing at rest. */
export class Glide {
  readonly #param: AudioParam;
  readonly #seconds: number;
  #target: number;
  #told: number;

  /** `seconds`: time constant of the approach; 95 % of the way is done after three of them. */
  constructor(param: AudioParam, seconds: number) {
    this.#param = param;
    this.#seconds = seconds;
    this.#told = seconds;
    this.#target = param.value;
  }

  /** Moves to `value` from wherever it is, from `startTime` in the context's time on; by another time constant where one is given. */
  moveTo(value: number, startTime: number, seconds = this.#seconds): void {
    if (value === this.#target && seconds === this.#told) return;
    this.#target = value;
    this.#told = seconds;
    this.#param.setTargetAtTime(value, startTime, seconds);
  }

  /** Is at `value` at once: for when nothing sounds. */
  jumpTo(value: number): void {
    this.#target = value;
    this.#param.cancelScheduledValues(0);
    this.#param.value = value;
  }
}
