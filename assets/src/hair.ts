import type { HairRecipe, Rgb } from './characters.ts';
import type { Figure } from './figure.ts';
import { clamp, smoothstep } from './geometry.ts';
import { blank, blurred, type Image, normalsOf } from './image.ts';
import { valueNoise } from './noise.ts';

const luma = (data: ArrayLike<number>, p: number): number =>
  0.3 * data[p * 4]! + 0.59 * data[p * 4 + 1]! + 0.11 * data[p * 4 + 2]!;

/** Share of opaque texels below a brightness, as a function. */
function ranks(values: number[]): (x: number) => number {
  const sorted = Float64Array.from(values).sort();
  return (x) => {
    let [a, b] = [0, sorted.length];
    while (a < b) {
      const m = (a + b) >> 1;
      if (sorted[m]! < x) a = m + 1;
      else b = m;
    }
    return a / sorted.length;
  };
}

export interface HairTextures {
  color: Image;
  normal: Image;
}

/**
 * Dyes a hair texture: its own light and dark (as ranks, so that every source ends in the same range) picks a colour
 * on the recipe's ramp, and strand noise along the strands adds variation. The normal map comes from the strands.
 */
export async function dyeHair(source: Image, recipe: HairRecipe): Promise<HairTextures> {
  const { width, height, data } = source;
  const count = width * height;
  const grey = blank(width, height, 1);
  for (let p = 0; p < count; p++) grey.data[p] = luma(data, p);
  const wide = await blurred(grey, width / 28);
  const opaque: number[] = [];
  for (let p = 0; p < count; p += 7) if (data[p * 4 + 3]! > 0.5) opaque.push(grey.data[p]!);
  const rank = ranks(opaque);
  const color = blank(width, height, 4);
  const channelsOf = wide.channels;
  for (let p = 0; p < count; p++) {
    const [x, y] = [p % width, Math.floor(p / width)];
    const local = clamp(0.5 + 3 * (grey.data[p]! - wide.data[p * channelsOf]!), 0, 1);
    const strand = valueNoise((x / width) * 150, (y / height) * 4, 3) * 0.5 + 0.5;
    const t = clamp(0.5 * rank(grey.data[p]!) + 0.35 * local + 0.22 * strand - 0.05, 0, 1);
    const [from, to, k]: [Rgb, Rgb, number] =
      t < 0.55 ? [recipe.dark, recipe.mid, t / 0.55] : [recipe.mid, recipe.light, (t - 0.55) / 0.45];
    for (let c = 0; c < 3; c++) color.data[p * 4 + c] = from[c]! + (to[c]! - from[c]!) * smoothstep(k);
    color.data[p * 4 + 3] = data[p * 4 + 3]!;
  }
  const normal = normalsOf((x, y) => grey.data[y * width + x]!, width, height, 2.2);
  return { color, normal };
}

/** Moves a fringe out of the eyes. */
export interface Sweep {
  /** Largest turn about the head's vertical axis, degrees; positive towards the character's left. */
  angle: number;
  /** Azimuth at which the turn has faded out, degrees. */
  span: number;
}

/**
 * Turns the front hair below the hairline about the head's vertical axis, in place, dm: strands stay at their distance
 * from the skull and pile up over the temple.
 */
export function sweepFringe(positions: Float64Array, figure: Figure, sweep: Sweep): void {
  const mid = (c: number): number =>
    (figure.joints.LeftEye![c]! + figure.joints.RightEye![c]!) / 2 / figure.frame.scale;
  const eyeY = mid(1) + figure.frame.ground;
  const axisZ = mid(2) - 0.75; // the axis runs through the skull, 7.5 cm behind the eyes
  const side = Math.sign(sweep.angle);
  for (let v = 0; v < positions.length / 3; v++) {
    const [x, y, z] = [positions[v * 3]!, positions[v * 3 + 1]!, positions[v * 3 + 2]! - axisZ];
    const azimuth = (Math.atan2(x, z) * 180) / Math.PI;
    const drop = smoothstep((eyeY + 0.95 - y) / 0.75);
    const along = azimuth * side;
    if (along < -25 || along > sweep.span) continue;
    const fade = 1 - smoothstep((along + 5) / (sweep.span + 5));
    const turn = (sweep.angle * drop * fade * smoothstep((along + 25) / 20) * Math.PI) / 180;
    const a = Math.atan2(x, z) + turn;
    const r = Math.hypot(x, z) + 0.03 * drop * fade;
    positions[v * 3] = r * Math.sin(a);
    positions[v * 3 + 2] = axisZ + r * Math.cos(a);
  }
}

/** Lower lashes (the lower half of the texture) are finer than upper ones. */
export function softLashes(lashes: Image): Image {
  for (let p = 0; p < lashes.width * lashes.height; p++)
    if (p > (lashes.width * lashes.height) / 2) lashes.data[p * 4 + 3] = lashes.data[p * 4 + 3]! * 0.4;
  return lashes;
}

/** A flat colour under a texture's alpha, for brows and lashes. */
export function tintAlpha(source: Image, rgb: Rgb, opacity: number): Image {
  const out = blank(source.width, source.height, 4);
  for (let p = 0; p < source.width * source.height; p++)
    out.data.set([...rgb, source.data[p * 4 + 3]! * opacity], p * 4);
  return out;
}
