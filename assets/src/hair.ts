import type { HairRecipe, Rgb } from './characters.ts';
import type { Figure } from './figure.ts';
import { clamp, smoothstep } from './geometry.ts';
import { blank, blurred, dilate, type Image, normalsOf } from './image.ts';

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

/**
 * Fine strands along the hair's own direction, 0..1: white noise smeared along the structure of the picture (line
 * integral convolution; the direction is the weak eigenvector of the blurred structure tensor).
 */
async function combed(grey: Image): Promise<Float32Array> {
  const { width, height, data } = grey;
  const count = width * height;
  const tensor = blank(width, height, 3);
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const p = y * width + x;
      const dx = (data[p + 1]! - data[p - 1]!) * 4;
      const dy = (data[p + width]! - data[p - width]!) * 4;
      tensor.data.set([clamp(dx * dx, 0, 1), clamp(dy * dy, 0, 1), clamp(0.5 + dx * dy, 0, 1)], p * 3);
    }
  const smooth = await blurred(tensor, width / 110);
  const direction = new Float32Array(count);
  for (let p = 0; p < count; p++) {
    const [xx, yy, xy] = [smooth.data[p * 3]!, smooth.data[p * 3 + 1]!, smooth.data[p * 3 + 2]! - 0.5];
    direction[p] = 0.5 * Math.atan2(2 * xy, xx - yy) + Math.PI / 2;
  }
  const noise = new Float32Array(count);
  for (let p = 0, seed = 1; p < count; p++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    noise[p] = seed / 4294967296;
  }
  const out = new Float32Array(count);
  const REACH = 22; // texels each way
  for (let p = 0; p < count; p++) {
    let sum = noise[p]!;
    for (const sign of [1, -1]) {
      let [x, y] = [p % width, Math.floor(p / width)];
      let [lastX, lastY] = [Math.cos(direction[p]!) * sign, Math.sin(direction[p]!) * sign];
      for (let s = 0; s < REACH; s++) {
        const q = clamp(Math.round(y), 0, height - 1) * width + clamp(Math.round(x), 0, width - 1);
        let [dx, dy] = [Math.cos(direction[q]!), Math.sin(direction[q]!)];
        if (dx * lastX + dy * lastY < 0) [dx, dy] = [-dx, -dy];
        [x, y, lastX, lastY] = [x + dx, y + dy, dx, dy];
        sum += noise[clamp(Math.round(y), 0, height - 1) * width + clamp(Math.round(x), 0, width - 1)]!;
      }
    }
    // The mean of 45 uniform numbers has a deviation of 0.043: stretch it to most of 0..1.
    out[p] = clamp(0.5 + (sum / (2 * REACH + 1) - 0.5) * 5, 0, 1);
  }
  return out;
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
  const strands = await combed(grey);
  for (let p = 0; p < count; p++) {
    const local = clamp(0.5 + 3 * (grey.data[p]! - wide.data[p * channelsOf]!), 0, 1);
    const strand = 0.5 + 1.5 * (strands[p]! - 0.5);
    const t = clamp(0.42 * rank(grey.data[p]!) + 0.3 * local + 0.42 * strand - 0.06, 0, 1);
    const [from, to, k]: [Rgb, Rgb, number] =
      t < 0.55 ? [recipe.dark, recipe.mid, t / 0.55] : [recipe.mid, recipe.light, (t - 0.55) / 0.45];
    for (let c = 0; c < 3; c++) color.data[p * 4 + c] = from[c]! + (to[c]! - from[c]!) * smoothstep(k);
    color.data[p * 4 + 3] = data[p * 4 + 3]!;
  }
  // Outside the strands the source is paper white: fill it from the edge, or it shows as a halo.
  const solid = new Uint8Array(count);
  for (let p = 0; p < count; p++) solid[p] = data[p * 4 + 3]! > 0.55 ? 1 : 0;
  dilate(color, solid, 14, 3);
  const relief = (x: number, y: number): number => grey.data[y * width + x]! + 0.8 * strands[y * width + x]!;
  const normal = normalsOf(relief, width, height, 1.6);
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
