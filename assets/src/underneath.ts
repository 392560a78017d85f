import type { HairRecipe } from './characters.ts';
import type { Figure } from './figure.ts';
import { between, triangulate, vertexNormals } from './geometry.ts';
import { type Image, jpeg, type Picture, readBytes } from './image.ts';
import { occlusion } from './occlusion.ts';
import type { Part } from './parts.ts';
import { interpolate, rasterise } from './raster.ts';
import type { Wardrobe } from './wardrobe.ts';

/** What a light mesh lies too coarsely over to hide: it goes this far under, metres. */
const SCALP_DEPTH = 0.005;
const SKIN_DEPTH = 0.012;

/** How much of each of the head's vertices hair lies over, 0 to 1. */
export function underHair(figure: Figure, head: Part, wardrobe: Wardrobe, bodyQuads: number[]): Float32Array {
  const { posed, mesh } = wardrobe.hair;
  const normals = vertexNormals(figure.posed, triangulate(bodyQuads));
  const hair = { positions: posed, triangles: triangulate(mesh.quads), opacity: 1 };
  const light = occlusion(figure.posed, normals, new Set(head.source), [hair], 0.5, 24);
  return Float32Array.from(head.source, (v) => between(0.75, 0.45, light[v]!));
}

/** Draws vertices that nothing moves in under what lies over them. */
export function sunk(part: Part, cover: ArrayLike<number>, depth: number): Part {
  const positions = part.positions.slice();
  for (let v = 0; v < positions.length / 3; v++) {
    const moves = [...part.targets.values()].some(
      ({ positions: p }) => p[v * 3] || p[v * 3 + 1] || p[v * 3 + 2],
    );
    if (moves) continue;
    for (let c = 0; c < 3; c++)
      positions[v * 3 + c] = positions[v * 3 + c]! - part.normals[v * 3 + c]! * cover[v]! * depth;
  }
  return { ...part, positions };
}

export const underScalp = (head: Part, cover: ArrayLike<number>): Part => sunk(head, cover, SCALP_DEPTH);

/** The same for skin whose base vertices clothes hide. */
export const underCloth = (body: Part, hidden: ArrayLike<number>): Part =>
  sunk(
    body,
    Float32Array.from(body.source, (v) => hidden[v]!),
    SKIN_DEPTH,
  );

/** The picture of the head with hair painted on the scalp: where it shows through, nobody sees it. */
export async function withHairline(
  map: Picture,
  head: Part,
  cover: Float32Array,
  hair: HairRecipe,
): Promise<Picture> {
  const image: Image = await readBytes(map.bytes);
  const coverage = rasterise(head, image.width);
  for (let p = 0; p < image.width * image.height; p++) {
    if (!coverage.filled[p]) continue;
    const amount = 0.92 * interpolate(coverage, p, cover, 1, 0);
    for (let c = 0; c < 3; c++) {
      const i = p * image.channels + c;
      const tone = 0.5 * (hair.dark[c]! + hair.mid[c]!);
      image.data[i] = image.data[i]! + (tone - image.data[i]!) * amount;
    }
  }
  return jpeg(image, 90);
}
