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

/** One windowed-sinc filter for each fraction of a sample at which an output can fall. */
class PhaseTable {
  /** Taps before and after the position, in input samples. */
  readonly reach: number;
  readonly taps: number;
  readonly phases: number;
  readonly coefficients: Float32Array;

  constructor(from: number, to: number, phases: number) {
    const slowdown = Math.max(1, from / to);
    this.reach = Math.ceil(HALF_WIDTH * slowdown);
    this.taps = 2 * this.reach;
    this.phases = phases;
    this.coefficients = new Float32Array((phases + 1) * this.taps);
    for (let phase = 0; phase <= phases; phase++) this.#fill(phase, HALF_WIDTH * slowdown, CUTOFF / slowdown);
  }

  #fill(phase: number, halfWidth: number, cutoff: number): void {
    const row = phase * this.taps;
    let sum = 0;
    for (let tap = 0; tap < this.taps; tap++) {
      const distance = tap - this.reach + 1 - phase / this.phases;
      const edge = 1 - (distance / halfWidth) ** 2;
      const angle = 2 * Math.PI * cutoff * distance;
      const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
      const value = edge <= 0 ? 0 : sinc * besselI0(BETA * Math.sqrt(edge));
      this.coefficients[row + tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < this.taps; tap++) this.coefficients[row + tap]! /= sum; // Unity at 0 Hz in every phase.
  }
}

/** Samples in the input ring unless the constructor is told otherwise: 1.4 s at 48 kHz. */
const DEFAULT_CAPACITY = 65_536;

/**
 * Band-limited resampler and input ring in one. Streaming, and without allocation after construction: fit for the
 * audio thread. Output sample n lies exactly at input time n / `to`: the filter's delay is taken out.
 */
export class Resampler {
  readonly from: number;
  readonly to: number;
  /** Samples that the ring can hold, a power of two. */
  readonly capacity: number;

  readonly #table: PhaseTable;
  readonly #exact: boolean;
  readonly #up: number;
  readonly #down: number;
  readonly #ring: Float32Array;
  readonly #mask: number;
  #written = 0;
  #ended = false;
  #produced = 0;
  #position = 0;
  #phase = 0;

  /** Whole rates, 8,000 to 48,000 Hz; `capacity` is rounded up to a power of two. */
  constructor(from: number, to: number, capacity = DEFAULT_CAPACITY) {
    checkRate('from', from);
    checkRate('to', to);
    const divisor = gcd(from, to);
    this.from = from;
    this.to = to;
    this.#up = to / divisor;
    this.#down = from / divisor;
    this.#exact = this.#up <= MAX_PHASES;
    this.#table = new PhaseTable(from, to, this.#exact ? this.#up : MAX_PHASES);
    this.capacity = 2 ** Math.ceil(Math.log2(Math.max(capacity, 4 * this.#table.taps)));
    this.#ring = new Float32Array(this.capacity);
    this.#mask = this.capacity - 1;
  }

  /** Input samples that {@link write} can take now. */
  get space(): number {
    return Math.max(0, this.#position - this.#table.reach + this.capacity - this.#written);
  }

  /** Output samples that {@link read} can give now. */
  get available(): number {
    if (this.#ended) return this.#total() - this.#produced;
    // The last position that has its full reach of input behind it.
    const last = this.#written - 1 - this.#table.reach;
    if (last < this.#position) return 0;
    return Math.floor(((last - this.#position + 1) * this.#up - this.#phase - 1) / this.#down) + 1;
  }

  /** Takes `count` samples from `samples[start]` on; never more than {@link space}. */
  write(samples: Int16Array | Float32Array, start: number, count: number): void {
    const scale = samples instanceof Int16Array ? 1 / 32_768 : 1;
    const ring = this.#ring;
    const mask = this.#mask;
    const written = this.#written;
    for (let index = 0; index < count; index++)
      ring[(written + index) & mask] = samples[start + index]! * scale;
    this.#written = written + count;
  }

  /** No more input: what the filter still holds becomes available, up to round(inputs * to / from) samples in all. */
  end(): void {
    this.#ended = true;
  }

  /** Ready for another signal of the same rates. */
  reset(): void {
    this.#ring.fill(0);
    this.#written = 0;
    this.#ended = false;
    this.#produced = 0;
    this.#position = 0;
    this.#phase = 0;
  }

  /** Writes `count` output samples to `out[start]` on; never more than {@link available}. */
  read(out: Float32Array, start: number, count: number): void {
    for (let index = 0; index < count; index++) {
      out[start + index] = this.#exact ? this.#sampleExact() : this.#sampleBetween();
      this.#phase += this.#down;
      while (this.#phase >= this.#up) {
        this.#phase -= this.#up;
        this.#position++;
      }
    }
    this.#produced += count;
  }

  #total(): number {
    return Math.round((this.#written * this.#up) / this.#down);
  }

  #sampleExact(): number {
    return this.#convolve(this.#phase * this.#table.taps);
  }

  #sampleBetween(): number {
    const place = (this.#phase / this.#up) * this.#table.phases;
    const row = Math.floor(place);
    const { taps } = this.#table;
    const below = this.#convolve(row * taps);
    return below + (place - row) * (this.#convolve((row + 1) * taps) - below);
  }

  #convolve(row: number): number {
    const { coefficients, taps, reach } = this.#table;
    const ring = this.#ring;
    const mask = this.#mask;
    // Before the first and after the last sample there is silence; the ring there may hold older sound.
    const first = this.#position - reach + 1;
    const begin = first < 0 ? -first : 0;
    const end = Math.min(taps, this.#written - first);
    let sum = 0;
    for (let tap = begin; tap < end; tap++) sum += coefficients[row + tap]! * ring[(first + tap) & mask]!;
    return sum;
  }
}

function checkRate(name: string, rate: number): void {
  if (Number.isInteger(rate) && rate >= 8_000 && rate <= 48_000) return;
  throw new InputError(`Resampler ${name}`, 'a whole number from 8000 to 48000 (Hz)', String(rate));
}

/** Block in which {@link resampleAll} works, samples. */
const BLOCK = 8_192;

/** A whole signal at another rate: round(n * to / from) samples, rounded and clipped. Equal rates give a copy. */
export function resampleAll(samples: Int16Array, from: number, to: number): Int16Array<ArrayBuffer> {
  if (from === to) return samples.slice() as Int16Array<ArrayBuffer>;
  const resampler = new Resampler(from, to, 4 * BLOCK);
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
  return Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
}
