import { InputError } from '../speech/errors.ts';

/**
 * Kaiser window shape for a stop band of about 90 dB: beta = 0.1102 (A - 8.7), from
 * J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function" (1974).
 */
const BETA = 0.1102 * (92 - 8.7);

/** Half the filter's length, in samples of the lower of the two rates. Gives a transition band of 0.1 of that rate. */
const HALF_WIDTH = 30;

/** Cut-off in the middle of the transition band, as a part of the lower rate: passes 0.9 and stops 1.1 of its Nyquist. */
const CUTOFF = 0.5;

/** Largest table of exact phases; other ratios share the nearest of this many phases, linearly interpolated. */
const MAX_PHASES = 1024;

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** Modified Bessel function of the first kind, order zero, by its power series. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * The filters of one pair of rates: plain data, made once (a few milliseconds), which can be posted to the audio
 * thread. One windowed-sinc filter for each fraction of an input sample at which an output can fall.
 */
export interface PhaseTable {
  /** Input rate, Hz. */
  readonly from: number;
  /** Output rate, Hz. */
  readonly to: number;
  /** `to` and `from` without their common divisor: output n lies at input n * down / up. */
  readonly up: number;
  readonly down: number;
  /** Taps on each side of the position, in input samples. */
  readonly reach: number;
  /** Filters in the table, less the one that closes it. Equal to `up` where that is small enough: no interpolation. */
  readonly phases: number;
  /** (phases + 1) rows of 2 * reach taps. */
  readonly coefficients: Float32Array;
}

/**
 * Makes the filters from a whole rate of 8,000 to 48,000 Hz, the rates of speech, to one of 8,000 to 384,000 Hz, those of
 * audio devices; or for such a rate that stays as it is. Throws {@link InputError} for others.
 */
export function createPhaseTable(from: number, to: number): PhaseTable {
  checkRate('from', from, from === to ? 384_000 : 48_000);
  checkRate('to', to, 384_000);
  const divisor = gcd(from, to);
  const up = to / divisor;
  const phases = Math.min(up, MAX_PHASES);
  const slowdown = Math.max(1, from / to);
  const reach = Math.ceil(HALF_WIDTH * slowdown);
  const coefficients = new Float32Array((phases + 1) * 2 * reach);
  for (let phase = 0; phase <= phases; phase++) {
    const row = coefficients.subarray(phase * 2 * reach, (phase + 1) * 2 * reach);
    fillFilter(row, phase / phases, HALF_WIDTH * slowdown, CUTOFF / slowdown);
  }
  return { from, to, up, down: from / divisor, reach, phases, coefficients };
}

function fillFilter(row: Float32Array, fraction: number, halfWidth: number, cutoff: number): void {
  const reach = row.length / 2;
  let sum = 0;
  for (let tap = 0; tap < row.length; tap++) {
    const distance = tap - reach + 1 - fraction;
    const edge = 1 - (distance / halfWidth) ** 2;
    const angle = 2 * Math.PI * cutoff * distance;
    const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
    const value = edge <= 0 ? 0 : sinc * besselI0(BETA * Math.sqrt(edge));
    row[tap] = value;
    sum += value;
  }
  for (let tap = 0; tap < row.length; tap++) row[tap]! /= sum; // Unity at 0 Hz in every phase.
}

/** Full scale of the samples that come in. */
const FULL_SCALE = 32_768;

/**
 * Band-limited resampler and input ring in one. Streaming, and without allocation after construction: fit for the
 * audio thread. Output sample n lies exactly at input time n / `to`: the filter's delay is taken out.
 */
export class Resampler {
  /** Samples that the ring can hold, a power of two. */
  readonly capacity: number;

  readonly #ring: Int16Array;
  readonly #mask: number;
  #table: PhaseTable;
  #written = 0;
  #ended = false;
  #produced = 0;
  #position = 0;
  #phase = 0;

  /** `capacity` of the ring in input samples, rounded up to a power of two; at least four times the filter's reach. */
  constructor(table: PhaseTable, capacity: number) {
    this.capacity = 2 ** Math.ceil(Math.log2(capacity));
    this.#ring = new Int16Array(this.capacity);
    this.#mask = this.capacity - 1;
    this.#table = table;
  }

