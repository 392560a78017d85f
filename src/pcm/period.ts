/** Voice periods that are looked for, seconds: 400 to 66 Hz. Higher voices are found at twice or more their period. */
export const SHORTEST_PERIOD = 0.0025;
export const LONGEST_PERIOD = 0.015;

/** Sound that is compared with itself, seconds: long enough to tell voices, short enough to follow them. */
export const COMPARED = 0.01;

/** Rate at which the first, coarse search runs, Hz: finds a period to within 0.2 ms in a few thousand products. */
const COARSE_RATE = 6_000;

/** Mean square below which sound is a pause, full scale 1: -50 dB. Any place in it may be cut. */
const PAUSE_POWER = 1e-5;

/**
 * Finds by how much a stretch of sound must be moved to look most like itself: a pitch period or a few where there is
 * voice. Bounded work and no allocation after construction: fit for the audio thread.
 */
export class PeriodFinder {
  /** Frames; nothing shorter or longer is found. */
  readonly shortest: number;
  readonly longest: number;
  /** Frames that are compared. */
  readonly compared: number;
  /** The period found, frames. */
  period = 0;
  /** How alike the sound is at that distance, the normalised correlation: -1 to 1; 1 in a pause. */
  likeness = 0;

  readonly #step: number;
  readonly #coarse: Float64Array;

  /** `sampleRate` in Hz. */
  constructor(sampleRate: number) {
    this.shortest = Math.round(SHORTEST_PERIOD * sampleRate);
    this.longest = Math.round(LONGEST_PERIOD * sampleRate);
    this.compared = Math.round(COMPARED * sampleRate);
    this.#step = Math.max(1, Math.floor(sampleRate / COARSE_RATE));
    this.#coarse = new Float64Array(Math.ceil((this.longest + this.compared) / this.#step) + 2);
  }

  /**
   * Compares {@link compared} frames from `at` on with what lies a period later (`direction` 1) or earlier (-1): reads
   * {@link longest} frames beyond or before them. Sets {@link period} and {@link likeness}.
   */
  find(frames: Float32Array, at: number, direction: 1 | -1): void {
    const step = this.#step;
    const farthest = Math.floor(this.longest / step);
    const anchor = direction > 0 ? 0 : farthest;
    const length = Math.floor(this.compared / step);
    this.#thin(frames, at - anchor * step, farthest + length);
    if (powerOf(this.#coarse, anchor, length) < PAUSE_POWER) {
      this.period = this.longest;
      this.likeness = 1;
      return;
    }
    let best = -2;
    let bestLag = this.shortest;
    for (let lag = Math.ceil(this.shortest / step); lag <= farthest; lag++) {
      const likeness = likenessOf(this.#coarse, anchor, anchor + direction * lag, length, 1);
      if (likeness <= best) continue;
      best = likeness;
      bestLag = lag * step;
    }
    this.#refine(frames, at, direction, bestLag);
  }

  /** Averages neighbours: a plain low-pass before the search takes every n-th. */
  #thin(frames: Float32Array, at: number, count: number): void {
    const step = this.#step;
    for (let index = 0; index < count; index++) {
      let sum = 0;
      for (let tap = 0; tap < step; tap++) sum += frames[at + index * step + tap]!;
      this.#coarse[index] = sum / step;
    }
  }

  #refine(frames: Float32Array, at: number, direction: number, about: number): void {
    const first = Math.max(this.shortest, about - this.#step);
    const last = Math.min(this.longest, about + this.#step);
    this.likeness = -2;
    for (let lag = first; lag <= last; lag++) {
      const likeness = likenessOf(frames, at, at + direction * lag, this.compared, 2);
      if (likeness <= this.likeness) continue;
      this.likeness = likeness;
      this.period = lag;
    }
  }
}

function powerOf(signal: Float64Array, start: number, length: number): number {
  let sum = 0;
  for (let index = start; index < start + length; index++) sum += signal[index]! * signal[index]!;
  return sum / length;
}

function likenessOf(
  signal: Float32Array | Float64Array,
  a: number,
  b: number,
  length: number,
  step: number,
): number {
  let product = 0;
  let powerA = 1e-12;
  let powerB = 1e-12;
  for (let index = 0; index < length; index += step) {
    const x = signal[a + index]!;
    const y = signal[b + index]!;
    product += x * y;
    powerA += x * x;
    powerB += y * y;
  }
  return product / Math.sqrt(powerA * powerB);
}
