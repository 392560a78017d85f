import { MeshoptSimplifier } from 'meshoptimizer';
import type { Part } from './parts.ts';

/**
 * Reduces a part to about `vertices` vertices; kept vertices keep every attribute and displacement.
 * @param locked vertices that stay
 */
export async function simplify(
  part: Part,
  vertices: number,
  locked?: (vertex: number) => boolean,
): Promise<Part> {
  if (part.positions.length / 3 <= vertices) return part;
  await MeshoptSimplifier.ready;
  const ratio = vertices / (part.positions.length / 3);
  const [triangles] = MeshoptSimplifier.simplifyWithAttributes(
    part.triangles,
    part.positions,
    3,
    Float32Array.from({ length: (part.uvs.length / 2) * 5 }, (_, i) => {
      const [v, k] = [Math.floor(i / 5), i % 5];
      return k < 3 ? part.normals[v * 3 + k]! : part.uvs[v * 2 + k - 3]!;
    }),
    5,
    [0.4, 0.4, 0.4, 0.3, 0.3],
    locked ? Uint8Array.from(part.source, (_, v) => (locked(v) ? 1 : 0)) : null,
    Math.floor((part.triangles.length * ratio) / 3) * 3,
    0.2,
    [],
  );
  return keepUsed(part, triangles);
}

/** Drops vertices that no triangle uses. */
export function keepUsed(part: Part, triangles: Uint32Array): Part {
  const used = [...new Set(triangles)].sort((a, b) => a - b);
  const place = new Map(used.map((v, i) => [v, i]));
  const take = <T extends Float32Array | Uint8Array | Uint32Array>(array: T, width: number): T => {
    const out = new (array.constructor as new (n: number) => T)(used.length * width);
    used.forEach((v, i) => {
      for (let c = 0; c < width; c++) out[i * width + c] = array[v * width + c]!;
    });
    return out;
  };
  return {
    name: part.name,
    source: take(part.source, 1),
    positions: take(part.positions, 3),
    normals: take(part.normals, 3),
    uvs: take(part.uvs, 2),
    joints: take(part.joints, 4),
    weights: take(part.weights, 4),
    ...(part.colors ? { colors: take(part.colors, 3) } : {}),
    triangles: triangles.map((v) => place.get(v)!),
    targets: new Map(
      [...part.targets].map(([name, t]) => [
        name,
        { positions: take(t.positions, 3), ...(t.normals ? { normals: take(t.normals, 3) } : {}) },
      ]),
    ),
  };
}
