import { type Built, lipPairsOf, lowerLipAround, reportOf, skinPieces } from './character.ts';
import type { Recipe } from './characters.ts';
import { lipFacts } from './check.ts';
import { LIGHT } from './detail.ts';
import { browPieces, eyePieces } from './eyes.ts';
import { buildFigure, type Figure } from './figure.ts';
import { length, sub } from './geometry.ts';
import { CharacterFile, COPYRIGHT, type Look, type Piece } from './gltf.ts';
import { idleTracks } from './idle.ts';
import { shrink } from './image.ts';
import { fewer, joined, tinted } from './lighten.ts';
import type { Morphs } from './morphs.ts';
import { mouthPieces } from './mouth.ts';
import { selectFaces } from './parts.ts';
import { hiddenBy } from './proxies.ts';
import { toothRows } from './tooth-rows.ts';
import { underCloth, underHair, underScalp, withHairline } from './underneath.ts';
import { clothPieces, hairPiece, openWardrobe } from './wardrobe.ts';

/**
 * Expressions of a light face, each of both sides at once: what the emotions of speech show most, and a blink. The jaw is
 * not among them: `viseme_aa` opens it.
 */
const EXPRESSIONS: Record<string, Record<string, number>> = {
  eyeBlink: { eyeBlinkLeft: 1, eyeBlinkRight: 1 },
  mouthSmile: { mouthSmileLeft: 1, mouthSmileRight: 1, cheekSquintLeft: 0.3, cheekSquintRight: 0.3 },
  mouthFrown: { mouthFrownLeft: 1, mouthFrownRight: 1 },
  browInnerUp: { browInnerUp: 1, browOuterUpLeft: 0.35, browOuterUpRight: 0.35 },
  browDown: { browDownLeft: 1, browDownRight: 1 },
};

/** Vertices of each part; 3,000 in all. */
const VERTICES = {
  Head: 1020,
  Body: 300,
  cavity: 150,
  teeth: 80,
  tongue: 48,
  eye: 46,
  Eyebrows: 52,
  Eyelashes: 64,
  Outfit: 560,
  Shoes: 180,
  Hair: 490,
};

/** Texels across a texture, by its part. */
const TEXELS: Record<string, number> = {
  Head: 512,
  Body: 256,
  Eyes: 128,
  Eyebrows: 128,
  Eyelashes: 128,
  Outfit: 512,
  Shoes: 64,
  Hair: 384,
};

/** Builds the light version of a character: the same shape, clothes and skeleton of at most 3,000 vertices. */
export async function buildLight(recipe: Recipe): Promise<Built> {
  const full = buildFigure(recipe);
  const figure: Figure = { ...full, morphs: lightMorphs(full.morphs) };
  const wardrobe = openWardrobe(figure, recipe);
  const { base, topology } = figure;
  const bodyQuads = selectFaces(base, (f) => topology.regions[f] !== undefined).quads;
  const [head, body, cavity] = await skinPieces(figure, recipe, wardrobe, bodyQuads, LIGHT);
  const [teeth, tongue] = await mouthPieces(figure);
  const eyes = (await eyePieces(figure, recipe)).filter(({ part }) => part.name.startsWith('Eye'));
  const seam = seamOf(figure);
  const contacts = new Set(figure.contacts.flatMap(({ upper, lower }) => [upper, lower]));

  const scalp = underHair(figure, head!.part, wardrobe, bodyQuads);
  const face = await withHairline(head!.looks[0]!.map!, head!.part, scalp, recipe.hair);
  const hidden = hiddenBy(wardrobe.outfit, ...(wardrobe.shoes ? [wardrobe.shoes] : []));

  const small = {
    head: await fewer(underScalp(head!.part, scalp), VERTICES.Head, (v) => seam.has(v) || contacts.has(v)),
    body: await fewer(underCloth(body!.part, hidden), VERTICES.Body, (v) => topology.inHead[v] === 1),
    cavity: await fewer(cavity!.part, VERTICES.cavity, (v) => topology.inHead[v] === 1),
    teeth: await fewer(toothRows(teeth!.part, 'viseme_aa'), VERTICES.teeth),
    tongue: await fewer(tongue!.part, VERTICES.tongue),
    eyes: await Promise.all(eyes.map(({ part }) => fewer(part, VERTICES.eye))),
  };
  const pairs = lipPairsOf(figure, small.head);
  const rest = [
    ...(await browPieces(figure, recipe)),
    ...(await clothPieces(figure, recipe, wardrobe, LIGHT)),
    await hairPiece(figure, recipe, wardrobe, bodyQuads, LIGHT),
  ];
  const pieces: Piece[] = [
    { part: small.head, looks: [{ ...head!.looks[0]!, map: face }], extras: { lipPairs: pairs } },
    { part: small.body, looks: body!.looks },
    {
      part: joined('Mouth', [small.cavity, small.teeth, tinted(small.tongue, [0.55, 0.3, 0.29])]),
      looks: [{ roughness: 0.6, specular: 0.12 }],
    },
    // Without a cornea the ball itself has to glint.
    { part: joined('Eyes', small.eyes), looks: [{ ...eyes[0]!.looks[0]!, roughness: 0.12 }] },
  ];
  for (const { part, looks } of rest)
    pieces.push({ part: await fewer(part, VERTICES[part.name as 'Hair']), looks });

  const file = new CharacterFile(figure.joints, COPYRIGHT);
  for (const { part, looks, extras } of pieces)
    file.add({ part, looks: [await lightLook(looks[0]!, TEXELS[part.name])], ...(extras && { extras }) });
  const leg = length(sub(figure.joints.LeftUpLeg!, figure.joints.LeftFoot!));
  const idle = idleTracks(figure.joints.Hips!, leg);
  file.animate('Idle', idle.times, idle.tracks);

  const edge = pairs.flatMap(({ lower }) => lowerLipAround(small.head, lower));
  const parts = pieces.map(({ part }) => part);
  const count = parts.reduce((sum, part) => sum + part.positions.length / 3, 0);
  return {
    bytes: await file.write(),
    report: reportOf(figure, parts),
    facts: [
      ...lipFacts(small.head, pairs, edge, small.teeth),
      { what: 'vertices', value: count, unit: '', holds: count <= 3000 },
    ],
  };
}

/** Vertices of the base that the head shares with the body, the mouth's inside and the eye sockets. */
function seamOf({ base, topology }: Figure): Set<number> {
  const out = new Set<number>();
  topology.regions.forEach((region, f) => {
    if (region === undefined || region === 'head') return;
    for (let c = 0; c < 4; c++) {
      const v = base.quads[f * 4 + c]!;
      if (topology.inHead[v]) out.add(v);
    }
  });
  return out;
}

/** The 15 visemes, and the few expressions. */
function lightMorphs(morphs: Morphs): Morphs {
  const out: Morphs = new Map([...morphs].filter(([name]) => name.startsWith('viseme_')));
  for (const [name, parts] of Object.entries(EXPRESSIONS)) {
    const sum = new Float64Array(morphs.get('viseme_sil')!.length);
    for (const [part, weight] of Object.entries(parts))
      morphs.get(part)!.forEach((d, i) => {
        sum[i] = sum[i]! + weight * d;
      });
    out.set(name, sum);
  }
  return out;
}

/** A material of one small picture. Hair, brows and lashes are cut out where they were blended. */
async function lightLook(look: Look, texels = 0): Promise<Look> {
  const { normal, surface, anisotropy, sheen, occlusion, ...rest } = look;
  return { ...rest, ...(look.map && { map: await shrink(look.map, texels) }) };
}
