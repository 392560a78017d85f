import { type Figure, vertexAt } from './figure.ts';
import { at, bell, length, sub, triangulate, vertexNormals } from './geometry.ts';
import { RANGE, readTarget } from './makehuman.ts';
import { type Occluder, occlusion } from './occlusion.ts';
import type { Part } from './parts.ts';
import type { FaceMasks, Landmarks } from './skin.ts';

/** Nose tip and the innermost row of the upper lip, hm08 vertices at the middle. */
const NOSE_TIP = 297;
const UPPER_LIP = 520;

export const landmarksOf = (figure: Figure): Landmarks => ({
  noseTip: vertexAt(figure, NOSE_TIP),
  mouth: vertexAt(figure, UPPER_LIP),
  eyeLeft: figure.joints.LeftEye!,
  eyeRight: figure.joints.RightEye!,
});

/** Density of the head's texture along one axis: a smooth hill over the face. */
function warpOf(low: number, high: number, density: (t: number) => number): (t: number) => number {
  const STEPS = 512;
  const sums = [0];
  for (let i = 0; i < STEPS; i++) sums.push(sums[i]! + density(low + ((i + 0.5) / STEPS) * (high - low)));
  const total = sums[STEPS]!;
  return (t) => {
    const x = Math.min(STEPS, Math.max(0, ((t - low) / (high - low)) * STEPS));
    const i = Math.min(STEPS - 1, Math.floor(x));
    return 0.006 + 0.988 * ((sums[i]! + (x - i) * (sums[i + 1]! - sums[i]!)) / total);
  };
}

// The head's island in MakeHuman's texture (u 0.641-0.994, v 0.149-0.818); the face lies around (0.88, 0.482).
const warpU = warpOf(0.641, 0.994, (u) => 1 + 2.2 * bell(u - 0.885, 0.075));
const warpV = warpOf(0.149, 0.818, (v) => 1 + 3.2 * bell(v - 0.483, 0.1));

/** Gives the face most of the head's own texture; the scalp, under the hair, gets little. */
export const warpHead = (u: number, v: number): [number, number] => [warpU(u), warpV(v)];

const magnitudes = (delta: Float64Array): Float32Array => {
  const out = new Float32Array(delta.length / 3);
  for (let v = 0; v < out.length; v++) out[v] = length(at(delta, v));
  const top = out.subarray(0, RANGE.body[1]).reduce((a, b) => Math.max(a, b), 0);
  return out.map((m) => m / top);
};
const strongestOf = (...names: string[]): Float32Array =>
  names
    .map((name) => magnitudes(readTarget(name)))
    .reduce((a, b) => a.map((m, i) => Math.max(m, b[i]!)) as Float32Array<ArrayBuffer>);

/** Averages with the neighbours, so that a mask does not show the mesh's grid. */
function smoothed(values: Float32Array, neighbours: number[][], times: number): Float32Array {
  let out = values;
  for (let i = 0; i < times; i++) {
    const last = out;
    out = last.map((value, v) => {
      const around = neighbours[v];
      if (!around?.length) return value;
      return 0.5 * value + (0.5 * around.reduce((sum, n) => sum + last[n]!, 0)) / around.length;
    });
  }
  return out;
}

/** Ambient occlusion of the whole base body, 0..1 per vertex. */
export function bodyLight(
  figure: Figure,
  bodyQuads: number[],
  others: Occluder[],
  rays: number,
): Float64Array {
  const triangles = triangulate(bodyQuads);
  const normals = vertexNormals(figure.posed, triangles);
  const wanted = [...Array(RANGE.body[1]).keys()].filter((v) => figure.topology.inHead[v]);
  const self: Occluder = { positions: figure.posed, triangles, opacity: 1 };
  const light = occlusion(figure.posed, normals, wanted, [self, ...others], 0.7, rays);
  // Fade to open at the neck seam, as the body has none.
  for (const v of wanted) {
    const fade = Math.min(1, figure.topology.ringsFromBody[v]! / 4);
    light[v] = 1 - (1 - light[v]!) * fade;
  }
  return light;
}

/** The masks that the face is painted by. `sourceUv` is the head's place in MakeHuman's texture, v up. */
export function masksOf(figure: Figure, head: Part, light: Float64Array, sourceUv: Float32Array): FaceMasks {
  const lips = strongestOf('mouth/mouth-upperlip-volume-inflate', 'mouth/mouth-lowerlip-volume-inflate');
  const cheeks = strongestOf('cheek/l-cheek-volume-inflate', 'cheek/r-cheek-volume-inflate');
  const lids = strongestOf(
    'expression/units/caucasian/eye-left-closure',
    'expression/units/caucasian/eye-right-closure',
  );
  const pick = (values: ArrayLike<number>): Float32Array => Float32Array.from(head.source, (v) => values[v]!);
  const toContact = Float32Array.from(head.source, (v) => {
    let best = Infinity;
    for (const { upper, lower } of figure.contacts)
      for (const w of [upper, lower])
        best = Math.min(best, length(sub(at(figure.posed, v), at(figure.posed, w))));
    return best * figure.frame.scale;
  });
  return {
    lip: pick(smoothed(lips, figure.topology.neighbours, 2)),
    cheek: pick(cheeks),
    lid: pick(lids),
    light: pick(light),
    contact: toContact,
    uv: sourceUv,
  };
}
