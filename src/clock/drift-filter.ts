/** How far a device's clock may run off the computer's, as a deviation: sound cards keep within some hundred millionths. */
const RATE_DEVIATION = 2e-4;

/** Greatest rate that is believed. A sink that runs slower than this has dropouts, which are steps, not a rate. */
const MAX_RATE = 1e-3;

/** Wander of the offset besides the rate, seconds squared a second: 0.1 ms in a second, as a sound server's timestamps do. */
const OFFSET_WANDER = 1e-8;

/** Wander of the rate, a second: a crystal changes by a millionth in a second at most, when it warms up. */
const RATE_WANDER = 1e-12;

/** Noise below which readings are not believed to be, seconds: pages see time in steps of 0.1 ms. */
const MIN_NOISE = 5e-5;

/** Part by which each reading changes the estimate of the noise: half of it is forgotten after 14 readings. */
const NOISE_GAIN = 0.05;

/** From a mean absolute deviation to a standard one, for normal noise. */
const DEVIATION_OF_MEAN = 1.25;

/**
 * A phase-locked loop: follows an offset that drifts at a steady rate through noisy readings. Its gains are those of a
 * Kalman filter with two states, which falls as readings come in and rises with the noise it sees: the first reading
 * is taken whole, and a device that runs 0.03 % fast leaves no standing error.
 */
export class DriftFilter {
  #offset = 0;
  #rate = 0;
  #at = 0;
  #offsetVariance = 0;
  #covariance = 0;
  #rateVariance = RATE_DEVIATION ** 2;
  #meanDeviation = 0;

  /** Standard deviation of the readings, seconds, as seen lately. */
  get noise(): number {
    return Math.max(MIN_NOISE, DEVIATION_OF_MEAN * this.#meanDeviation);
  }

  /** Seconds by which the offset grows each second. */
  get rate(): number {
    return this.#rate;
  }

  /** The offset, seconds, at a time in seconds. */
  at(time: number): number {
    return this.#offset + this.#rate * (time - this.#at);
  }

  /** The time, seconds, at which time and offset together make `sum`. */
  timeOf(sum: number): number {
    return (sum - this.#offset + this.#rate * this.#at) / (1 + this.#rate);
  }

  /** Lets the next readings weigh as the first ones did: another device may be read. */
  forget(): void {
    this.#offsetVariance = this.noise ** 2;
    this.#covariance = 0;
    this.#rate = 0;
    this.#rateVariance = RATE_DEVIATION ** 2;
  }

  /** Takes an offset as it is; the rate stays as known. */
  lock(offset: number, time: number, noise: number): void {
    this.#offset = offset;
    this.#at = time;
    this.#offsetVariance = noise * noise;
    this.#covariance = 0;
    this.#meanDeviation = noise / DEVIATION_OF_MEAN;
  }

  /** Takes in a reading of the offset. */
  correct(offset: number, time: number): void {
    const elapsed = time - this.#at;
    const deviation = offset - this.at(time);
    const spread = this.#covariance * elapsed;
    const a = this.#offsetVariance + 2 * spread + (this.#rateVariance * elapsed + OFFSET_WANDER) * elapsed;
    const b = this.#covariance + this.#rateVariance * elapsed;
    const c = this.#rateVariance + RATE_WANDER * elapsed;
    const expected = a + this.noise ** 2;
    const offsetGain = a / expected;
    const rateGain = b / expected;
    this.#offset = this.at(time) + offsetGain * deviation;
    this.#at = time;
    this.#rate = Math.max(-MAX_RATE, Math.min(MAX_RATE, this.#rate + rateGain * deviation));
    this.#offsetVariance = (1 - offsetGain) * a;
    this.#covariance = (1 - offsetGain) * b;
    this.#rateVariance = c - rateGain * b;
    this.noteNoise(Math.abs(deviation));
  }

  /** Counts a deviation, seconds, of a reading that is not taken in. */
  noteNoise(deviation: number): void {
    this.#meanDeviation += NOISE_GAIN * (deviation - this.#meanDeviation);
  }
}
