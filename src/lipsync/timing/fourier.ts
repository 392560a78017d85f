/**
 * Power spectra of real windows whose length is a power of two: the window is packed into a complex one of half the
 * length, as in Sorensen et al., "Real-valued fast Fourier transform algorithms" (1987).
 */
export class PowerSpectrum {
  /** Number of samples in a window. */
  readonly size: number;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  readonly #swap: Uint16Array;

  /** `size`: a power of two from 4 to 65,536. */
  constructor(size: number) {
    this.size = size;
    const half = size / 2;
    this.#re = new Float64Array(half);
    this.#im = new Float64Array(half);
    this.#cos = Float64Array.from({ length: half }, (_, i) => Math.cos((2 * Math.PI * i) / size));
    this.#sin = Float64Array.from({ length: half }, (_, i) => Math.sin((2 * Math.PI * i) / size));
    const bits = Math.log2(half);
    this.#swap = Uint16Array.from({ length: half }, (_, i) => {
      let swapped = 0;
      for (let bit = 0; bit < bits; bit++) if (i & (1 << bit)) swapped |= 1 << (bits - 1 - bit);
      return swapped;
    });
  }

  /** Writes the squared magnitudes of bins 0 to size / 2 - 1 to `out`. */
  compute(samples: Float64Array, out: Float64Array): void {
    const [re, im, half] = [this.#re, this.#im, this.size / 2];
    for (let i = 0; i < half; i++) {
      const at = this.#swap[i]!;
      re[at] = samples[2 * i]!;
      im[at] = samples[2 * i + 1]!;
    }
    this.#transform();
    const sum = re[0]! + im[0]!;
    out[0] = sum * sum;
    for (let k = 1; k < half; k++) {
      const m = half - k;
      const [er, ei] = [(re[k]! + re[m]!) / 2, (im[k]! - im[m]!) / 2];
      const [or, oi] = [(im[k]! + im[m]!) / 2, (re[m]! - re[k]!) / 2];
      const [c, s] = [this.#cos[k]!, this.#sin[k]!];
      const real = er + or * c + oi * s;
      const imaginary = ei + oi * c - or * s;
      out[k] = real * real + imaginary * imaginary;
    }
  }

  #transform(): void {
    const [re, im, half] = [this.#re, this.#im, this.size / 2];
    for (let span = 1; span < half; span *= 2) {
      const stride = half / span;
      for (let offset = 0; offset < span; offset++) {
        const c = this.#cos[offset * stride]!;
        const s = this.#sin[offset * stride]!;
        for (let a = offset; a < half; a += 2 * span) {
          const b = a + span;
          const [br, bi] = [re[b]!, im[b]!];
          const tr = br * c + bi * s;
          const ti = bi * c - br * s;
          re[b] = re[a]! - tr;
          im[b] = im[a]! - ti;
          re[a] = re[a]! + tr;
          im[a] = im[a]! + ti;
        }
      }
    }
  }
}
