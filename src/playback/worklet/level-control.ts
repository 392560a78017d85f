import { FASTEST, SLOWEST } from '../../pcm/stretcher.ts';

/** How much slower the voice goes while too little is held back: 10 %, NetEQ's limit and barely noticed. */
const SLOWER = 0.9;

/** How much faster it goes to give back the delay that stalls have left; nothing hurries here. */
const QUICKER = 1.05;

/** The level is low under this part of the target, or this much under it, whichever is higher. From NetEQ. */
const LOW_PART = 0.75;
const LOW_SECONDS = 0.085;

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
  #slow = false;
  #quick = false;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** A new line, or another place in it. */
  reset(): void {
    this.#slow = this.#quick = false;
  }

  /** The speed for now. `level` and `delay` are frames; `whole` when nothing more will come. */
  speedAt(level: number, delay: number, whole: boolean): number {
    const { target, rate } = this;
    const low = Math.max(LOW_PART * target, target - LOW_SECONDS * this.#sampleRate);
    this.#slow = !whole && level < (this.#slow ? target : low);
    const above = level - target;
    const enough = (this.#quick ? ENOUGH_SECONDS : HIGH_SECONDS) * this.#sampleRate;
    this.#quick = delay > LEAST_DELAY * this.#sampleRate && (whole || above > enough);
    if (this.#slow) return Math.max(SLOWEST, rate * SLOWER);
    return this.#quick ? Math.min(FASTEST, rate * QUICKER) : rate;
  }
}
