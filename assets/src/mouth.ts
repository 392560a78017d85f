import type { Rgb } from './characters.ts';
import type { Figure } from './figure.ts';
import { at, bell, between, centre, dot, normalize, triangulate, vertexNormals } from './geometry.ts';
import type { Piece } from './gltf.ts';
import { jpeg, readImage } from './image.ts';
import { dataPath, RANGE } from './makehuman.ts';
import { occlusion } from './occlusion.ts';
import { followFace, makePart, selectFaces } from './parts.ts';
import type { Fitted } from './proxies.ts';
import { simplify } from './simplify.ts';
import { foldWeights } from './skeleton.ts';

/** Vertices that the gums are reduced to; crowns keep all of theirs. */
const GUM_VERTICES = 420;
/** A gum has more vertices than this, a tooth has 63. */
const TOOTH_LIMIT = 100;
/** Teeth this far behind the upper incisors are left out, dm: cheeks and the corners of the lips hide them. */
const REAR = { upper: 0.31, lower: 0.31 };

/**
 * How far the mouth's inside is lowered, dm. MakeHuman's upper teeth end above the lip line and its lower teeth stand
 * high, so that a speaking mouth shows the wrong row; people show the edge of the upper incisors.
 */
function mouthDrop(baseVertex: number): number {
  if (baseVertex >= RANGE.upperTeeth[0] && baseVertex < RANGE.upperTeeth[1]) return -0.028;
  if (baseVertex >= RANGE.lowerTeeth[0] && baseVertex < RANGE.lowerTeeth[1]) return -0.045;
  return baseVertex >= RANGE.tongue[0] && baseVertex < RANGE.tongue[1] ? -0.06 : 0;
}

/** Most forward z of the upper teeth. */
function frontOf(figure: Figure): number {
  let front = -Infinity;
  for (let v = RANGE.upperTeeth[0]; v < RANGE.upperTeeth[1]; v++)
    front = Math.max(front, figure.shape[v * 3 + 2]!);
  return front;
}

/** Light that gets as far behind the lips as `depth`, 0..1; at `reach` (both dm) a third is left. */
const lightAt = (depth: number, reach: number): number => 0.01 + 0.99 * bell(Math.max(0, depth), reach);

/** Flesh inside the mouth and the eye sockets, which share a mesh. */
export function cavityPiece(
  figure: Figure,
  faces: { quads: number[]; quadUvs: number[] },
  normalQuads: number[],
): Piece {
  const front = frontOf(figure);
  const eyeY = centre(figure.shape, figure.base.joints['eye.L____head']!)[1];
  const part = makePart(
    {
      name: 'MouthCavity',
      positions: figure.posed,
      uvs: figure.base.uvs,
      ...faces,
      normalQuads,
      weights: foldWeights(figure.base),
      morphs: figure.morphs,
      color: (v) => {
        if (figure.posed[v * 3 + 1]! > eyeY - 0.35) return [0.2, 0.09, 0.07];
        // Never black: a wall without any light looks like a hole beside the tongue.
        const l = 0.16 + 0.84 * lightAt(front - figure.posed[v * 3 + 2]!, 0.22);
        return [0.27 * l, 0.08 * l, 0.07 * l];
      },
    },
    figure.frame,
  );
  return { part, looks: [{ roughness: 0.8, specular: 0.1 }] };
}

/** Teeth and tongue. */
export async function mouthPieces(figure: Figure): Promise<Piece[]> {
  return [await teethPiece(figure), await tonguePiece(figure)];
}

/** A proxy of the mouth's inside in its place. */
function fitInside(figure: Figure, path: string): Fitted {
  const fitted = figure.fit(path);
  fitted.mesh.refs.forEach((refs, v) => {
    fitted.positions[v * 3 + 1] = fitted.positions[v * 3 + 1]! + mouthDrop(refs[0]!);
  });
  return fitted;
}

async function tonguePiece(figure: Figure): Promise<Piece> {
  const fitted = fitInside(figure, 'tongue/tongue01');
  const front = frontOf(figure);
  // At rest it would lie across the lower teeth.
  for (let i = 0; i < fitted.positions.length; i += 3) {
    fitted.positions[i] = fitted.positions[i]! * 0.86;
    fitted.positions[i + 2] = fitted.positions[i + 2]! - 0.055;
  }
  const side = fitted.positions.reduce((most, x, i) => (i % 3 === 0 ? Math.max(most, Math.abs(x)) : most), 0);
  const part = makePart(
    {
      ...followFace('Tongue', fitted, figure),
      morphNormals: true,
      color: (v) => {
        const depth = front - 0.12 - fitted.positions[v * 3 + 2]!;
        // Its sides are in the shade of the teeth.
        const shade = 0.75 * between(0.4, 0.95, Math.abs(fitted.positions[v * 3]!) / side);
        const l = 0.05 + 0.95 * lightAt(depth, 0.2) * (1 - shade);
        return [l, 0.9 * l, 0.88 * l];
      },
    },
    figure.frame,
  );
  const map = await readImage(dataPath('proxies/tongue/tongue01/textures/tongue01_diffuse.png'), 256);
  return {
    part,
    looks: [{ roughness: 0.55, specular: 0.15, color: [0.72, 0.46, 0.46], map: await jpeg(map) }],
  };
}

