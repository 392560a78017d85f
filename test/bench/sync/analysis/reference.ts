/** Half length of the filter, in input samples: long enough that what it leaves out is below 16-bit noise. */
const REACH = 48;

/** Shape of the Kaiser window. */
const BETA = 12;

/**
 * A signal at another rate, worked out in double precision by a filter of its own: what a perfect player would render.
 * Full scale becomes 1. Sample n lies at input time n / `to`; the signal must hold nothing near half the lower rate.
 */
export function resampleExactly(samples: Int16Array, from: number, to: number): Float32Array {
  const divisor = gcd(from, to);
  const up = to / divisor;
  const down = from / divisor;
  const filters = Array.from({ length: up }, (_, phase) => filterAt(phase / up));
  const out = new Float32Array(Math.round((samples.length * up) / down));
  for (let index = 0; index < out.length; index++) {
    const place = index * down;
    const filter = filters[place % up]!;
    const first = Math.floor(place / up) - REACH + 1;
    let sum = 0;
    const begin = Math.max(0, -first);
    const end = Math.min(2 * REACH, samples.length - first);
    for (let tap = begin; tap < end; tap++) sum += filter[tap]! * samples[first + tap]!;
    out[index] = sum / 32_768;
  }
  return out;
}

/** Weights of the 2 * REACH samples around a place that lies `fraction` behind the sample in the middle. */
function filterAt(fraction: number): Float64Array {
  return Float64Array.from({ length: 2 * REACH }, (_, tap) => {
    const distance = tap - REACH + 1 - fraction;
    const angle = Math.PI * distance;
    const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
    const edge = 1 - (distance / REACH) ** 2;
    return edge <= 0 ? 0 : (sinc * bessel(BETA * Math.sqrt(edge))) / bessel(BETA);
  });
}

/** Modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let sum = 1;
  for (let k = 1, term = 1; term > sum * 1e-16; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
