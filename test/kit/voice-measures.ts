/** Measures of a voice, made without any knowledge of how it was synthesised. */

/** Frames in which something is said: louder than this part of full scale, RMS. */
const SPOKEN = 0.02;

/** Level of the spoken frames and of the highest sample, dB of full scale. */
export function levelOf(samples: Int16Array, sampleRate: number): { rms: number; peak: number } {
  const length = Math.round(sampleRate / 100);
  let [power, count, peak] = [0, 0, 0];
  for (let start = 0; start + length <= samples.length; start += length) {
    let sum = 0;
    for (let index = start; index < start + length; index++) {
      sum += samples[index]! ** 2;
      peak = Math.max(peak, Math.abs(samples[index]!));
    }
    if (Math.sqrt(sum / length) < SPOKEN * 32_768) continue;
    power += sum;
    count += length;
  }
  return { rms: 10 * Math.log10(power / count / 32_768 ** 2), peak: 20 * Math.log10(peak / 32_768) };
}

/** Median pitch of the voiced frames, Hz, by normalised autocorrelation between 60 and 400 Hz. */
export function medianPitch(samples: Int16Array, sampleRate: number): number {
  const step = Math.max(1, Math.floor(sampleRate / 11_025));
  const rate = sampleRate / step;
  const frame = Math.round(rate * 0.04);
  const signal = Float64Array.from({ length: Math.floor(samples.length / step) }, (_, index) => {
    let sum = 0;
    for (let tap = 0; tap < step; tap++) sum += samples[index * step + tap]!;
    return sum / step;
  });
  const [shortest, longest] = [Math.round(rate / 400), Math.round(rate / 60)];
  const pitches: number[] = [];
  for (let start = 0; start + frame + longest < signal.length; start += frame) {
    const scores = new Float64Array(longest + 2);
    for (let lag = shortest; lag <= longest; lag++) scores[lag] = likeness(signal, start, lag, frame);
    const best = Math.max(...scores);
    if (best < 0.75) continue;
    // The shortest lag that is nearly as good: its multiples are as alike.
    for (let lag = shortest; lag <= longest; lag++) {
      if (scores[lag]! < 0.9 * best || scores[lag]! < scores[lag - 1]! || scores[lag]! < scores[lag + 1]!)
        continue;
      pitches.push(rate / lag);
      break;
    }
  }
  pitches.sort((a, b) => a - b);
  return pitches[pitches.length >> 1]!;
}

function likeness(signal: Float64Array, start: number, lag: number, length: number): number {
  let [product, here, there] = [0, 0, 0];
  for (let index = start; index < start + length; index++) {
    product += signal[index]! * signal[index + lag]!;
    here += signal[index]! ** 2;
    there += signal[index + lag]! ** 2;
  }
  const spoken = here / length > (SPOKEN * 32_768) ** 2;
  return spoken ? product / Math.sqrt(here * there + 1) : 0;
}

/** Bands of {@link spectrumOf}: this many an octave, from this frequency on. */
const BANDS_PER_OCTAVE = 48;
const LOWEST = 350;
const OCTAVES = 3.6;

/** Long-term spectrum of about 350 to 4,200 Hz on a logarithmic axis, dB: the voice's formants, its harmonics smoothed away. */
export function spectrumOf(samples: Int16Array, sampleRate: number): number[] {
  const size = 512;
  const step = Math.round(sampleRate / 16_000) || 1;
  const rate = sampleRate / step;
  const power = new Float64Array(size / 2);
  const lastBin = Math.min(size / 2, Math.ceil((LOWEST * 2 ** OCTAVES * 1.2 * size) / rate));
  const cos = Float64Array.from({ length: size }, (_, index) => Math.cos((2 * Math.PI * index) / size));
  for (let start = 0; start + size * step <= samples.length; start += (size / 2) * step) {
    for (let bin = 0; bin < lastBin; bin++) {
      let [real, imaginary] = [0, 0];
      for (let index = 0; index < size; index++) {
        const value = samples[start + index * step]! * (1 - cos[index]!);
        real += value * cos[(index * bin) % size]!;
        imaginary += value * cos[(index * bin + size / 4) % size]!;
      }
      power[bin]! += real ** 2 + imaginary ** 2;
    }
  }
  return Array.from({ length: Math.round(BANDS_PER_OCTAVE * OCTAVES) }, (_, band) => {
    const centre = LOWEST * 2 ** (band / BANDS_PER_OCTAVE);
    const [from, to] = [Math.floor((centre * 0.84 * size) / rate), Math.ceil((centre * 1.19 * size) / rate)];
    let sum = 0;
    for (let bin = from; bin <= to; bin++) sum += power[bin] ?? 0;
    return 10 * Math.log10(sum / (to - from + 1) + 1);
  });
}

/** By what factor the formants of one voice lie above those of another that says the same, from their spectra. */
export function formantRatio(above: readonly number[], below: readonly number[]): number {
  const reach = BANDS_PER_OCTAVE / 2;
  const scores = Array.from({ length: 2 * reach + 1 }, (_, bands) =>
    correlation(
      above.slice(bands, bands + above.length - 2 * reach),
      below.slice(reach, below.length - reach),
    ),
  );
  const best = scores.indexOf(Math.max(...scores));
  return 2 ** ((best - reach + peakBetween(scores, best)) / BANDS_PER_OCTAVE);
}

/** Where a parabola through a peak and its neighbours is highest, from the peak. */
function peakBetween(scores: readonly number[], peak: number): number {
  const [left, right] = [scores[peak - 1], scores[peak + 1]];
  if (left === undefined || right === undefined) return 0;
  return (left - right) / (2 * (left - 2 * scores[peak]! + right));
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    product += (a[index]! - meanA) * (b[index]! - meanB);
    squareA += (a[index]! - meanA) ** 2;
    squareB += (b[index]! - meanB) ** 2;
  }
  return product / Math.sqrt(squareA * squareB);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
