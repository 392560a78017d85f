/** A face that has nothing in common with the project's characters: a doll of a few shapes. */
import { Glb, type GltfPrimitive, TYPE } from './glb.ts';

type Point = readonly [number, number, number];

/** Half width and half height of the mouth, metres. */
type Mouth = readonly [wide: number, high: number];

const REST: Mouth = [0.024, 0];
const SHAPES: Readonly<Record<string, Mouth>> = {
  A: [0.026, 0.021],
  I: [0.033, 0.008],
  U: [0.012, 0.009],
  E: [0.031, 0.013],
  O: [0.018, 0.018],
};
const HEAD: Point = [0.1, 0.13, 0.11];
/** Below the middle of the head. */
const MOUTH_UP = -0.055;
const SEGMENTS = 28;

interface Part {
  readonly points: (mouth: Mouth) => Point[];
  readonly triangles: readonly number[];
  readonly color: readonly number[];
}

const turn = (step: number, of: number): number => (2 * Math.PI * step) / of;

/** Triangles between rows of as many points each; the last point of a row meets the first where `around`. */
function rows(count: number, length: number, around: boolean): number[] {
  const triangles: number[] = [];
  for (let row = 0; row + 1 < count; row++) {
    for (let at = 0; at < (around ? length : length - 1); at++) {
      const next = (at + 1) % length;
      const [a, b, c, d] = [
        row * length + at,
        row * length + next,
        (row + 1) * length + at,
        (row + 1) * length + next,
      ];
      triangles.push(a, b, d, a, d, c);
    }
  }
  return triangles;
}

/** A ball; its rows go from the bottom to the top. */
function ball(radius: Point): Point[] {
  return Array.from({ length: 15 }, (_, row) => {
    const up = Math.PI * (row / 14 - 0.5);
    return Array.from({ length: SEGMENTS }, (_, at): Point => {
      const round = turn(at, SEGMENTS);
      return [
        radius[0] * Math.cos(up) * Math.sin(round),
        radius[1] * Math.sin(up),
        radius[2] * Math.cos(up) * Math.cos(round),
      ];
    });
  }).flat();
}

/** A point of the mouth, `lift` before the skin. */
function onSkin(x: number, y: number, lift: number): Point {
  const up = MOUTH_UP + y;
  return [x, up, HEAD[2] * Math.sqrt(1 - (x / HEAD[0]) ** 2 - (up / HEAD[1]) ** 2) + lift];
}

/** Half of a ring of lip: a tube along the upper or the lower edge of the mouth. */
const lip = (side: 1 | -1): Part => ({
  points: ([wide, high]) =>
    Array.from({ length: SEGMENTS + 1 }, (_, at) => {
      const round = (Math.PI * at) / SEGMENTS;
      return Array.from({ length: 7 }, (_, edge): Point => {
        const tube = turn(edge, 6);
        const across = 0.004 * Math.cos(tube) + 0.004;
        const [x, y] = [Math.cos(round) * (wide + across), side * Math.sin(round) * (high + across)];
        return onSkin(x, y, 0.001 + 0.004 * Math.sin(tube));
      });
    }).flat(),
  triangles: rows(SEGMENTS + 1, 7, false),
  color: [0.62, 0.16, 0.14, 1],
});

const PARTS: Readonly<Record<string, Part>> = {
  skin: { points: () => ball(HEAD), triangles: rows(15, SEGMENTS, true), color: [0.82, 0.62, 0.48, 1] },
  upperLip: lip(1),
  lowerLip: lip(-1),
  cavity: {
    points: ([wide, high]) =>
      [0, 1].flatMap((ring) =>
        Array.from({ length: SEGMENTS }, (_, at): Point => {
          const round = turn(at, SEGMENTS);
          const x = ring * Math.cos(round) * wide;
          return onSkin(x, ring * Math.sin(round) * high, 0.001);
        }),
      ),
    triangles: rows(2, SEGMENTS, true),
    color: [0.12, 0.02, 0.02, 1],
  },
  teeth: {
    points: ([wide, high]) =>
      [0.35, 0.85].flatMap((share) =>
        Array.from({ length: 9 }, (_, at): Point => {
          const x = (at / 4 - 1) * wide * 0.7;
          return onSkin(x, share * high, 0.0025);
        }),
      ),
    triangles: rows(2, 9, false),
    color: [0.95, 0.94, 0.9, 1],
  },
};

