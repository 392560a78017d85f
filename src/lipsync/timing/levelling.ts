import { BANDS } from './mel.ts';

/**
 * The long-term spectrum that a voice is taken to have before it is heard, natural logarithms of band energies: the mean
 * over the training material.
 */
const FIRST = -11;
const FIRST_TILT = -0.08;
/** Frames that this guess counts for, and those that the mean forgets within. */
const GUESS = 40;
const MEMORY = 500;
/** A frame this far below the loudest of late tells nothing of the voice, natural logarithm of energy. */
const PAUSE = 6;
/** The loudest falls by this much each frame. */
const FALL = 0.004;

/**
 * Takes from each frame what is the voice's and the room's rather than the sound's: the mean of each band over the speech
 * so far. A frame's result depends on nothing after it.
 */
export class Levelling {
  readonly #mean = Float32Array.from({ length: BANDS }, (_, b) => FIRST + FIRST_TILT * b);
  readonly #out = new Float32Array(BANDS);
  #loudest = -9;
  #seen = GUESS;

  /** The frame from `at` on in `frames`, levelled; valid until the next call. */
  level(frames: Float32Array, at: number): Float32Array {
    const [mean, out] = [this.#mean, this.#out];
    let energy = 0;
    for (let b = 0; b < BANDS; b++) energy += frames[at + b]!;
    energy /= BANDS;
    this.#loudest = Math.max(energy, this.#loudest - FALL);
    if (energy > this.#loudest - PAUSE) {
      this.#seen = Math.min(this.#seen + 1, MEMORY);
      for (let b = 0; b < BANDS; b++) mean[b] = mean[b]! + (frames[at + b]! - mean[b]!) / this.#seen;
    }
    for (let b = 0; b < BANDS; b++) out[b] = (frames[at + b]! - mean[b]!) / 2;
    return out;
  }
}
