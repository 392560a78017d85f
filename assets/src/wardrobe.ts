import type { Recipe } from './characters.ts';
import { dressUp, upperMask } from './cloth.ts';
import type { Detail } from './detail.ts';
import type { Figure } from './figure.ts';
import { clamp, triangulate, vertexNormals } from './geometry.ts';
import type { Piece } from './gltf.ts';
import { dyeHair, sweepFringe } from './hair.ts';
import { jpeg, png, readImage, resized } from './image.ts';
import { dataPath } from './makehuman.ts';
import { type Occluder, occlusion } from './occlusion.ts';
import { makePart, type Part, type PartSource } from './parts.ts';
import type { Fitted } from './proxies.ts';
import { simplify } from './simplify.ts';
import { foldWeights } from './skeleton.ts';

/** Vertices an outfit is reduced to. */
const OUTFIT_VERTICES = 6000;

export type Worn = Fitted & { posed: Float64Array };

/** What the character wears, fitted and posed. */
export interface Wardrobe {
  outfit: Worn;
  shoes?: Worn;
  hair: Worn;
  /** Shade they cast on the skin. */
  occluders: Occluder[];
}

export function openWardrobe(figure: Figure, recipe: Recipe): Wardrobe {
  const outfit = figure.fit(recipe.outfit.proxy);
  const hair = figure.fit(recipe.hair.proxy);
  if (recipe.hair.sweep) sweepFringe(hair.posed, figure, recipe.hair.sweep);
  const shade = (worn: Worn, opacity: number): Occluder => ({
    positions: worn.posed,
    triangles: triangulate(worn.mesh.quads),
    opacity,
  });
  return {
    outfit,
    ...(recipe.shoes ? { shoes: figure.fit(recipe.shoes.proxy) } : {}),
    hair,
    occluders: [shade(hair, 0.6), shade(outfit, 0.9)],
  };
}

function wornPart(name: string, worn: Worn, figure: Figure, color?: PartSource['color']): Part {
  const { mesh, posed } = worn;
  return makePart(
    {
      name,
      positions: posed,
      uvs: mesh.uvs,
      quads: mesh.quads,
      quadUvs: mesh.quadUvs,
      weights: foldWeights(mesh),
      ...(color ? { color } : {}),
    },
    figure.frame,
  );
}

export async function clothPieces(
  figure: Figure,
  recipe: Recipe,
  wardrobe: Wardrobe,
  detail: Detail,
): Promise<Piece[]> {
  const picture = (name: string) =>
    readImage(dataPath(`proxies/${recipe.outfit.proxy}/textures/${name}`), detail.cloth);
  const part = await simplify(wornPart('Outfit', wardrobe.outfit, figure), OUTFIT_VERTICES);
  const cloth = dressUp(
    await picture(recipe.outfit.texture),
    await picture(recipe.outfit.normal),
    await picture(recipe.outfit.ao),
    upperMask(part, figure.joints.Hips![1], detail.cloth),
    recipe.outfit,
  );
  const map = await jpeg(cloth.color, 78);
  const normal = await jpeg(await resized(cloth.normal, detail.cloth * 0.75), 76);
  const pieces: Piece[] = [
    { part, looks: [{ roughness: 0.88, specular: 0.6, map, normal, doubleSided: true }] },
  ];
  if (wardrobe.shoes && recipe.shoes) {
    const { proxy, tint } = recipe.shoes;
    const leather = await readImage(
      dataPath(`proxies/${proxy}/textures/${proxy.split('/')[1]}_diffuse.png`),
      256,
    );
    pieces.push({
      part: wornPart('Shoes', wardrobe.shoes, figure),
      looks: [{ roughness: 0.6, color: tint, map: await jpeg(leather), doubleSided: true }],
    });
  }
  return pieces;
}

/**
 * The hair: a hard-edged pass that writes depth, then the same triangles blended, which softens the edges. Its own
 * ambient occlusion is in the vertex colours.
 */
export async function hairPiece(
  figure: Figure,
  recipe: Recipe,
  { hair, occluders }: Wardrobe,
  bodyQuads: number[],
  detail: Detail,
): Promise<Piece> {
  const body: Occluder = { positions: figure.posed, triangles: triangulate(bodyQuads), opacity: 1 };
  const light = occlusion(
    hair.posed,
    vertexNormals(hair.posed, triangulate(hair.mesh.quads)),
    Array(hair.posed.length / 3).keys(),
    [...occluders, body],
    0.9,
    detail.hairRays,
  );
  const name = recipe.hair.texture ?? `${recipe.hair.proxy.split('/')[1]!}_diffuse.png`;
  const source = await readImage(dataPath(`proxies/${recipe.hair.proxy}/textures/${name}`), detail.hair);
  const dyed = await dyeHair(source, recipe.hair);
  const strands = {
    roughness: 0.5,
    specular: 0.5,
    anisotropy: 0.55,
    map: await png(dyed.color),
    normal: await jpeg(await resized(dyed.normal, detail.hair / 2), 80),
    doubleSided: true,
  };
  const part = wornPart('Hair', hair, figure, (v) => {
    const l = 0.35 + 0.65 * clamp(light[v]! * 1.3, 0, 1);
    return [l, l, l];
  });
  return {
    part,
    looks: [
      { ...strands, mode: 'MASK', cutoff: recipe.hair.cutoff },
      { ...strands, mode: 'BLEND' },
    ],
  };
}
