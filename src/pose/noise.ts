/** A number from 0 (inclusive) to 1 (exclusive) that looks random and depends on `seed` and `index` alone. */
export function chance(seed: number, index: number): number {
  let hash = Math.imul(index, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return ((hash ^ (hash >>> 15)) >>> 0) / 4294967296;
}

/** Length of a table: a power of two. What is drawn from one repeats after ten minutes or so. */
const TABLE = 1024;

/** A table of {@link chance}s, made once, so that a frame computes none. */
export function createChances(seed: number): Float64Array {
  return Float64Array.from({ length: TABLE }, (_, index) => chance(seed, index));
}

/** Brings any whole index into such a table, as if it had no end: `table[index & WITHIN]`. */
export const WITHIN = TABLE - 1;
