import { addBlinks } from './blink.ts';
import { Gaze } from './gaze.ts';
import { createChances } from './noise.ts';
import { Sway } from './sway.ts';

/**
 * What a face does whether it speaks or not: blinks, small jumps of the eyes, a head that is never quite still.
 * A pure function of the seed and the time, so a replay is the same and nothing is kept between frames.
 */
export class Life {
  readonly #blinks: Float64Array;
  readonly #gaze: Gaze;
  readonly #sway: Sway;

  /** `seed`: any whole number; characters with different seeds do not move alike. */
  constructor(seed: number) {
    this.#blinks = createChances(seed * 7);
    this.#gaze = new Gaze(seed * 7 + 1);
    this.#sway = new Sway(seed * 7 + 4);
  }

  /**
   * Adds the signs of life at `time` (seconds on any steady clock) to the pose. Allocates nothing.
   * `speaking`: 0 to 1, how much the character is speaking; change it smoothly.
   */
  add(pose: Float32Array, time: number, speaking: number): void {
    addBlinks(pose, this.#blinks, time);
    this.#gaze.add(pose, time);
    this.#sway.add(pose, time, speaking);
  }
}
