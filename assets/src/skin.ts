import type { Rgb, SkinRecipe } from './characters.ts';
import { bell, between, clamp, smoothstep } from './geometry.ts';
import { blank, dilate, type Image, sampleSmooth } from './image.ts';
import { cells, fractal, valueNoise } from './noise.ts';
import type { Part } from './parts.ts';
import { interpolate, rasterise } from './raster.ts';

/** Per-vertex masks of the head part, 0..1 unless noted. */
export interface FaceMasks {
  lip: Float32Array;
  cheek: Float32Array;
  /** Skin that the blink moves: the eyelids. */
  lid: Float32Array;
  /** Light that reaches the skin, 0 shut in .. 1 open. */
  light: Float32Array;
  /** Metres to the line where the lips touch. */
  contact: Float32Array;
  /** Source uv, v up. */
  uv: Float32Array;
}

/** Points the procedural paint refers to, metres. */
export interface Landmarks {
  noseTip: readonly number[];
  mouth: readonly number[];
  eyeLeft: readonly number[];
  eyeRight: readonly number[];
}

/** Maps a source skin colour to the character's: the mean moves to `tone`, contrast is scaled around it. */
export type Toner = (color: number[]) => void;

export function tonerOf(mean: readonly number[], recipe: SkinRecipe): Toner {
  return (color) => {
    for (let c = 0; c < 3; c++)
      color[c] = clamp(recipe.tone[c]! * (Math.max(color[c]!, 1e-3) / mean[c]!) ** recipe.contrast, 0, 1);
  };
}

/** The whole-body texture in the character's tone. */
export function toneBody(source: Image, toner: Toner): Image {
  const out = blank(source.width, source.height, 3);
  const color = [0, 0, 0];
  for (let p = 0; p < source.width * source.height; p++) {
    for (let c = 0; c < 3; c++) color[c] = source.data[p * source.channels + c]!;
    toner(color);
    out.data.set(color, p * 3);
  }
  return out;
}

const blend = (color: number[], to: Rgb | readonly number[], amount: number): void => {
  for (let c = 0; c < 3; c++) color[c] = color[c]! + (to[c]! - color[c]!) * amount;
};
const multiply = (color: number[], by: readonly number[], amount: number): void => {
  for (let c = 0; c < 3; c++) color[c] = color[c]! * (1 + (by[c]! - 1) * amount);
};

/** Mean colour of the source on the front of the face, lips and scalp left out. */
export function meanTone(part: Part, masks: FaceMasks, source: Image, marks: Landmarks): number[] {
  const sum = [0, 0, 0];
  let n = 0;
  const color = [0, 0, 0];
  const span = marks.eyeLeft[1]! - marks.mouth[1]!;
  for (let v = 0; v < part.source.length; v++) {
    const y = (part.positions[v * 3 + 1]! - marks.mouth[1]!) / span;
    if (part.normals[v * 3 + 2]! < 0.4 || masks.lip[v]! > 0.05 || y < -0.7 || y > 1.4) continue;
    sampleSmooth(source, masks.uv[v * 2]!, masks.uv[v * 2 + 1]!, color);
    for (let c = 0; c < 3; c++) sum[c] = sum[c]! + color[c]!;
    n++;
  }
  return sum.map((s) => s / n);
}

/** Where a beard grows, 0..1. `x`, `y`, `z` are in units of the eye-to-mouth height, from the mouth. */
function beardAt(x: number, y: number, z: number): number {
  const top = 0.34 * bell(x, 0.42) - 0.02 + 0.95 * smoothstep((x - 0.55) / 0.6);
  const cheek = smoothstep((top - y) / 0.22 + 0.5);
  const front = smoothstep((z + 1.55) / 0.3);
  const neck = smoothstep((y + 1.25) / 0.35);
  const bare = 1 - 0.55 * bell(Math.hypot(x - 0.36, (y + 0.18) * 1.3), 0.16);
  return cheek * front * neck * bare;
}

