import { STEP } from './grid.ts';

/** Level that a voice is taken to have before it is heard, dB below full scale: most services send about this. */
const FIRST_LEVEL = -22;
/** Time in which the reference rises to a louder voice and falls to a softer one, seconds: a syllable, a few phrases. */
const RISE_SECONDS = 0.08;
const FALL_SECONDS = 6;

/** Rows on each side that a level is taken over: with both, about a syllable's nucleus. */
const WINDOW = 8;
/** How far a sound's level is felt before it, seconds. */
export const LOUDNESS_REACH = WINDOW * STEP;

/**
 * How much further the mouth opens for each dB: lip opening follows the envelope of the voice (Chandrasekaran et al.
 * 2009), and grows by about a half with 15 dB more (Schulman 1989, loud against normal speech).
 */
export const OPENING_PER_DB = 0.03;
const LEAST = 0.5;
const MOST = 1.15;
/** A vowel this far below the reference, which peaks set, opens the mouth as its cue says, dB. */
const USUAL = 4;

/** What is softer than the reference by this much is a pause and tells nothing of the voice, dB. */
const PAUSE = 25;

const QUIET = 1e-9;
const SHARES = Float64Array.from(
  { length: 2 * WINDOW + 1 },
  (_, i) => (1 + Math.cos((Math.PI * (i - WINDOW)) / (WINDOW + 1))) / 2,
);

/**
 * How wide a mouth opens by how loud its voice is, relative to what it has been so far. Takes the samples of a line as
 * they come; how they are cut into runs makes no difference.
 */
export class Loudness {
  /** Mean square of each row of {@link STEP} seconds, full scale 1. */
  #power = new Float32Array(256);
  /** Reference level of each row, dB. */
  #reference = new Float32Array(256);
  #rows = 0;
  #rate = 0;
  #samples = 0;
  /** Sum of squares in the row that is not yet whole. */
  #sum = 0;
  #inRow = 0;
  #level = FIRST_LEVEL;

  /** Number of rows heard so far. */
  get rows(): number {
    return this.#rows;
  }

  /** Takes the next samples of the line, all at the same rate. Keeps none of them. */
  push(samples: Int16Array, sampleRate: number): void {
    if (this.#rate === 0) this.#rate = sampleRate;
    let whole = Math.ceil((this.#rows + 1) * STEP * this.#rate);
    let [sum, inRow] = [this.#sum, this.#inRow];
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i]! / 32_768;
      sum += sample * sample;
      inRow++;
      if (++this.#samples < whole) continue;
      this.#close(sum / inRow);
      sum = inRow = 0;
      whole = Math.ceil((this.#rows + 1) * STEP * this.#rate);
    }
    this.#sum = sum;
    this.#inRow = inRow;
  }

  /** Factor of the opening at a row, 0.5 to 1.15; 1 where nothing is heard yet. */
  openingAt(row: number): number {
    const last = Math.min(row + WINDOW, this.#rows - 1);
    let power = 0;
    let shares = 0;
    for (let r = Math.max(row - WINDOW, 0); r <= last; r++) {
      const share = SHARES[r - row + WINDOW]!;
      power += this.#power[r]! * share;
      shares += share;
    }
    if (shares === 0) return 1;
    const over = decibels(power / shares) - this.#reference[last]! + USUAL;
    return Math.min(Math.max(1 + over * OPENING_PER_DB, LEAST), MOST);
  }

  #close(power: number): void {
    if (this.#rows === this.#power.length) this.#grow();
    const over = decibels(power) - this.#level;
    if (over > -PAUSE) this.#level += over * (STEP / (over > 0 ? RISE_SECONDS : FALL_SECONDS));
    this.#power[this.#rows] = power;
    this.#reference[this.#rows] = this.#level;
    this.#rows++;
  }

  #grow(): void {
    const grown = (old: Float32Array): Float32Array<ArrayBuffer> => {
      const next = new Float32Array(2 * old.length);
      next.set(old);
      return next;
    };
    this.#power = grown(this.#power);
    this.#reference = grown(this.#reference);
  }
}

const decibels = (power: number): number => 10 * Math.log10(power + QUIET);
