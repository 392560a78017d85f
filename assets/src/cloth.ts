import type { OutfitRecipe } from './characters.ts';
import { clamp } from './geometry.ts';
import { blank, type Image } from './image.ts';
import { fractal, valueNoise } from './noise.ts';
import type { Part } from './parts.ts';
import { rasterise } from './raster.ts';

export interface ClothTextures {
  color: Image;
  normal: Image;
}

/** Height of fine rib-knit at a texel, 0..1: ribs along v, slightly uneven. */
function knitAt(x: number, y: number, size: number): number {
  const ribs = 130; // across the texture
  const [u, v] = [(x / size) * ribs, (y / size) * ribs];
  const uneven = 0.25 * valueNoise(u * 0.15, v * 0.15, 2);
  return 0.5 + 0.4 * Math.cos(2 * Math.PI * (u + uneven)) + 0.1 * valueNoise(u * 2, v * 2, 9);
}

/** Texels of the texture islands whose middle lies above a height, metres: the shirt, not the trousers. */
export function upperMask(part: Part, height: number, size: number): Uint8Array {
  const parent = Int32Array.from({ length: part.source.length }, (_, i) => i);
  const find = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!;
    return i;
  };
  for (let t = 0; t < part.triangles.length; t += 3)
    for (let k = 1; k < 3; k++) parent[find(part.triangles[t]!)] = find(part.triangles[t + k]!);
  const sum = new Map<number, [number, number]>();
  for (let v = 0; v < part.source.length; v++) {
    const y = part.positions[v * 3 + 1]!;
    const [s, n] = sum.get(find(v)) ?? [0, 0];
    sum.set(find(v), [s + y, n + 1]);
  }
  const coverage = rasterise(part, size);
  const out = new Uint8Array(size * size);
  for (let p = 0; p < size * size; p++) {
    if (!coverage.filled[p]) continue;
    const [s, n] = sum.get(find(coverage.corners[p * 3]!))!;
    out[p] = s / n > height ? 1 : 0;
  }
  // Widen by a few texels so that mip maps stay inside.
  for (let step = 0; step < 5; step++) {
    const fresh: number[] = [];
    for (let p = size; p < out.length - size; p++)
      if (!out[p] && !coverage.filled[p] && (out[p - 1] || out[p + 1] || out[p - size] || out[p + size]))
        fresh.push(p);
    for (const p of fresh) out[p] = 1;
  }
  return out;
}

/** Repaints the top of an outfit in plain cloth (no logos), tints the rest, and shades both by the outfit's occlusion. */
export function dressUp(
  diffuse: Image,
  bumps: Image,
  ao: Image,
  upper: Uint8Array,
  recipe: OutfitRecipe,
): ClothTextures {
  const { width, height } = diffuse;
  const color = blank(width, height, 3);
  const normal = blank(width, height, 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const p = y * width + x;
      const [u, v] = [x / width, y / height];
      const shade = 0.35 + 0.65 * ao.data[p * 4]!;
      const area = upper[p] ? recipe.top : undefined;
      let [nx, ny] = [bumps.data[p * 4]! * 2 - 1, bumps.data[p * 4 + 1]! * 2 - 1];
      for (let c = 0; c < 3; c++) {
        let value: number;
        if (area) {
          const knit = area.knit * (knitAt(x, y, width) - 0.5);
          const worn = 0.05 * fractal(u * 9, v * 9, 2) + 0.03 * valueNoise(u * 300, v * 300, 5);
          value = area.color[c]! * (1 + 0.08 * knit + worn);
        } else value = diffuse.data[p * 4 + c]! * recipe.tint[c]!;
        color.data[p * 3 + c] = clamp(value * shade, 0, 1);
      }
      if (area && area.knit > 0) {
        nx += 0.35 * area.knit * (knitAt(x - 1, y, width) - knitAt(x + 1, y, width));
        ny += 0.35 * area.knit * (knitAt(x, y + 1, width) - knitAt(x, y - 1, width));
      }
      const nz = Math.sqrt(Math.max(0.1, 1 - nx * nx - ny * ny));
      const l = Math.hypot(nx, ny, nz);
      normal.data.set([0.5 + nx / l / 2, 0.5 + ny / l / 2, 0.5 + nz / l / 2], p * 3);
    }
  return { color, normal };
}