/** `names`: what to call the five vowels. Looks along -X, is a hundred times as large as it should be, and has no skeleton. */
export function puppet(nameOf: (vowel: string) => string): { glb: Glb; mouth: [number, number, number] } {
  const glb = Glb.empty();
  const { json } = glb;
  const vowels = Object.keys(SHAPES);
  json.materials = [];
  const primitives = Object.values(PARTS).map((part) => primitiveOf(glb, part, vowels));
  json.meshes = [{ name: 'Face', primitives, extras: { targetNames: vowels.map(nameOf) } }];
  const eye =
    json.meshes.push({
      name: 'Ball',
      primitives: [
        primitiveOf(
          glb,
          {
            points: () => ball([0.014, 0.014, 0.014]),
            triangles: rows(15, SEGMENTS, true),
            color: [0.1, 0.1, 0.12, 1],
          },
          [],
        ),
      ],
    }) - 1;
  json.nodes = [
    { name: 'Doll', children: [1], rotation: [0, -Math.SQRT1_2, 0, Math.SQRT1_2], scale: [100, 100, 100] },
    { name: 'Bip01 Neck', children: [2], translation: [0, 1.2, 0] },
    { name: 'Bip01 Head', children: [3, 4, 5], translation: [0, 0.2, 0] },
    { name: 'Face', mesh: 0 },
    { name: 'Eye_L', mesh: eye, translation: [0.035, 0.025, 0.095] },
    { name: 'Eye_R', mesh: eye, translation: [-0.035, 0.025, 0.095] },
  ];
  json.scenes = [{ nodes: [0] }];
  // Turned by -90° about Y, what was ahead (+Z) lies along -X.
  const [x, y, z] = onSkin(0, 0, 0);
  return { glb, mouth: [-100 * z, 100 * (1.4 + y), 100 * x] };
}

function primitiveOf(glb: Glb, { points, triangles, color }: Part, vowels: readonly string[]): GltfPrimitive {
  const rest = points(REST);
  const material =
    glb.json.materials!.push({
      pbrMetallicRoughness: { baseColorFactor: color, metallicFactor: 0, roughnessFactor: 0.7 },
      doubleSided: true,
    }) - 1;
  return {
    attributes: {
      POSITION: glb.add(rest.flat(), 'VEC3'),
      // A closed mouth has no room for normals.
      NORMAL: glb.add(normalsOf(points(SHAPES.A!), triangles), 'VEC3'),
    },
    indices: glb.add(triangles, 'SCALAR', TYPE.u16),
    material,
    ...(vowels.length > 0 && {
      targets: vowels.map((vowel) => {
        const ends = points(SHAPES[vowel]!);
        const shift = rest.flatMap((start, at) => start.map((value, axis) => ends[at]![axis]! - value));
        return { POSITION: glb.add(shift, 'VEC3') };
      }),
    }),
  };
}

function normalsOf(points: readonly Point[], triangles: readonly number[]): number[] {
  const sums = points.map(() => [0, 0, 0] as [number, number, number]);
  for (let at = 0; at < triangles.length; at += 3) {
    const corners = [triangles[at]!, triangles[at + 1]!, triangles[at + 2]!];
    const [a, b, c] = corners.map((index) => points[index]!) as [Point, Point, Point];
    const u = b.map((value, axis) => value - a[axis]!);
    const v = c.map((value, axis) => value - a[axis]!);
    const cross = [
      u[1]! * v[2]! - u[2]! * v[1]!,
      u[2]! * v[0]! - u[0]! * v[2]!,
      u[0]! * v[1]! - u[1]! * v[0]!,
    ];
    for (const corner of corners) for (let axis = 0; axis < 3; axis++) sums[corner]![axis]! += cross[axis]!;
  }
  return sums.flatMap((sum) => {
    const length = Math.hypot(...sum);
    return length > 0 ? sum.map((value) => value / length) : [0, 0, 1];
  });
}