  /** Ready for another signal, of these rates. */
  reset(table: PhaseTable): void {
    this.#table = table;
    this.#written = 0;
    this.#ended = false;
    this.#produced = 0;
    this.#position = 0;
    this.#phase = 0;
  }

  /** Input samples that will not be needed again. */
  get consumed(): number {
    return Math.max(0, Math.min(this.#position - this.#table.reach + 1, this.#written));
  }

  /** Input samples that {@link write} can take now. */
  get space(): number {
    return this.consumed + this.capacity - this.#written;
  }

  /** Output samples that {@link read} can give now. */
  get available(): number {
    const { up, down, reach } = this.#table;
    if (this.#ended) return Math.round((this.#written * up) / down) - this.#produced;
    // Positions before this one have the filter's full reach of input behind them.
    const end = this.#written - reach;
    if (end <= this.#position) return 0;
    return Math.floor(((end - this.#position) * up - this.#phase - 1) / down) + 1;
  }

  /** Takes `count` samples from `samples[start]` on; never more than {@link space}. */
  write(samples: Int16Array, start: number, count: number): void {
    const ring = this.#ring;
    const mask = this.#mask;
    const written = this.#written;
    for (let index = 0; index < count; index++) ring[(written + index) & mask] = samples[start + index]!;
    this.#written = written + count;
  }

  /** No more input: what the filter still holds becomes available, up to round(inputs * to / from) samples in all. */
  end(): void {
    this.#ended = true;
  }

  /** Writes `count` output samples to `out[start]` on; never more than {@link available}. */
  read(out: Float32Array, start: number, count: number): void {
    const { up, down, phases } = this.#table;
    for (let index = 0; index < count; index++) {
      out[start + index] =
        (up === phases ? this.#convolve(this.#phase) : this.#convolveBetween()) / FULL_SCALE;
      this.#phase += down;
      while (this.#phase >= up) {
        this.#phase -= up;
        this.#position++;
      }
    }
    this.#produced += count;
  }

  #convolveBetween(): number {
    const place = (this.#phase / this.#table.up) * this.#table.phases;
    const row = Math.floor(place);
    const below = this.#convolve(row);
    return below + (place - row) * (this.#convolve(row + 1) - below);
  }

  #convolve(row: number): number {
    const { coefficients, reach } = this.#table;
    const ring = this.#ring;
    const mask = this.#mask;
    const first = this.#position - reach + 1;
    const filter = row * 2 * reach - first;
    // Before the first and after the last sample there is silence; the ring holds older sound there.
    const begin = Math.max(first, 0);
    const end = Math.min(first + 2 * reach, this.#written);
    let sum = 0;
    for (let at = begin; at < end; at++) sum += coefficients[filter + at]! * ring[at & mask]!;
    return sum;
  }
}

function checkRate(name: string, rate: number, highest: number): void {
  if (Number.isInteger(rate) && rate >= 8_000 && rate <= highest) return;
  throw new InputError(`Resampler ${name}`, `a whole number from 8000 to ${highest} (Hz)`, String(rate));
}

/** Block in which {@link resampleAll} works, samples. */
const BLOCK = 8_192;

/** A whole signal at another rate: round(n * to / from) samples, rounded and clipped. Equal rates give a copy. */
export function resampleAll(samples: Int16Array, from: number, to: number): Int16Array<ArrayBuffer> {
  if (from === to) return samples.slice() as Int16Array<ArrayBuffer>;
  const resampler = new Resampler(createPhaseTable(from, to), 4 * BLOCK);
  const out = new Int16Array(Math.round((samples.length * to) / from));
  const block = new Float32Array(BLOCK);
  let taken = 0;
  for (let made = 0; made < out.length; ) {
    const count = Math.min(resampler.space, samples.length - taken);
    resampler.write(samples, taken, count);
    taken += count;
    if (taken === samples.length) resampler.end();
    const ready = Math.min(resampler.available, BLOCK, out.length - made);
    resampler.read(block, 0, ready);
    for (let index = 0; index < ready; index++) out[made + index] = toInt16(block[index]!);
    made += ready;
  }
  return out;
}

function toInt16(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value * FULL_SCALE)));
}
