/** Small geometry on flat xyz arrays. */

export type Vec3 = readonly [number, number, number];

/** Hermite step: 0 at or below 0, 1 at or above 1. */
export function smoothstep(t: number): number {
  const c = Math.min(1, Math.max(0, t));
  return c * c * (3 - 2 * c);
}

/** Hermite step between two edges; the edges may be given in falling order. */
export const between = (from: number, to: number, x: number): number => smoothstep((x - from) / (to - from));

/** Bell curve: 1 at 0, `1/e` at `x === width`. */
export const bell = (x: number, width: number): number => Math.exp(-((x / width) ** 2));

export const clamp = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));

export const at = (array: ArrayLike<number>, i: number): Vec3 => [
  array[i * 3]!,
  array[i * 3 + 1]!,
  array[i * 3 + 2]!,
];

export const sub = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
export function normalize(a: Vec3): Vec3 {
  const l = length(a) || 1;
  return [a[0] / l, a[1] / l, a[2] / l];
}

/** Mean of some vertices. */
export function centre(positions: ArrayLike<number>, ids: ArrayLike<number>): Vec3 {
  const sum: [number, number, number] = [0, 0, 0];
  for (let k = 0; k < ids.length; k++)
    for (let c = 0; c < 3; c++) sum[c] = sum[c]! + positions[ids[k]! * 3 + c]! / ids.length;
  return sum;
}

/** `into += weight * from`, in place. */
export function addScaled(into: Float64Array, from: ArrayLike<number>, weight: number): Float64Array {
  for (let i = 0; i < into.length; i++) into[i] = into[i]! + weight * from[i]!;
  return into;
}

/** Triangles of quads; degenerate ones (from padded triangles) are dropped. */
export function triangulate(quads: ArrayLike<number>): number[] {
  const out: number[] = [];
  for (let q = 0; q < quads.length; q += 4) {
    const [a, b, c, d] = [quads[q]!, quads[q + 1]!, quads[q + 2]!, quads[q + 3]!];
    if (a !== b && b !== c && a !== c) out.push(a, b, c);
    if (a !== c && c !== d && a !== d) out.push(a, c, d);
  }
  return out;
}

/** Area-weighted unit vertex normals. */
export function vertexNormals(positions: ArrayLike<number>, triangles: ArrayLike<number>): Float64Array {
  const out = new Float64Array(positions.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!];
    const n = cross(sub(at(positions, b), at(positions, a)), sub(at(positions, c), at(positions, a)));
    for (const v of [a, b, c]) for (let k = 0; k < 3; k++) out[v * 3 + k] = out[v * 3 + k]! + n[k]!;
  }
  for (let v = 0; v < out.length; v += 3) {
    const l = Math.hypot(out[v]!, out[v + 1]!, out[v + 2]!) || 1;
    for (let k = 0; k < 3; k++) out[v + k] = out[v + k]! / l;
  }
  return out;
}

/** Row-major 3x3 rotation about a unit axis, radians. */
export function rotation(axis: Vec3, angle: number): number[] {
  const [x, y, z] = normalize(axis);
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const t = 1 - c;
  return [
    t * x * x + c,
    t * x * y - s * z,
    t * x * z + s * y,
    t * x * y + s * z,
    t * y * y + c,
    t * y * z - s * x,
    t * x * z - s * y,
    t * y * z + s * x,
    t * z * z + c,
  ];
}

export const rotate = (m: readonly number[], v: Vec3): Vec3 => [
  m[0]! * v[0] + m[1]! * v[1] + m[2]! * v[2],
  m[3]! * v[0] + m[4]! * v[1] + m[5]! * v[2],
  m[6]! * v[0] + m[7]! * v[1] + m[8]! * v[2],
];