export interface FaceTextures {
  color: Image;
  normal: Image;
  /** Red: occlusion; green: roughness. */
  surface: Image;
}

/**
 * Paints the face in the head part's own texture space. The source gives the large forms of the colour; lips,
 * blush, lids, mottling, pores, stubble and occlusion are painted from the geometry, in millimetres.
 */
export function bakeFace(
  part: Part,
  masks: FaceMasks,
  source: Image,
  recipe: SkinRecipe,
  marks: Landmarks,
  toner: Toner,
  size: number,
): FaceTextures {
  const coverage = rasterise(part, size);
  const color = blank(size, size, 3);
  const surface = blank(size, size, 3);
  const normal = blank(size, size, 3);
  normal.data.fill(0.5);
  for (let p = 0; p < size * size; p++) normal.data[p * 3 + 2] = 1;
  const height = new Float32Array(size * size);
  const place = new Float32Array(size * size * 3);
  const span = marks.eyeLeft[1]! - marks.mouth[1]!;
  const c = [0, 0, 0];

  for (let p = 0; p < size * size; p++) {
    if (!coverage.filled[p]) continue;
    const get = (values: ArrayLike<number>, width: number, k: number): number =>
      interpolate(coverage, p, values, width, k);
    const [x, y, z] = [0, 1, 2].map((k) => get(part.positions, 3, k)) as [number, number, number];
    place.set([x, y, z], p * 3);
    const mm = [x * 1000, y * 1000, z * 1000] as const;
    const cheek = get(masks.cheek, 1, 0);
    const lid = get(masks.lid, 1, 0);
    const light = clamp(get(masks.light, 1, 0), 0, 1);
    const contact = get(masks.contact, 1, 0) * 1000;
    // The volume targets fade towards the corners; the contact line reaches them.
    const lip = Math.max(smoothstep((get(masks.lip, 1, 0) - 0.05) / 0.36), 0.85 * bell(contact, 1.9));
    const [fx, fy, fz] = [Math.abs(x) / span, (y - marks.mouth[1]!) / span, (z - marks.mouth[2]!) / span];
    const nose = bell(Math.hypot(x, y - marks.noseTip[1]!, z - marks.noseTip[2]!) / span, 0.42);
    const forehead = between(1.15, 1.4, fy) * smoothstep((fz + 1) / 0.5);

    sampleSmooth(source, get(masks.uv, 2, 0), get(masks.uv, 2, 1), c);
    toner(c);
    const skinLike = 1 - lip;
    // Slow melanin and blood mottling, 12 mm and 3 mm.
    const slow = fractal(mm[0] / 12, mm[1] / 12, mm[2] / 12, 3);
    const fine = fractal(mm[0] / 3, mm[1] / 3, mm[2] / 3, 3);
    multiply(c, [1.03, 0.97, 0.95], slow * 0.6 * skinLike);
    multiply(c, [1.02, 1.03, 1.03], fine * 0.8);
    const grain = valueNoise(mm[0] / 0.55, mm[1] / 0.55, mm[2] / 0.55);
    multiply(c, [1.03, 1.035, 1.04], grain * 0.55);
    // Blood near the surface: cheeks, nose, chin, lids.
    const chin = bell(Math.hypot(fx, fy + 0.62), 0.3);
    multiply(c, [1.02, 0.84, 0.84], clamp(recipe.blush * (cheek * 0.85 + nose * 0.7 + chin * 0.3), 0, 1));
    multiply(c, [0.93, 0.8, 0.79], lid * 0.5);
    if (recipe.freckles > 0) {
      const spot = cells(mm[0] / 4.2, mm[1] / 4.2, mm[2] / 4.2);
      const where = clamp(cheek * 1.2 + nose + 0.12, 0, 1);
      const dotted = smoothstep((0.1 + 0.16 * spot.id - spot.distance) / 0.1) * (spot.id > 0.45 ? 1 : 0);
      multiply(c, [0.83, 0.72, 0.64], dotted * recipe.freckles * where * skinLike);
    }
    let stubble = 0;
    if (recipe.beard > 0) {
      const beard = beardAt(fx, fy, fz) * skinLike * (1 - lid);
      const hair = cells(mm[0] / 0.95, mm[1] / 1.2, mm[2] / 0.95);
      stubble = beard * smoothstep((0.42 - hair.distance) / 0.25);
      multiply(c, [0.72, 0.74, 0.77], beard * recipe.beard * (0.62 + 0.2 * fine));
      multiply(c, [0.5, 0.49, 0.5], stubble * recipe.beard * (0.4 + 0.6 * hair.id));
    }
    // Lips: own colour, darker towards the contact line, fine vertical lines.
    const lines = fractal(mm[0] / 0.75, mm[1] / 5, mm[2] / 5, 2);
    blend(c, recipe.lips, lip * recipe.lipStrength);
    multiply(c, [0.94, 0.9, 0.9], lip * (0.5 + 0.5 * lines) * 0.6);
    multiply(c, [0.5, 0.33, 0.33], 0.55 * bell(contact, 1.1) * lip);
    // Shade in the creases is red, as light has gone through flesh.
    const open = lip > 0.3 ? Math.max(light, 0.55) : light;
    for (let k = 0; k < 3; k++) c[k] = c[k]! * Math.max(open, 0.12) ** [0.25, 0.42, 0.47][k]!;
    color.data.set(c, p * 3);

    const pore = cells(mm[0] / 0.85, mm[1] / 0.85, mm[2] / 0.85);
    const poreArea =
      clamp(0.3 + nose * 0.9 + cheek * 0.7 + forehead * 0.3, 0, 1) * skinLike * (1 - 0.7 * lid);
    const pit = bell(pore.distance, 0.34) * (0.4 + 0.6 * pore.id);
    height[p] =
      1e-3 *
      (-0.1 * recipe.pores * poreArea * pit +
        0.04 * fractal(mm[0] / 1.3, mm[1] / 1.3, mm[2] / 1.3, 3) * skinLike +
        0.05 * fractal(mm[0] / 6, mm[1] / 6, mm[2] / 6, 2) * skinLike +
        0.07 * lip * lines +
        0.03 * stubble);
    const rough =
      0.56 -
      0.1 * nose -
      0.05 * forehead -
      0.2 * lip +
      0.05 * fine +
      0.05 * pit * poreArea +
      0.06 * stubble -
      0.05 * lid;
    // Where the lips touch nothing may glint: a light from behind would draw a white line.
    const matt = rough + (0.9 - rough) * bell(contact, 1);
    surface.data.set([clamp(open ** 0.8, 0, 1), clamp(matt, 0.25, 1), 0], p * 3);
  }

  // Slopes in millimetres per millimetre: the height difference over the distance between neighbouring texels.
  const slope = (p: number, q: number): number => {
    if (!coverage.filled[p] || !coverage.filled[q]) return 0;
    const d = Math.hypot(
      place[q * 3]! - place[p * 3]!,
      place[q * 3 + 1]! - place[p * 3 + 1]!,
      place[q * 3 + 2]! - place[p * 3 + 2]!,
    );
    return d > 1e-6 && d < 0.004 ? (height[q]! - height[p]!) / d : 0;
  };
  for (let y = 1; y < size - 1; y++)
    for (let x = 1; x < size - 1; x++) {
      const p = y * size + x;
      if (!coverage.filled[p]) continue;
      const du = (slope(p, p + 1) - slope(p, p - 1)) / 2;
      const dv = (slope(p, p + size) - slope(p, p - size)) / 2;
      const l = Math.hypot(du, dv, 1);
      normal.data.set([0.5 - du / l / 2, 0.5 + dv / l / 2, 0.5 + 0.5 / l], p * 3);
    }
  const spread = (image: Image): void => dilate(image, coverage.filled.slice(), 10);
  spread(color);
  spread(surface);
  spread(normal);
  return { color, normal, surface };
}
