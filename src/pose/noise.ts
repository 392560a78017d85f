/** A number from 0 (inclusive) to 1 (exclusive) that looks random and depends on `seed` and `index` alone. */
export function chance(seed: number, index: number): number {
  let hash = Math.imul(index, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return ((hash ^ (hash >>> 15)) >>> 0) / 4294967296;
}

/**
 * Slow wandering between -1 and 1 with a new direction at every whole `x`; value, slope and curvature have no jumps.
 * Depends on `seed` and `x` alone.
 */
export function drift(seed: number, x: number): number {
  const index = Math.floor(x);
  const u = x - index;
  const blend = u * u * u * (u * (u * 6 - 15) + 10);
  const from = chance(seed, index) * 2 - 1;
  const to = chance(seed, index + 1) * 2 - 1;
  return from + (to - from) * blend;
}
