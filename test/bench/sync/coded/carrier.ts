import { randomOf } from '../../../kit/random.ts';

/** Lowest and highest frequency of the code, Hz: within every rate and every filter on the way. */
const LOW = 200;
const HIGH = 4_000;

/** Taps of the filter on each side. */
const REACH = 160;

/**
 * Noise that is nowhere like itself, of root mean square 1: a piece of it tells its place to the sample. The same for
 * the same seed.
 */
export function carrierOf(length: number, sampleRate: number, seed: number): Float64Array {
  const random = randomOf(seed);
  const white = Float64Array.from({ length: length + 2 * REACH }, () => 2 * random() - 1);
  const filter = bandPass(sampleRate);
  const carrier = new Float64Array(length);
  let power = 0;
  for (let index = 0; index < length; index++) {
    let sum = 0;
    for (let tap = 0; tap < filter.length; tap++) sum += filter[tap]! * white[index + tap]!;
    carrier[index] = sum;
    power += sum * sum;
  }
  const scale = 1 / Math.sqrt(power / Math.max(length, 1));
  return carrier.map((value) => value * scale);
}

function bandPass(sampleRate: number): Float64Array {
  return Float64Array.from({ length: 2 * REACH + 1 }, (_, index) => {
    const at = index - REACH;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * at) / (REACH + 1));
    return window * (lowPass(at, HIGH / sampleRate) - lowPass(at, LOW / sampleRate));
  });
}

function lowPass(at: number, cutoff: number): number {
  return at === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * at) / (Math.PI * at);
}
