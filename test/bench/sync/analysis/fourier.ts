/** In place, forward, for lengths that are a power of two. */
export function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j]!, real[i]!];
      [imaginary[i], imaginary[j]] = [imaginary[j]!, imaginary[i]!];
    }
  }
  for (let length = 2; length <= size; length <<= 1) {
    const half = length >> 1;
    for (let k = 0; k < half; k++) {
      const cos = Math.cos((-2 * Math.PI * k) / length);
      const sin = Math.sin((-2 * Math.PI * k) / length);
      for (let start = k; start < size; start += length) {
        const other = start + half;
        const re = real[other]! * cos - imaginary[other]! * sin;
        const im = real[other]! * sin + imaginary[other]! * cos;
        real[other] = real[start]! - re;
        imaginary[other] = imaginary[start]! - im;
        real[start] = real[start]! + re;
        imaginary[start] = imaginary[start]! + im;
      }
    }
  }
}

/** Where a signal is searched; its transform is kept. */
export class Haystack {
  readonly #signal: Float32Array;
  readonly #size: number;
  readonly #real: Float64Array;
  readonly #imaginary: Float64Array;
  readonly #energy: Float64Array;

  /** `longest`: samples in the longest piece that will be sought. */
  constructor(signal: Float32Array, longest: number) {
    this.#signal = signal;
    this.#size = 2 ** Math.ceil(Math.log2(signal.length + longest));
    this.#real = padded(signal, this.#size);
    this.#imaginary = new Float64Array(this.#size);
    transform(this.#real, this.#imaginary);
    this.#energy = new Float64Array(signal.length + 1);
    for (let i = 0; i < signal.length; i++) this.#energy[i + 1] = this.#energy[i]! + signal[i]! ** 2;
  }

  /** Where `needle` fits best, whatever its gain, and how well: the square of the correlation, 0 to 1. */
  find(needle: Float32Array): { at: number; match: number } {
    const size = this.#size;
    const real = padded(needle, size);
    const imaginary = new Float64Array(size);
    transform(real, imaginary);
    // The product with the conjugate, conjugated, so that another forward transform is the inverse.
    for (let k = 0; k < size; k++) {
      const re = this.#real[k]! * real[k]! + this.#imaginary[k]! * imaginary[k]!;
      const im = this.#imaginary[k]! * real[k]! - this.#real[k]! * imaginary[k]!;
      real[k] = re;
      imaginary[k] = -im;
    }
    transform(real, imaginary);
    const own = needle.reduce((sum, value) => sum + value * value, 0);
    let best = { at: 0, match: 0 };
    for (let at = 0; at + needle.length <= this.#signal.length; at++) {
      const energy = this.#energy[at + needle.length]! - this.#energy[at]!;
      const product = real[at]! / size;
      if (product <= 0 || energy <= 0) continue;
      const match = product ** 2 / (energy * own);
      if (match > best.match) best = { at, match };
    }
    return best;
  }
}

function padded(signal: Float32Array, size: number): Float64Array {
  const long = new Float64Array(size);
  long.set(signal);
  return long;
}
