import { PowerSpectrum } from './fourier.ts';

/** Time between two frames, seconds. */
export const HOP = 0.01;
/** Length of the window that a frame is taken from, seconds. */
export const WINDOW = 0.025;
/** Energy bands in a frame. */
export const BANDS = 26;

/** The bands' range, Hz: telephone speech has less, and its upper bands stay empty. */
const LOWEST = 90;
const HIGHEST = 7600;
/** Added to a band's energy, full scale 1: about what remains of 16-bit silence. */
const FLOOR = 1e-8;

const mel = (hertz: number): number => 1127 * Math.log(1 + hertz / 700);
const hertz = (value: number): number => 700 * (Math.exp(value / 1127) - 1);

/** Triangles over the bins of a spectrum, each as a first bin and its weights. */
interface Band {
  readonly first: number;
  readonly weights: Float64Array;
}

/**
 * Log energies in {@link BANDS} mel bands, 100 times a second, of samples at any rate from 8,000 Hz: the window is as
 * long in seconds at each, so that nothing need be resampled. Frame `i` is centred at `(i + 0.5) * HOP`. How the samples
 * are cut into runs makes no difference.
 */
export class MelFrames {
  /** Number of whole frames so far. */
  count = 0;
  /** Frames end to end, natural logarithms. */
  frames = new Float32Array(128 * BANDS);
  readonly #rate: number;
  readonly #taper: Float64Array;
  readonly #spectrum: PowerSpectrum;
  readonly #bands: readonly Band[];
  readonly #power: Float64Array;
  readonly #windowed: Float64Array;
  /** The last samples, from sample `#from` of the line on. */
  #kept: Float32Array;
  #from: number;
  #heard = 0;

  /** `rate`: samples a second, from 8,000. */
  constructor(rate: number) {
    this.#rate = rate;
    const length = Math.round(WINDOW * rate);
    const size = 2 ** Math.ceil(Math.log2(length));
    const hann = Float64Array.from(
      { length },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / length),
    );
    const power = hann.reduce((sum, w) => sum + w * w, 0);
    // By Parseval's theorem the bins then add up to the mean square of the samples.
    this.#taper = hann.map((w) => w * Math.sqrt(2 / (size * power)));
    this.#spectrum = new PowerSpectrum(size);
    this.#bands = bandsOf(rate, size);
    this.#power = new Float64Array(size / 2);
    this.#windowed = new Float64Array(size);
    const lead = Math.ceil(length / 2);
    this.#kept = new Float32Array(4 * length);
    this.#from = -lead;
    this.#heard = 0;
  }

  /** Takes the next samples and makes the frames that they complete. Keeps none of them. */
  push(samples: Int16Array): void {
    const taper = this.#taper;
    let at = 0;
    while (at < samples.length) {
      const start = this.#startOf(this.count);
      const end = start + taper.length;
      if (start > this.#from) this.#forget(start);
      const needed = Math.min(end - this.#heard, samples.length - at);
      const base = this.#heard - this.#from;
      for (let i = 0; i < needed; i++) this.#kept[base + i] = samples[at + i]! / 32_768;
      at += needed;
      this.#heard += needed;
      if (this.#heard >= end) this.#close(start);
    }
  }

  /** Completes the frames whose centres lie within the line, as if silence followed it. */
  end(): void {
    const frames = Math.floor(this.#heard / this.#rate / HOP);
    const silence = new Int16Array(Math.ceil(HOP * this.#rate));
    while (this.count < frames) this.push(silence);
  }

  #startOf(frame: number): number {
    return Math.round((frame + 0.5) * HOP * this.#rate - this.#taper.length / 2);
  }

  #forget(start: number): void {
    const kept = Math.max(this.#heard - start, 0);
    this.#kept.copyWithin(0, start - this.#from, start - this.#from + kept);
    this.#from = start;
  }

  #close(start: number): void {
    const [taper, windowed, power] = [this.#taper, this.#windowed, this.#power];
    const base = start - this.#from;
    windowed.fill(0);
    for (let i = 0; i < taper.length; i++) windowed[i] = this.#kept[base + i]! * taper[i]!;
    this.#spectrum.compute(windowed, power);
    if ((this.count + 1) * BANDS > this.frames.length) this.#grow();
    const out = this.count * BANDS;
    for (const [b, { first, weights }] of this.#bands.entries()) {
      let energy = FLOOR;
      for (let i = 0; i < weights.length; i++) energy += weights[i]! * power[first + i]!;
      this.frames[out + b] = Math.log(energy);
    }
    this.count++;
  }

  #grow(): void {
    const grown = new Float32Array(2 * this.frames.length);
    grown.set(this.frames);
    this.frames = grown;
  }
}

function bandsOf(rate: number, size: number): Band[] {
  const width = rate / size;
  const edges = Array.from({ length: BANDS + 2 }, (_, i) =>
    hertz(mel(LOWEST) + ((mel(HIGHEST) - mel(LOWEST)) * i) / (BANDS + 1)),
  );
  return Array.from({ length: BANDS }, (_, b) => {
    const [low, top, high] = [edges[b]!, edges[b + 1]!, edges[b + 2]!];
    const first = Math.max(Math.ceil(low / width), 1);
    const last = Math.min(Math.floor(high / width), size / 2 - 1);
    const weights = Float64Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => {
      const f = (first + i) * width;
      return Math.max(0, Math.min((f - low) / (top - low), (high - f) / (high - top)));
    });
    return { first, weights };
  });
}
