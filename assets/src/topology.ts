import { type QuadMesh, RANGE } from './makehuman.ts';

/** Where a face of the base body goes. */
export type Region = 'head' | 'cavity' | 'body';

/** One vertex of each texture island that does not belong to the body: nose tip, palate. */
const HEAD_SEED = 297;
const PALATE_SEED = 588;

export interface Topology {
  /** Region per face; `undefined` for helper geometry. */
  regions: (Region | undefined)[];
  /** Neighbours of each body vertex along edges. */
  neighbours: number[][];
  /** Steps along edges from the nearest vertex shared with the body island (0 on it). */
  ringsFromBody: Int32Array;
  /** Vertices of the head island. */
  inHead: Uint8Array;
}

/**
 * Splits the base body by texture islands: face, scalp and neck are one island (`head`); the mouth's inside and the
 * eye sockets are `cavity`; the rest is `body`.
 */
export function analyse(mesh: QuadMesh): Topology {
  const parent = Int32Array.from({ length: mesh.uvs.length / 2 }, (_, i) => i);
  const find = (i: number): number => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]!]!;
    return i;
  };
  const faces = mesh.quads.length / 4;
  const end = RANGE.body[1];
  const isBody = (f: number): boolean => [0, 1, 2, 3].every((c) => mesh.quads[f * 4 + c]! < end);
  const neighbours: Set<number>[] = Array.from({ length: end }, () => new Set());
  for (let f = 0; f < faces; f++) {
    if (!isBody(f)) continue;
    for (let c = 0; c < 4; c++) {
      parent[find(mesh.quadUvs[f * 4]!)] = find(mesh.quadUvs[f * 4 + c]!);
      const [a, b] = [mesh.quads[f * 4 + c]!, mesh.quads[f * 4 + ((c + 1) % 4)]!];
      neighbours[a]!.add(b);
      neighbours[b]!.add(a);
    }
  }
  const islandOf = (seed: number): number => {
    const corner = mesh.quads.indexOf(seed);
    return find(mesh.quadUvs[corner]!);
  };
  const head = islandOf(HEAD_SEED);
  const palate = islandOf(PALATE_SEED);
  const size = new Map<number, number>();
  for (let f = 0; f < faces; f++) {
    if (!isBody(f)) continue;
    const island = find(mesh.quadUvs[f * 4]!);
    size.set(island, (size.get(island) ?? 0) + 1);
  }
  const regions: Topology['regions'] = [];
  const inHead = new Uint8Array(end);
  const ringsFromBody = new Int32Array(end).fill(1e6);
  for (let f = 0; f < faces; f++) {
    if (!isBody(f)) {
      regions.push(undefined);
      continue;
    }
    const island = find(mesh.quadUvs[f * 4]!);
    // The two eye sockets are the only islands under 300 faces (293 each).
    const region =
      island === head ? 'head' : island === palate || size.get(island)! < 300 ? 'cavity' : 'body';
    regions.push(region);
    for (let c = 0; c < 4; c++) {
      const v = mesh.quads[f * 4 + c]!;
      if (region === 'head') inHead[v] = 1;
      if (region === 'body') ringsFromBody[v] = 0;
    }
  }
  const lists = neighbours.map((set) => [...set]);
  let front = [...ringsFromBody.keys()].filter((v) => ringsFromBody[v] === 0);
  for (let ring = 1; front.length; ring++) {
    const next: number[] = [];
    for (const v of front)
      for (const n of lists[v]!)
        if (ringsFromBody[n]! > ring) {
          ringsFromBody[n] = ring;
          next.push(n);
        }
    front = next;
  }
  return { regions, neighbours: lists, ringsFromBody, inHead };
}
