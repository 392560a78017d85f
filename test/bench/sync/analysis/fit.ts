/**
 * How badly `heard` from `at` on is explained by `reference` from `place` on, with a gain that may move in a straight
 * line as a fade does: the part of the energy that is left, 0 to 1. 1 where the reference has no such samples.
 * One of `stride` samples is looked at.
 */
export function misfit(
  heard: Float32Array,
  at: number,
  reference: Float32Array,
  place: number,
  count: number,
  stride = 1,
): number {
  if (place < 0 || at < 0 || place + count > reference.length || at + count > heard.length) return 1;
  let aa = 0;
  let ab = 0;
  let bb = 0;
  let ah = 0;
  let bh = 0;
  let hh = 0;
  for (let index = 0; index < count; index += stride) {
    const a = reference[place + index]!;
    const b = (a * index) / count;
    const h = heard[at + index]!;
    aa += a * a;
    ab += a * b;
    bb += b * b;
    ah += a * h;
    bh += b * h;
    hh += h * h;
  }
  const determinant = aa * bb - ab * ab;
  if (hh === 0 || determinant <= 0) return 1;
  const explained = (ah * ah * bb - 2 * ah * bh * ab + bh * bh * aa) / determinant;
  return Math.max(0, 1 - explained / hh);
}
