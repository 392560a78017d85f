/** Procedural noise in three dimensions, so that texture seams do not show. */

function hash(x: number, y: number, z: number): number {
  let h = (Math.imul(x, 374761393) + Math.imul(y, 668265263) + Math.imul(z, 1274126177)) | 0;
  h = Math.imul(h ^ (h >>> 13), 1103515245);
  h = Math.imul(h ^ (h >>> 16), 2246822519);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
}

const fade = (t: number): number => t * t * (3 - 2 * t);
const lerp = (a: number, b: number, t: number): number => a + (b - a) * t;

/** Smooth value noise, -1..1, feature size 1. */
export function valueNoise(x: number, y: number, z: number): number {
  const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  const [u, v, w] = [fade(x - i), fade(y - j), fade(z - k)];
  const plane = (dk: number): number =>
    lerp(
      lerp(hash(i, j, k + dk), hash(i + 1, j, k + dk), u),
      lerp(hash(i, j + 1, k + dk), hash(i + 1, j + 1, k + dk), u),
      v,
    );
  return lerp(plane(0), plane(1), w) * 2 - 1;
}

/** Sum of octaves, each half as large and strong as the last. */
export function fractal(x: number, y: number, z: number, octaves = 3): number {
  let sum = 0;
  for (let o = 0, f = 1; o < octaves; o++, f *= 2) sum += valueNoise(x * f + o * 17, y * f, z * f) / f;
  return sum / 1.75;
}

/** Distance to the nearest of one jittered point per unit cell (Worley), and that point's own random 0..1. */
export function cells(x: number, y: number, z: number): { distance: number; id: number } {
  const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
  let best = 9;
  let id = 0;
  for (let a = i - 1; a <= i + 1; a++)
    for (let b = j - 1; b <= j + 1; b++)
      for (let c = k - 1; c <= k + 1; c++) {
        const dx = a + hash(a, b, c) - x;
        const dy = b + hash(b, c, a + 31) - y;
        const dz = c + hash(c, a + 57, b) - z;
        const d = dx * dx + dy * dy + dz * dz;
        if (d < best) {
          best = d;
          id = hash(a + 7, b + 3, c + 11);
        }
      }
  return { distance: Math.sqrt(best), id };
}
