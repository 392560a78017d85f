import { at, cross, dot, normalize, sub, type Vec3 } from './geometry.ts';

/** Triangles that cast ambient shade; `opacity` 1 blocks a ray fully. */
export interface Occluder {
  positions: ArrayLike<number>;
  triangles: ArrayLike<number>;
  opacity: number;
}

interface Node {
  low: number[];
  high: number[];
  left?: Node;
  right?: Node;
  items?: number[];
}

interface Scene {
  corners: Float64Array;
  opacity: Float64Array;
  root: Node;
}

/** A bounding-volume tree, split at the median of the longest axis. */
function buildScene(occluders: Occluder[]): Scene {
  const total = occluders.reduce((n, o) => n + o.triangles.length / 3, 0);
  const corners = new Float64Array(total * 9);
  const opacity = new Float64Array(total);
  const middles = new Float64Array(total * 3);
  let t = 0;
  for (const o of occluders)
    for (let i = 0; i < o.triangles.length; i += 3, t++) {
      for (let k = 0; k < 3; k++) corners.set(at(o.positions, o.triangles[i + k]!), t * 9 + k * 3);
      for (let c = 0; c < 3; c++)
        middles[t * 3 + c] = (corners[t * 9 + c]! + corners[t * 9 + 3 + c]! + corners[t * 9 + 6 + c]!) / 3;
      opacity[t] = o.opacity;
    }
  const make = (items: number[]): Node => {
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    for (const i of items)
      for (let k = 0; k < 9; k++) {
        low[k % 3] = Math.min(low[k % 3]!, corners[i * 9 + k]!);
        high[k % 3] = Math.max(high[k % 3]!, corners[i * 9 + k]!);
      }
    if (items.length <= 6) return { low, high, items };
    const extents = low.map((l, c) => high[c]! - l);
    const axis = extents.indexOf(Math.max(...extents));
    items.sort((a, b) => middles[a * 3 + axis]! - middles[b * 3 + axis]!);
    const half = items.length >> 1;
    return { low, high, left: make(items.slice(0, half)), right: make(items.slice(half)) };
  };
  return { corners, opacity, root: make([...opacity.keys()]) };
}

/** Light that gets through along a ray, 0..1: near hits shade more than far ones. */
function transmitted(scene: Scene, origin: Vec3, direction: Vec3, reach: number): number {
  let light = 1;
  const stack: Node[] = [scene.root];
  while (stack.length) {
    const node = stack.pop()!;
    let [near, far] = [0, reach];
    for (let c = 0; c < 3; c++) {
      const inverse = 1 / direction[c]!;
      const a = (node.low[c]! - origin[c]!) * inverse;
      const b = (node.high[c]! - origin[c]!) * inverse;
      near = Math.max(near, Math.min(a, b));
      far = Math.min(far, Math.max(a, b));
    }
    if (near > far) continue;
    if (!node.items) {
      stack.push(node.left!, node.right!);
      continue;
    }
    for (const i of node.items) {
      const a = at(scene.corners, i * 3);
      const e1 = sub(at(scene.corners, i * 3 + 1), a);
      const e2 = sub(at(scene.corners, i * 3 + 2), a);
      const p = cross(direction, e2);
      const det = dot(e1, p);
      if (Math.abs(det) < 1e-12) continue;
      const s = sub(origin, a);
      const u = dot(s, p) / det;
      if (u < 0 || u > 1) continue;
      const q = cross(s, e1);
      const v = dot(direction, q) / det;
      if (v < 0 || u + v > 1) continue;
      const distance = dot(e2, q) / det;
      if (distance > 0 && distance < reach)
        light = Math.min(light, 1 - scene.opacity[i]! * (1 - distance / reach) ** 0.5);
    }
  }
  return light;
}

/** Cosine-weighted directions on the z hemisphere, a Fibonacci spiral. */
function hemisphere(count: number): Vec3[] {
  return Array.from({ length: count }, (_, i) => {
    const r = Math.sqrt((i + 0.5) / count);
    const a = i * 2.399963229728653; // golden angle, radians
    return [r * Math.cos(a), r * Math.sin(a), Math.sqrt(1 - r * r)];
  });
}

/**
 * Ambient occlusion per vertex, 0 (shut in) to 1 (open).
 * @param reach how far geometry casts shade, in the positions' unit
 */
export function occlusion(
  positions: ArrayLike<number>,
  normals: ArrayLike<number>,
  vertices: Iterable<number>,
  occluders: Occluder[],
  reach: number,
  rays = 72,
): Float64Array {
  const scene = buildScene(occluders);
  const directions = hemisphere(rays);
  const out = new Float64Array(positions.length / 3).fill(1);
  for (const v of vertices) {
    const n = at(normals, v);
    const t = normalize(cross(Math.abs(n[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0], n));
    const b = cross(n, t);
    const p = at(positions, v);
    const origin: Vec3 = [p[0] + n[0] * 0.01, p[1] + n[1] * 0.01, p[2] + n[2] * 0.01];
    let light = 0;
    for (const d of directions)
      light += transmitted(
        scene,
        origin,
        [0, 1, 2].map((c) => t[c]! * d[0] + b[c]! * d[1] + n[c]! * d[2] + 1e-9) as unknown as Vec3,
        reach,
      );
    out[v] = light / rays;
  }
  return out;
}
