import type { Recipe } from './characters.ts';
import { paintEye, SPREAD } from './eye.ts';
import type { Figure } from './figure.ts';
import { at, centre, clamp, normalize, sub } from './geometry.ts';
import type { Piece } from './gltf.ts';
import { softLashes, tintAlpha } from './hair.ts';
import { jpeg, png, readImage } from './image.ts';
import { dataPath } from './makehuman.ts';
import { followFace, makePart, selectFaces } from './parts.ts';
import { rigidWeights } from './skeleton.ts';

const PROXY = 'eyes/HighPolyEyes';

/** Eyeballs (opaque) and corneas (clear, for the highlight), rigid to their bones. */
export async function eyePieces(figure: Figure, recipe: Recipe): Promise<Piece[]> {
  const { mesh, positions } = figure.fit(PROXY);
  const count = positions.length / 3;
  // The set's own texture is transparent where the cornea's faces are mapped.
  const alpha = await readImage(dataPath(`proxies/${PROXY}/textures/brown_eye.png`));
  const isClear = (f: number): boolean => {
    const middle = (k: number): number =>
      [0, 1, 2, 3].reduce((sum, c) => sum + mesh.uvs[mesh.quadUvs[f * 4 + c]! * 2 + k]! / 4, 0);
    const x = clamp(Math.floor(middle(0) * alpha.width), 0, alpha.width - 1);
    const y = clamp(Math.floor((1 - middle(1)) * alpha.height), 0, alpha.height - 1);
    return alpha.data[(y * alpha.width + x) * 4 + 3]! < 0.5;
  };
  const map = await jpeg(paintEye(recipe.eye, 512), 90);
  return (['Left', 'Right'] as const).flatMap((side) => {
    const sign = side === 'Left' ? 1 : -1;
    const own = (f: number): boolean => positions[mesh.quads[f * 4]! * 3]! * sign > 0;
    const ball = selectFaces(mesh, (f) => own(f) && !isClear(f));
    const clear = selectFaces(mesh, (f) => own(f) && isClear(f));
    const middle = centre(figure.shape, figure.base.joints[`eye.${side[0]}____head`]!);
    const uvs = new Float64Array(count * 2);
    for (let v = 0; v < count; v++) {
      const d = normalize(sub(at(positions, v), middle));
      uvs.set([0.5 + SPREAD * d[0], 0.5 + SPREAD * d[1]], v * 2);
    }
    const common = { positions, weights: rigidWeights(count, `${side}Eye`) };
    const eye = { ...common, name: `Eye${side}`, uvs, quads: ball.quads, quadUvs: ball.quads };
    const cornea = { ...common, name: `Cornea${side}`, uvs: mesh.uvs, ...clear };
    return [
      { part: makePart(eye, figure.frame), looks: [{ roughness: 0.4, map, specular: 0.5 }] },
      {
        part: makePart(cornea, figure.frame),
        looks: [{ roughness: 0.04, color: [1, 1, 1], alpha: 0.05, mode: 'BLEND' }],
      },
    ] satisfies Piece[];
  });
}

/** Brows and lashes: cards that follow the face. */
export async function browPieces(figure: Figure, recipe: Recipe): Promise<Piece[]> {
  const { eyebrows, eyelashes } = recipe;
  const picture = (path: string) =>
    readImage(dataPath(`proxies/${path}/textures/${path.split('/')[1]!.toLowerCase()}.png`), 512);
  const brows = tintAlpha(await picture(eyebrows.proxy), eyebrows.color, eyebrows.opacity);
  const lashes = softLashes(tintAlpha(await picture(eyelashes.proxy), [0.06, 0.04, 0.035], 0.92));
  const card = async (name: string, proxy: string, map: typeof brows): Promise<Piece> => ({
    part: makePart(followFace(name, figure.fit(proxy), figure), figure.frame),
    looks: [{ roughness: 0.9, specular: 0.2, map: await png(map), mode: 'BLEND', doubleSided: true }],
  });
  return [await card('Eyebrows', eyebrows.proxy, brows), await card('Eyelashes', eyelashes.proxy, lashes)];
}
