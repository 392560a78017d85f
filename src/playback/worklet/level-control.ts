import { FASTEST, SLOWEST } from '../../pcm/stretcher.ts';

/** How much slower the voice goes while too little is held back: 10 %, NetEQ's limit and barely noticed. */
const SLOWER = 0.9;

/** How much faster it goes to give back the delay that stalls have left; nothing hurries here. */
const QUICKER = 1.05;

/** What is there after a chunk has come should reach the target; under this part of it, it is too little. From NetEQ. */
const LOW_PART = 0.75;

/** Between two chunks less is there, which is no harm; under this part of the target the next one is overdue. */
const DRY_PART = 0.25;

/** So much above the target there must be before delay is given back, seconds; and so much when it ends. */
const HIGH_SECONDS = 0.085;
const ENOUGH_SECONDS = 0.02;

/** Delay that is not worth the effort, seconds. */
const LEAST_DELAY = 0.01;

/**
 * Decides how fast a line goes by what is held back of it: slower where it may run dry, quicker to make up for what
 * stalls have cost.
 */
export class LevelControl {
  /** Frames that should be held back. */
  target = 0;
  /** The speed asked for by the player, {@link SLOWEST} to {@link FASTEST}. */
  rate = 1;
  readonly #sampleRate: number;
  #short = false;
  #quick = false;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** A new line, or another place in it. */
  reset(): void {
    this.#short = this.#quick = false;
  }

  /**
   * The speed for now. `level` is what is held back, `filled` what was held back when the last chunk had come, `delay`
   * by how much stalls have made the line late, all in frames; `whole` when nothing more will come.
   */
  speedAt(level: number, filled: number, delay: number, whole: boolean): number {
    const { target, rate } = this;
    this.#short = filled < (this.#short ? target : LOW_PART * target);
    const slow = !whole && (this.#short || level < DRY_PART * target);
    const above = level - target;
    const enough = (this.#quick ? ENOUGH_SECONDS : HIGH_SECONDS) * this.#sampleRate;
    this.#quick = delay > LEAST_DELAY * this.#sampleRate && (whole || above > enough);
    if (slow) return Math.max(SLOWEST, rate * SLOWER);
    return this.#quick ? Math.min(FASTEST, rate * QUICKER) : rate;
  }
}