/**
 * Teeth and gums, coloured by vertex: ivory and flesh under the light that gets in. Lights and environments know no
 * lips, so what a mouth shades is part of the colour.
 */
async function teethPiece(figure: Figure): Promise<Piece> {
  const fitted = fitInside(figure, 'teeth/Teeth_Base');
  const { mesh, positions } = fitted;
  const front = frontOf(figure);
  const depth = (v: number): number => front - positions[v * 3 + 2]!;
  const isLower = mesh.refs.map(([r]) => r! >= RANGE.lowerTeeth[0] && r! < RANGE.lowerTeeth[1]);
  const pieces = connected(mesh);
  const isTooth = pieces.map((piece) => piece.length < TOOTH_LIMIT);
  const middle = new Map([...new Set(pieces)].map((piece) => [piece, centre(positions, piece)[2]]));
  const reach = (v: number): number => (isLower[v] ? REAR.lower : REAR.upper);
  const isKept = (v: number): boolean =>
    (isTooth[v] ? front - middle.get(pieces[v]!)! : depth(v) - 0.03) < reach(v);
  const faces = selectFaces(mesh, (f) => [0, 1, 2, 3].every((c) => isKept(mesh.quads[f * 4 + c]!)));

  const triangles = triangulate(mesh.quads);
  const normals = vertexNormals(positions, triangles);
  const open = rowLight(positions, normals, triangles, isLower);
  const color = (v: number): Rgb => {
    // Away from the middle of the arch: the side of the lips.
    const out = normalize([positions[v * 3]!, 0, 0.25 - depth(v)]);
    const outward = between(-0.5, 0.4, dot(at(normals, v), out));
    const l =
      lightAt(depth(v) - (isLower[v] ? 0.05 : 0.02), isLower[v] ? 0.085 : 0.155) *
      (isLower[v] ? 0.88 : 1) *
      (0.35 + 0.65 * outward) *
      (0.25 + 0.75 * between(0.05, 0.75, open[v]!));
    const [r, g, b] = isTooth[v] ? IVORY : GUM;
    // What little light is left has bounced off flesh.
    return [r * l, g * l ** 1.2, b * l ** 1.3];
  };
  // No picture: without its seams a tooth keeps its 63 vertices.
  const whole = makePart(
    {
      ...followFace('Teeth', fitted, figure),
      quads: faces.quads,
      quadUvs: faces.quadUvs.map(() => 0),
      normalQuads: mesh.quads,
      color,
    },
    figure.frame,
  );
  const crowns = whole.source.filter((v) => isTooth[v]).length;
  const part = await simplify(whole, crowns + GUM_VERTICES, (v) => isTooth[whole.source[v]!]!);
  return { part, looks: [{ roughness: 0.4, specular: 0.12 }] };
}

const IVORY: Rgb = [0.76, 0.7, 0.6];
const GUM: Rgb = [0.42, 0.13, 0.12];

/** Ambient light per vertex as its own row of teeth shades it: the other row moves. */
function rowLight(
  positions: Float64Array,
  normals: Float64Array,
  triangles: number[],
  isLower: boolean[],
): Float64Array {
  const out = new Float64Array(isLower.length);
  for (const row of [true, false]) {
    const own = triangles.filter((_, i) => isLower[triangles[i - (i % 3)]!] === row);
    const vertices = [...isLower.keys()].filter((v) => isLower[v] === row);
    const lit = occlusion(positions, normals, vertices, [{ positions, triangles: own, opacity: 1 }], 0.08);
    for (const v of vertices) out[v] = lit[v]!;
  }
  return out;
}

/** For each vertex the vertices of its connected piece, one array per piece. */
function connected(mesh: { refs: unknown[]; quads: ArrayLike<number> }): number[][] {
  const parent = mesh.refs.map((_, v) => v);
  const find = (v: number): number => {
    let root = v;
    while (parent[root] !== root) root = parent[root]!;
    parent[v] = root;
    return root;
  };
  for (let i = 0; i < mesh.quads.length; i++) parent[find(mesh.quads[i]!)] = find(mesh.quads[i - (i % 4)]!);
  const pieces: number[][] = parent.map(() => []);
  parent.forEach((_, v) => void pieces[find(v)]!.push(v));
  return parent.map((_, v) => pieces[find(v)]!);
}
