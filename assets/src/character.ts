import type { Recipe } from './characters.ts';
import { type LipPair, lipFacts } from './check.ts';
import { type Detail, FULL } from './detail.ts';
import { browPieces, eyePieces } from './eyes.ts';
import { bodyLight, landmarksOf, masksOf, warpHead } from './face.ts';
import { buildFigure, type Figure } from './figure.ts';
import { length, sub } from './geometry.ts';
import { CharacterFile, COPYRIGHT, type Piece } from './gltf.ts';
import { idleTracks } from './idle.ts';
import { jpeg, readImage, resized } from './image.ts';
import { namedPairs } from './lips.ts';
import { dataPath } from './makehuman.ts';
import { cavityPiece, mouthPieces } from './mouth.ts';
import { makePart, type Part, type PartSource, selectFaces } from './parts.ts';
import { hiddenBy } from './proxies.ts';
import { foldWeights } from './skeleton.ts';
import { bakeFace, meanTone, toneBody, tonerOf } from './skin.ts';
import type { Region } from './topology.ts';
import { clothPieces, hairPiece, openWardrobe, type Wardrobe } from './wardrobe.ts';

export interface Built {
  bytes: Uint8Array;
  /** Lines for the build log. */
  report: string[];
  facts: ReturnType<typeof lipFacts>;
}

/** Builds one character: shape, face, mouth, eyes, clothes, hair, skeleton, clip. */
export async function buildCharacter(recipe: Recipe): Promise<Built> {
  const figure = buildFigure(recipe);
  const wardrobe = openWardrobe(figure, recipe);
  const { regions } = figure.topology;
  const bodyQuads = selectFaces(figure.base, (f) => regions[f] !== undefined).quads;
  const [head, ...skin] = await skinPieces(figure, recipe, wardrobe, bodyQuads, FULL);
  const [teeth, tongue] = await mouthPieces(figure);
  const pieces = [
    head!,
    ...skin,
    teeth!,
    tongue!,
    ...(await eyePieces(figure, recipe)),
    ...(await browPieces(figure, recipe)),
    ...(await clothPieces(figure, recipe, wardrobe, FULL)),
    // Last: its soft edge blends over everything else.
    await hairPiece(figure, recipe, wardrobe, bodyQuads, FULL),
  ];
  const pairs = lipPairsOf(figure, head!.part);
  head!.extras = { lipPairs: pairs };

  const file = new CharacterFile(figure.joints, COPYRIGHT);
  for (const piece of pieces) file.add(piece);
  const leg = length(sub(figure.joints.LeftUpLeg!, figure.joints.LeftFoot!));
  const idle = idleTracks(figure.joints.Hips!, leg);
  file.animate('Idle', idle.times, idle.tracks);

  const edge = pairs.flatMap(({ lower }) => lowerLipAround(head!.part, lower));
  return {
    bytes: await file.write(),
    report: reportOf(
      figure,
      pieces.map(({ part }) => part),
    ),
    facts: lipFacts(head!.part, pairs, edge, teeth!.part),
  };
}

/** Head, body and the inside of mouth and eye sockets: the base mesh in three parts. The head comes first. */
export async function skinPieces(
  figure: Figure,
  recipe: Recipe,
  wardrobe: Wardrobe,
  bodyQuads: number[],
  detail: Detail,
): Promise<Piece[]> {
  const { base, topology, frame } = figure;
  const hidden = hiddenBy(wardrobe.outfit, ...(wardrobe.shoes ? [wardrobe.shoes] : []));
  const covered = (f: number): boolean => [0, 1, 2, 3].every((c) => hidden[base.quads[f * 4 + c]!] === 1);
  const facesOf = (region: Region) => selectFaces(base, (f) => topology.regions[f] === region && !covered(f));
  const weights = foldWeights(base);
  const part = (name: string, region: Region, extra: Partial<PartSource> = {}): Part =>
    makePart(
      {
        name,
        positions: figure.posed,
        uvs: base.uvs,
        ...facesOf(region),
        normalQuads: bodyQuads,
        weights,
        ...extra,
      },
      frame,
    );
  const head = part('Head', 'head', {
    morphs: figure.morphs,
    morphNormals: true,
    keepAll: true,
    warp: warpHead,
  });
  // The same part without the warp has the same vertices in the same order.
  const sourceUv = part('Head', 'head').uvs.map((t, i) => (i % 2 ? 1 - t : t));

  const source = await readImage(dataPath(`skins/${recipe.skin.texture}`));
  const marks = landmarksOf(figure);
  const masks = masksOf(
    figure,
    head,
    bodyLight(figure, bodyQuads, wardrobe.occluders, detail.skinRays),
    sourceUv,
  );
  const toner = tonerOf(meanTone(head, masks, source, marks), recipe.skin);
  const face = bakeFace(head, masks, source, recipe.skin, marks, toner, detail.face);
  const faceLook = {
    roughness: 0.5,
    specular: 0.85,
    map: await jpeg(face.color, 92),
    normal: await jpeg(face.normal, 90, '4:4:4'),
    surface: await jpeg(await resized(face.surface, detail.face / 2), 84),
  };
  const bodyLook = { roughness: 0.55, specular: 0.8, map: await jpeg(toneBody(source, toner), 85) };
  return [
    { part: head, looks: [faceLook] },
    { part: part('Body', 'body'), looks: [bodyLook] },
    cavityPiece(figure, facesOf('cavity'), bodyQuads),
  ];
}

export const lipPairsOf = (figure: Figure, head: Part): LipPair[] =>
  namedPairs(figure.contacts).map(({ name, upper, lower }) => ({
    name,
    upper: head.source.indexOf(upper),
    lower: head.source.indexOf(lower),
  }));

/** Lower-lip surface around a contact vertex: within 6 mm and not above it. */
export function lowerLipAround(head: Part, lower: number): number[] {
  return [...head.source.keys()].filter((v) => {
    const d = [0, 1, 2].map((c) => head.positions[v * 3 + c]! - head.positions[lower * 3 + c]!);
    return Math.hypot(...d) < 0.006 && d[1]! <= 0.0005;
  });
}

export function reportOf(figure: Figure, parts: Part[]): string[] {
  const count = (part: Part): number => part.positions.length / 3;
  const eye = figure.joints.LeftEye!;
  return [
    ...parts.map((part) => {
      const vertices = String(count(part)).padStart(5);
      const triangles = String(part.triangles.length / 3).padStart(6);
      return `${part.name.padEnd(12)} ${vertices} vertices ${triangles} triangles ${part.targets.size} targets`;
    }),
    `total ${parts.reduce((n, part) => n + count(part), 0)} vertices`,
    `eyes at y ${eye[1].toFixed(3)} m, z ${eye[2].toFixed(3)} m, ${(eye[0] * 2).toFixed(4)} m apart`,
    `Head bone at y ${figure.joints.Head![1].toFixed(3)} m`,
  ];
}
