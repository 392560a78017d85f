import { joinSamples } from '../speech/samples.ts';
import { createPhaseTable, Resampler } from './resampler.ts';

/** Samples that are converted at a time. */
const BLOCK = 8_192;

/** Full scale of 16-bit samples. */
const FULL_SCALE = 32_768;

/**
 * A stream of samples at another rate. All runs together hold round(n * to / from) samples, the same however the
 * input is cut. Rates are whole, 8,000 to 48,000 Hz; throws {@link InputError} for others.
 */
export class RateConverter {
  readonly #resampler: Resampler;
  readonly #block = new Float32Array(BLOCK);

  constructor(from: number, to: number) {
    this.#resampler = new Resampler(createPhaseTable(from, to), 4 * BLOCK);
  }

  /** The samples that `samples` complete: the filter holds some milliseconds back. */
  push(samples: Int16Array): Int16Array<ArrayBuffer> {
    const runs: Int16Array[] = [];
    for (let taken = 0; taken < samples.length; ) {
      const count = Math.min(this.#resampler.space, samples.length - taken);
      this.#resampler.write(samples, taken, count);
      taken += count;
      this.#drain(runs);
    }
    return joinSamples(runs);
  }

  /** What the filter still held. Nothing may be pushed after it. */
  end(): Int16Array<ArrayBuffer> {
    const runs: Int16Array[] = [];
    this.#resampler.end();
    this.#drain(runs);
    return joinSamples(runs);
  }

  #drain(runs: Int16Array[]): void {
    for (let count = this.#resampler.available; count > 0; count = this.#resampler.available) {
      const taken = Math.min(count, BLOCK);
      this.#resampler.read(this.#block, 0, taken);
      runs.push(Int16Array.from(this.#block.subarray(0, taken), toInt16));
    }
  }
}

function toInt16(value: number): number {
  return Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(value * FULL_SCALE)));
}
