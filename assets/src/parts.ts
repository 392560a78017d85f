import type { Rgb } from './characters.ts';
import type { Figure } from './figure.ts';
import { triangulate, vertexNormals } from './geometry.ts';
import type { Fitted } from './proxies.ts';
import { BONES, rigidWeights } from './skeleton.ts';

/** A mesh ready for glTF: one vertex per (position, texture vertex) pair. */
export interface Part {
  name: string;
  /** Source vertex of each vertex. */
  source: Uint32Array;
  /** Metres, y from the ground. */
  positions: Float32Array;
  normals: Float32Array;
  /** v down, as glTF has it. */
  uvs: Float32Array;
  joints: Uint8Array;
  weights: Uint8Array;
  triangles: Uint32Array;
  /** Linear RGB per vertex. */
  colors?: Float32Array;
  targets: Map<string, { positions: Float32Array; normals?: Float32Array }>;
}

/** From decimetres in MakeHuman's frame to the file's frame: metres, scaled to height, ground at 0. */
export interface Frame {
  scale: number;
  /** y of the ground, dm. */
  ground: number;
}

export interface PartSource {
  name: string;
  /** Posed positions, dm. */
  positions: Float64Array;
  uvs: Float64Array;
  quads: ArrayLike<number>;
  quadUvs: ArrayLike<number>;
  /** Faces the normals are computed from; default `quads`. Pass the whole mesh to avoid seams at cuts. */
  normalQuads?: ArrayLike<number>;
  /** Weights on the 22 bones. */
  weights: Float64Array;
  /** Displacements of the source vertices, dm. */
  morphs?: Map<string, Float64Array>;
  morphNormals?: boolean;
  /** Keep targets that move nothing here. */
  keepAll?: boolean;
  /** Remaps uv (v up). */
  warp?: (u: number, v: number) => [number, number];
  /** Colour of a source vertex, linear. */
  color?: (vertex: number) => Rgb;
}

/** Displacements below this are dropped, metres: invisible, and they would fill the file. */
const STILL = 3e-5;
/** Normal changes below this are dropped. */
const STILL_NORMAL = 0.03;

export function makePart(from: PartSource, frame: Frame): Part {
  const index = new Map<number, number>();
  const source: number[] = [];
  const texture: number[] = [];
  const uvCount = from.uvs.length / 2;
  const corners = Array.from(from.quads, (v, i) => {
    const key = v * uvCount + from.quadUvs[i]!;
    let id = index.get(key);
    if (id === undefined) {
      id = source.length;
      index.set(key, id);
      source.push(v);
      texture.push(from.quadUvs[i]!);
    }
    return id;
  });
  const n = source.length;
  const normalTriangles = triangulate(from.normalQuads ?? from.quads);
  const restNormals = vertexNormals(from.positions, normalTriangles);
  const part: Part = {
    name: from.name,
    source: Uint32Array.from(source),
    positions: new Float32Array(n * 3),
    normals: new Float32Array(n * 3),
    uvs: new Float32Array(n * 2),
    joints: new Uint8Array(n * 4),
    weights: new Uint8Array(n * 4),
    triangles: Uint32Array.from(triangulate(corners)),
    targets: new Map(),
  };
  if (from.color) part.colors = new Float32Array(n * 3);
  source.forEach((v, i) => {
    for (let c = 0; c < 3; c++) {
      const p = from.positions[v * 3 + c]! - (c === 1 ? frame.ground : 0);
      part.positions[i * 3 + c] = p * frame.scale;
      part.normals[i * 3 + c] = restNormals[v * 3 + c]!;
    }
    const [u, w] = [from.uvs[texture[i]! * 2]!, from.uvs[texture[i]! * 2 + 1]!];
    const [wu, wv] = from.warp ? from.warp(u, w) : [u, w];
    part.uvs.set([wu, 1 - wv], i * 2);
    const [joints, weights] = strongest(from.weights, v);
    part.joints.set(joints, i * 4);
    part.weights.set(weights, i * 4);
    if (from.color) part.colors!.set(from.color(v), i * 3);
  });
  for (const [name, delta] of from.morphs ?? []) {
    const moved = new Float32Array(n * 3);
    let any = false;
    source.forEach((v, i) => {
      const d = [0, 1, 2].map((c) => delta[v * 3 + c]! * frame.scale);
      if (Math.hypot(...d) < STILL) return;
      any = true;
      moved.set(d, i * 3);
    });
    if (!any && !from.keepAll) continue;
    const target: { positions: Float32Array; normals?: Float32Array } = { positions: moved };
    if (from.morphNormals) {
      const shape = from.positions.map((p, i) => p + delta[i]!);
      const turned = vertexNormals(shape, normalTriangles);
      target.normals = new Float32Array(n * 3);
      source.forEach((v, i) => {
        const d = [0, 1, 2].map((c) => turned[v * 3 + c]! - restNormals[v * 3 + c]!);
        if (Math.hypot(...d) >= STILL_NORMAL) target.normals!.set(d, i * 3);
      });
    }
    part.targets.set(name, target);
  }
  return part;
}

/** The four strongest bones as bytes that sum to 255. */
function strongest(weights: Float64Array, v: number): [number[], number[]] {
  const own = Array.from(weights.subarray(v * BONES.length, (v + 1) * BONES.length));
  const order = [...own.keys()].sort((a, b) => own[b]! - own[a]!).slice(0, 4);
  const sum = order.reduce((s, b) => s + own[b]!, 0) || 1;
  const bytes = order.map((b) => Math.round((own[b]! / sum) * 255));
  bytes[0]! += 255 - bytes.reduce((s, b) => s + b, 0);
  return [order.map((b, k) => (bytes[k] ? b : 0)), bytes];
}

/** A proxy that moves with the face: all weight on the head, every displacement followed. */
export function followFace(name: string, fitted: Fitted, figure: Figure): PartSource {
  const { mesh, positions } = fitted;
  return {
    name,
    positions,
    uvs: mesh.uvs,
    quads: mesh.quads,
    quadUvs: mesh.quadUvs,
    weights: rigidWeights(positions.length / 3, 'Head'),
    morphs: new Map([...figure.morphs].map(([target, delta]) => [target, fitted.follow(delta)])),
  };
}

/** Keeps the faces a test accepts. */
export function selectFaces(
  mesh: { quads: ArrayLike<number>; quadUvs: ArrayLike<number> },
  keep: (face: number) => boolean,
): { quads: number[]; quadUvs: number[] } {
  const quads: number[] = [];
  const quadUvs: number[] = [];
  for (let f = 0; f < mesh.quads.length / 4; f++) {
    if (!keep(f)) continue;
    for (let c = 0; c < 4; c++) {
      quads.push(mesh.quads[f * 4 + c]!);
      quadUvs.push(mesh.quadUvs[f * 4 + c]!);
    }
  }
  return { quads, quadUvs };
}
