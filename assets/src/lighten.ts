import { MeshoptSimplifier } from 'meshoptimizer';
import type { Rgb } from './characters.ts';
import type { Part } from './parts.ts';
import { keepUsed } from './simplify.ts';

/** Shapes by which it is told what of a face counts; meshoptimizer weighs 32 numbers a vertex at most. */
const GUIDES = [
  'viseme_aa',
  'viseme_U',
  'viseme_I',
  'viseme_PP',
  'viseme_FF',
  'eyeBlink',
  'mouthSmile',
  'browInnerUp',
];
/** How much a displacement counts, against one of the rest shape. */
const GUIDE_WEIGHT = 2.5;
/** Displacements below this are dropped, metres: nobody sees a tenth of a millimetre at 3 m. */
const STILL = 1e-4;

/**
 * A part of at most so many vertices, with the displacements of those that are kept and no normals of shapes.
 * @param locked source vertices that stay: where parts meet, and where lips do
 */
export async function fewer(
  whole: Part,
  vertices: number,
  locked?: (source: number) => boolean,
): Promise<Part> {
  const part = withoutNormals(whole);
  if (part.positions.length / 3 <= vertices) return part;
  await MeshoptSimplifier.ready;
  const { values, weights } = attributesOf(part);
  const lock = locked ? Uint8Array.from(part.source, (v) => (locked(v) ? 1 : 0)) : null;
  let best = part;
  for (let target = vertices * 2; target > vertices * 0.2; target *= 0.95) {
    const [triangles] = MeshoptSimplifier.simplifyWithAttributes(
      part.triangles,
      part.positions,
      3,
      values,
      weights.length,
      weights,
      lock,
      Math.floor(target) * 3,
      1,
      [],
    );
    best = keepUsed(part, triangles);
    if (best.positions.length / 3 <= vertices) return best;
  }
  throw new Error(`${part.name} has ${best.positions.length / 3} vertices, which is over ${vertices}`);
}

/** What meshoptimizer weighs beside the place of a vertex. */
function attributesOf(part: Part): { values: Float32Array; weights: number[] } {
  const count = part.positions.length / 3;
  const guides = GUIDES.flatMap((name) => part.targets.get(name)?.positions ?? []);
  const weights = [
    0.3,
    0.3,
    0.3,
    0.2,
    0.2,
    ...guides.flatMap(() => [GUIDE_WEIGHT, GUIDE_WEIGHT, GUIDE_WEIGHT]),
  ];
  let [low, high] = [Infinity, -Infinity];
  for (let i = 1; i < part.positions.length; i += 3) {
    low = Math.min(low, part.positions[i]!);
    high = Math.max(high, part.positions[i]!);
  }
  const values = new Float32Array(count * weights.length);
  for (let v = 0; v < count; v++) {
    const row = [...part.normals.subarray(v * 3, v * 3 + 3), ...part.uvs.subarray(v * 2, v * 2 + 2)];
    for (const guide of guides) for (let c = 0; c < 3; c++) row.push(guide[v * 3 + c]! / (high - low));
    values.set(row, v * weights.length);
  }
  return { values, weights };
}

function withoutNormals(part: Part): Part {
  const targets: Part['targets'] = new Map();
  for (const [name, { positions }] of part.targets) {
    const moved = positions.slice();
    for (let i = 0; i < moved.length; i += 3)
      if (Math.hypot(moved[i]!, moved[i + 1]!, moved[i + 2]!) < STILL) moved.fill(0, i, i + 3);
    targets.set(name, { positions: moved });
  }
  return { ...part, targets };
}

/** A part in one colour more: its own, where it has some, times this. */
export function tinted(part: Part, by: Rgb): Part {
  const colors = new Float32Array(part.positions.length);
  for (let i = 0; i < colors.length; i++) colors[i] = (part.colors?.[i] ?? 1) * by[i % 3]!;
  return { ...part, colors };
}

/** Several parts as one mesh. A target that one of them lacks leaves it where it is. */
export function joined(name: string, parts: readonly Part[]): Part {
  const total = parts.reduce((sum, part) => sum + part.positions.length / 3, 0);
  const starts = parts.map((_, k) =>
    parts.slice(0, k).reduce((sum, part) => sum + part.positions.length / 3, 0),
  );
  const all = <T extends Float32Array | Uint8Array | Uint32Array>(
    width: number,
    of: (part: Part) => T | undefined,
  ): T => {
    const first = parts.map(of).find((array) => array)!;
    const out = new (first.constructor as new (n: number) => T)(total * width);
    parts.forEach((part, k) => {
      const own = of(part);
      if (own) out.set(own, starts[k]! * width);
    });
    return out;
  };
  const names = new Set(parts.flatMap((part) => [...part.targets.keys()]));
  return {
    name,
    source: all(1, (part) => part.source),
    positions: all(3, (part) => part.positions),
    normals: all(3, (part) => part.normals),
    uvs: all(2, (part) => part.uvs),
    joints: all(4, (part) => part.joints),
    weights: all(4, (part) => part.weights),
    ...(parts.some((part) => part.colors) && { colors: all(3, (part) => part.colors) }),
    triangles: Uint32Array.from(parts.flatMap((part, k) => [...part.triangles].map((v) => v + starts[k]!))),
    targets: new Map(
      [...names].map((target) => [
        target,
        { positions: all(3, (part) => part.targets.get(target)?.positions) },
      ]),
    ),
  };
}
