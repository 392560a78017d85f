import type { Figure } from './figure.ts';
import { between, centre, clamp } from './geometry.ts';
import type { Piece } from './gltf.ts';
import { type Image, jpeg, readImage } from './image.ts';
import { dataPath, RANGE } from './makehuman.ts';
import { followFace, makePart } from './parts.ts';
import { simplify } from './simplify.ts';
import { foldWeights } from './skeleton.ts';

/** Vertices the teeth are reduced to; the original set has 4712. */
const TEETH_VERTICES = 1150;

/**
 * How far the mouth's inside is lowered, dm. MakeHuman's upper teeth end above the lip line and its lower teeth stand
 * high, so that a speaking mouth shows the wrong row; people show the edge of the upper incisors.
 */
function mouthDrop(baseVertex: number): number {
  if (baseVertex >= RANGE.upperTeeth[0] && baseVertex < RANGE.upperTeeth[1]) return -0.028;
  if (baseVertex >= RANGE.lowerTeeth[0] && baseVertex < RANGE.lowerTeeth[1]) return -0.045;
  return baseVertex >= RANGE.tongue[0] && baseVertex < RANGE.tongue[1] ? -0.06 : 0;
}

/** Grey that darkens from the front teeth backwards, 0..1: little light gets in. */
function lightAt(figure: Figure): (z: number) => number {
  let front = -Infinity;
  for (let v = RANGE.upperTeeth[0]; v < RANGE.upperTeeth[1]; v++)
    front = Math.max(front, figure.shape[v * 3 + 2]!);
  return (z) => 0.12 + 0.88 * between(front - 0.42, front - 0.02, z);
}

/** Flesh inside the mouth and the eye sockets, which share a mesh. */
export function cavityPiece(
  figure: Figure,
  faces: { quads: number[]; quadUvs: number[] },
  normalQuads: number[],
): Piece {
  const light = lightAt(figure);
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
        const l = light(figure.posed[v * 3 + 2]!);
        return [0.3 * l, 0.075 * l, 0.065 * l];
      },
    },
    figure.frame,
  );
  return { part, looks: [{ roughness: 0.8, specular: 0.1 }] };
}

/** Teeth and tongue. */
export async function mouthPieces(figure: Figure): Promise<Piece[]> {
  const light = lightAt(figure);
  const make = (name: string, path: string, least: number, morphNormals: boolean) => {
    const fitted = figure.fit(path);
    const { mesh, positions } = fitted;
    const depth = Array.from({ length: mesh.refs.length }, (_, v) => light(positions[v * 3 + 2]!));
    for (let v = 0; v < mesh.refs.length; v++)
      positions[v * 3 + 1] = positions[v * 3 + 1]! + mouthDrop(mesh.refs[v]![0]!);
    return makePart(
      {
        ...followFace(name, fitted, figure),
        morphNormals,
        color: (v) =>
          [1, 0.97, 0.94].map((c) => c * (least + (1 - least) * depth[v]!)) as [number, number, number],
      },
      figure.frame,
    );
  };
  const teeth = await simplify(make('Teeth', 'teeth/Teeth_Base', 0.5, false), TEETH_VERTICES);
  const teethMap = whiten(await readImage(dataPath('proxies/teeth/Teeth_Base/textures/teeth.png')));
  const tongueMap = await readImage(dataPath('proxies/tongue/tongue01/textures/tongue01_diffuse.png'), 256);
  return [
    { part: teeth, looks: [{ roughness: 0.42, specular: 0.25, map: await jpeg(teethMap, 85) }] },
    {
      part: make('Tongue', 'tongue/tongue01', 0.2, true),
      looks: [{ roughness: 0.55, specular: 0.3, color: [0.72, 0.46, 0.46], map: await jpeg(tongueMap) }],
    },
  ];
}

/** The set's teeth are brown at the neck; ours are seen from afar and should read as clean. */
function whiten(image: Image): Image {
  for (let p = 0; p < image.width * image.height; p++) {
    const [r, g, b] = [0, 1, 2].map((c) => image.data[p * 4 + c]!) as [number, number, number];
    const gum = clamp((r - (g + b) / 2 - 0.12) / 0.15, 0, 1);
    const white = 0.54 + (0.4 * (r + g + b)) / 3;
    const tooth = [white * 0.985, white * 0.95, white * 0.885];
    const flesh = [r * 0.95, g * 0.85, b * 0.85];
    for (let c = 0; c < 3; c++) image.data[p * 4 + c] = tooth[c]! * (1 - gum) + flesh[c]! * gum;
  }
  return image;
}
