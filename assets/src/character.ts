import type { Recipe } from './characters.ts';
import { type LipPair, lipFacts } from './check.ts';
import { dressUp, upperMask } from './cloth.ts';
import { paintEye, SPREAD } from './eye.ts';
import { bodyLight, landmarksOf, masksOf, warpHead } from './face.ts';
import { buildFigure, type Figure } from './figure.ts';
import { between, centre, clamp, length, normalize, sub, triangulate, vertexNormals } from './geometry.ts';
import { CharacterFile, type Picture } from './gltf.ts';
import { dyeHair, softLashes, sweepFringe, tintAlpha } from './hair.ts';
import { idleTracks } from './idle.ts';
import { encode, type Image, readImage, resized } from './image.ts';
import { namedPairs } from './lips.ts';
import { dataPath, RANGE } from './makehuman.ts';
import { type Occluder, occlusion } from './occlusion.ts';
import { makePart, type Part, selectFaces } from './parts.ts';
import { hiddenBy } from './proxies.ts';
import { simplify } from './simplify.ts';
import { foldWeights, rigidWeights } from './skeleton.ts';
import { bakeFace, meanTone, toneBody, tonerOf } from './skin.ts';

const COPYRIGHT =
  'CC0 1.0. Derived from MakeHuman assets (makehumancommunity.org); shapes composed by babylon-parley';

export interface Built {
  bytes: Uint8Array;
  /** Lines for the build log. */
  report: string[];
  facts: ReturnType<typeof lipFacts>;
}

const jpeg = async (image: Image, quality = 86): Promise<Picture> => ({
  bytes: await encode(image, 'jpeg', quality),
  type: 'jpeg',
});
const png = async (image: Image, quality = 90): Promise<Picture> => ({
  bytes: await encode(image, 'png', quality),
  type: 'png',
});

export async function buildCharacter(recipe: Recipe): Promise<Built> {
  const figure = buildFigure(recipe);
  const { base, topology, frame } = figure;
  const outfit = figure.fit(recipe.outfit.proxy);
  const shoes = recipe.shoes ? figure.fit(recipe.shoes.proxy) : undefined;
  const hair = figure.fit(recipe.hair.proxy);
  if (recipe.hair.sweep) sweepFringe(hair.posed, figure, recipe.hair.sweep);
  const hidden = hiddenBy(...(shoes ? [outfit, shoes] : [outfit]));
  const covered = (f: number): boolean => [0, 1, 2, 3].every((c) => hidden[base.quads[f * 4 + c]!] === 1);
  const hairShade: Occluder = {
    positions: hair.posed,
    triangles: triangulate(hair.mesh.quads),
    opacity: 0.6,
  };
  const clothShade: Occluder = {
    positions: outfit.posed,
    triangles: triangulate(outfit.mesh.quads),
    opacity: 0.9,
  };
  const light = bodyLight(figure, [hairShade, clothShade]);
  const baseWeights = foldWeights(base);
  const bodyFaces = selectFaces(base, (f) => topology.regions[f] !== undefined);

  const region = (name: string, which: 'head' | 'cavity' | 'body', extra: object = {}): Part =>
    makePart(
      {
        name,
        positions: figure.posed,
        uvs: base.uvs,
        ...selectFaces(base, (f) => topology.regions[f] === which && !covered(f)),
        normalQuads: bodyFaces.quads,
        weights: baseWeights,
        ...extra,
      },
      frame,
    );
  const morphing = { morphs: figure.morphs, morphNormals: true };
  const headSource = region('Head', 'head');
  const sourceUv = headSource.uvs.map((t, i) => (i % 2 ? 1 - t : t));
  const head = region('Head', 'head', { ...morphing, keepAll: true, warp: warpHead });
  const cavity = region('MouthCavity', 'cavity', { morphs: figure.morphs, color: cavityColor(figure) });
  const body = region('Body', 'body');

  const file = new CharacterFile(figure.joints, COPYRIGHT);
  const parts: Part[] = [];
  const add = (
    part: Part,
    looks: Parameters<CharacterFile['material']>[1][],
    extras?: Record<string, unknown>,
  ): void => {
    parts.push(part);
    file.add(
      part,
      looks.map((look, i) => file.material(part.name + (i ? 'Soft' : ''), look)),
      extras,
    );
  };

  // Face and skin.
  const source = await readImage(dataPath(`skins/${recipe.skin.texture}`));
  const marks = landmarksOf(figure);
  const masks = masksOf(figure, head, light, sourceUv);
  const toner = tonerOf(meanTone(head, masks, source, marks), recipe.skin);
  const face = bakeFace(head, masks, source, recipe.skin, marks, toner, 1024);
  const pairs: LipPair[] = namedPairs(figure.contacts).map(({ name, upper, lower }) => ({
    name,
    upper: head.source.indexOf(upper),
    lower: head.source.indexOf(lower),
  }));
  add(
    head,
    [
      {
        roughness: 0.5,
        map: await jpeg(face.color, 88),
        normal: await jpeg(face.normal, 82),
        surface: await jpeg(await resized(face.surface, 512), 84),
        specular: 0.85,
      },
    ],
    { lipPairs: pairs },
  );
  add(body, [{ roughness: 0.55, map: await jpeg(toneBody(source, toner), 85), specular: 0.8 }]);
  add(cavity, [{ roughness: 0.8, specular: 0.1 }]);

  // Mouth.
  const rigid = (name: string, proxyPath: string, options: object = {}) => {
    const fitted = figure.fit(proxyPath);
    const morphs = new Map([...figure.morphs].map(([key, delta]) => [key, fitted.follow(delta)]));
    const count = fitted.positions.length / 3;
    return makePart(
      {
        name,
        positions: fitted.positions,
        uvs: fitted.mesh.uvs,
        quads: fitted.mesh.quads,
        quadUvs: fitted.mesh.quadUvs,
        weights: rigidWeights(count, 'Head'),
        morphs,
        ...options,
      },
      frame,
    );
  };
  const depth = mouthDepth(figure);
  const shaded = (path: string): object => {
    const { positions } = figure.fit(path);
    return { color: (v: number) => depth(positions[v * 3 + 2]!) };
  };
  const teethPath = 'teeth/Teeth_Base';
  const teeth = await simplify(rigid('Teeth', teethPath, shaded(teethPath)), 1150);
  add(teeth, [
    {
      roughness: 0.3,
      specular: 0.7,
      map: await jpeg(whiten(await readImage(dataPath(`proxies/${teethPath}/textures/teeth.png`))), 85),
    },
  ]);
  const tonguePath = 'tongue/tongue01';
  add(rigid('Tongue', tonguePath, { ...shaded(tonguePath), morphNormals: true }), [
    {
      roughness: 0.55,
      specular: 0.3,
      color: [0.6, 0.36, 0.36],
      map: await jpeg(await readImage(dataPath(`proxies/${tonguePath}/textures/tongue01_diffuse.png`), 256)),
    },
  ]);

  await addEyes(figure, recipe, add);

  // Brows and lashes.
  const browName = recipe.eyebrows.proxy.split('/')[1]!;
  const brows = await readImage(dataPath(`proxies/${recipe.eyebrows.proxy}/textures/${browName}.png`), 512);
  add(rigid('Eyebrows', recipe.eyebrows.proxy), [
    {
      roughness: 0.9,
      specular: 0.2,
      map: await png(tintAlpha(brows, recipe.eyebrows.color, recipe.eyebrows.opacity), 80),
      mode: 'BLEND',
      doubleSided: true,
    },
  ]);
  const lashes = await readImage(dataPath(`proxies/${recipe.eyelashes.proxy}/textures/eyelashes01.png`), 512);
  add(rigid('Eyelashes', recipe.eyelashes.proxy), [
    {
      roughness: 0.9,
      specular: 0.2,
      map: await png(softLashes(tintAlpha(lashes, [0.06, 0.04, 0.035], 0.92)), 80),
      mode: 'BLEND',
      doubleSided: true,
    },
  ]);

  // Clothes.
  const worn = (name: string, fitted: typeof outfit): Part =>
    makePart(
      {
        name,
        positions: fitted.posed,
        uvs: fitted.mesh.uvs,
        quads: fitted.mesh.quads,
        quadUvs: fitted.mesh.quadUvs,
        weights: foldWeights(fitted.mesh),
      },
      frame,
    );
  const clothPath = (name: string): string => dataPath(`proxies/${recipe.outfit.proxy}/textures/${name}`);
  const outfitPart = worn('Outfit', outfit);
  const cloth = dressUp(
    await readImage(clothPath(recipe.outfit.texture), 1024),
    await readImage(clothPath(recipe.outfit.normal), 1024),
    await readImage(clothPath(recipe.outfit.ao), 1024),
    upperMask(outfitPart, figure.joints.Hips![1], 1024),
    recipe.outfit,
  );
  add(outfitPart, [
    {
      roughness: 0.88,
      map: await jpeg(cloth.color, 80),
      normal: await jpeg(await resized(cloth.normal, 768), 76),
      doubleSided: true,
      specular: 0.6,
    },
  ]);
  if (shoes && recipe.shoes) {
    const name = recipe.shoes.proxy.split('/')[1]!;
    const map = await readImage(dataPath(`proxies/${recipe.shoes.proxy}/textures/${name}_diffuse.png`), 256);
    add(worn('Shoes', shoes), [
      { roughness: 0.6, color: recipe.shoes.tint, map: await jpeg(map), doubleSided: true },
    ]);
  }

  // Hair last: its soft edge blends over everything else.
  const hairName = recipe.hair.proxy.split('/')[1]!;
  const dyed = await dyeHair(
    await readImage(dataPath(`proxies/${recipe.hair.proxy}/textures/${hairName}_diffuse.png`), 768),
    recipe.hair,
  );
  const hairTriangles = triangulate(hair.mesh.quads);
  const hairLight = occlusion(
    hair.posed,
    vertexNormals(hair.posed, hairTriangles),
    Array(hair.posed.length / 3).keys(),
    [hairShade, clothShade, { positions: figure.posed, triangles: triangulate(bodyFaces.quads), opacity: 1 }],
    0.9,
    32,
  );
  const hairPart = makePart(
    {
      name: 'Hair',
      positions: hair.posed,
      uvs: hair.mesh.uvs,
      quads: hair.mesh.quads,
      quadUvs: hair.mesh.quadUvs,
      weights: foldWeights(hair.mesh),
      color: (v) => {
        const l = 0.35 + 0.65 * clamp(hairLight[v]! * 1.3, 0, 1);
        return [l, l, l];
      },
    },
    frame,
  );
  const strands = {
    roughness: 0.46,
    map: await png(dyed.color, 92),
    normal: await jpeg(dyed.normal, 78),
    doubleSided: true,
    specular: 0.7,
    anisotropy: 0.55,
  };
  add(hairPart, [
    { ...strands, mode: 'MASK', cutoff: recipe.hair.cutoff },
    { ...strands, mode: 'BLEND' },
  ]);

  const hips = figure.joints.Hips!;
  const leg = length(sub(figure.joints.LeftUpLeg!, figure.joints.LeftFoot!));
  const idle = idleTracks(hips, leg);
  file.animate('Idle', idle.times, idle.tracks);

  const lowerLip = pairs.flatMap(({ lower }) =>
    [...head.source.keys()].filter((v) => nearLower(head, v, lower)),
  );
  const eyes = figure.joints.LeftEye!;
  const report = [
    ...parts.map(
      (p) =>
        `${p.name.padEnd(12)} ${String(p.positions.length / 3).padStart(5)} vertices ${String(p.triangles.length / 3).padStart(6)} triangles ${p.targets.size} targets`,
    ),
    `total ${parts.reduce((n, p) => n + p.positions.length / 3, 0)} vertices`,
    `eyes at y ${eyes[1].toFixed(3)} m, z ${eyes[2].toFixed(3)} m, ${(eyes[0] * 2).toFixed(4)} m apart; Head bone y ${figure.joints.Head![1].toFixed(3)} m`,
  ];
  return { bytes: await file.write(), report, facts: lipFacts(head, pairs, lowerLip, teeth) };
}

/** Lower-lip surface around a contact vertex: within 6 mm and below it. */
const nearLower = (head: Part, v: number, lower: number): boolean => {
  const d = [0, 1, 2].map((c) => head.positions[v * 3 + c]! - head.positions[lower * 3 + c]!);
  return Math.hypot(...d) < 0.006 && d[1]! <= 0.0005;
};

/** Flesh inside the mouth, darker with depth; the eye sockets' inside is skin-dark. */
function cavityColor(figure: Figure): (v: number) => [number, number, number] {
  const depth = mouthDepth(figure);
  const eyes = figure.base.joints['eye.L____head']!;
  const eyeY = centre(figure.shape, eyes)[1];
  return (v) => {
    if (figure.posed[v * 3 + 1]! > eyeY - 0.35) return [0.2, 0.09, 0.07];
    const [d] = depth(figure.posed[v * 3 + 2]!);
    return [0.3 * d, 0.075 * d, 0.065 * d];
  };
}

/** Grey that darkens from the front teeth backwards. */
function mouthDepth(figure: Figure): (z: number) => [number, number, number] {
  let front = -Infinity;
  for (let v = RANGE.upperTeeth[0]; v < RANGE.upperTeeth[1]; v++)
    front = Math.max(front, figure.shape[v * 3 + 2]!);
  return (z) => {
    const light = 0.12 + 0.88 * between(front - 0.42, front - 0.02, z);
    return [light, light * 0.96, light * 0.94];
  };
}

/** The set's teeth are brown at the neck; ours are seen from afar and should read as clean. */
function whiten(image: Image): Image {
  for (let p = 0; p < image.width * image.height; p++) {
    const [r, g, b] = [0, 1, 2].map((c) => image.data[p * 4 + c]!) as [number, number, number];
    const gum = clamp((r - (g + b) / 2 - 0.12) / 0.15, 0, 1);
    const l = (r + g + b) / 3;
    const white = 0.52 + 0.4 * l;
    const to = [white * 0.98, white * 0.945, white * 0.88];
    const pink = [r * 0.95, g * 0.85, b * 0.85];
    for (let c = 0; c < 3; c++) image.data[p * 4 + c] = to[c]! * (1 - gum) + pink[c]! * gum;
  }
  return image;
}

/** Eyeballs (opaque) and corneas (clear, for the highlight), rigid to their bones. */
async function addEyes(
  figure: Figure,
  recipe: Recipe,
  add: (part: Part, looks: Parameters<CharacterFile['material']>[1][]) => void,
): Promise<void> {
  const path = 'eyes/HighPolyEyes';
  const fitted = figure.fit(path);
  const { mesh, positions } = fitted;
  const alpha = await readImage(dataPath(`proxies/${path}/textures/brown_eye.png`));
  const isClear = (f: number): boolean => {
    const uv = [0, 1].map(
      (k) => [0, 1, 2, 3].reduce((s, c) => s + mesh.uvs[mesh.quadUvs[f * 4 + c]! * 2 + k]!, 0) / 4,
    ) as [number, number];
    const x = clamp(Math.floor(uv[0] * alpha.width), 0, alpha.width - 1);
    const y = clamp(Math.floor((1 - uv[1]) * alpha.height), 0, alpha.height - 1);
    return alpha.data[(y * alpha.width + x) * 4 + 3]! < 0.5;
  };
  const map = await jpeg(paintEye(recipe.eye, 512), 90);
  for (const [side, sign] of [
    ['Left', 1],
    ['Right', -1],
  ] as const) {
    const own = (f: number): boolean => positions[mesh.quads[f * 4]! * 3]! * sign > 0;
    const ball = selectFaces(mesh, (f) => own(f) && !isClear(f));
    const middle = centre(figure.shape, figure.base.joints[`eye.${side[0]}____head`]!);
    const uvs = new Float64Array((positions.length / 3) * 2);
    for (let v = 0; v < positions.length / 3; v++) {
      const d = normalize(sub([positions[v * 3]!, positions[v * 3 + 1]!, positions[v * 3 + 2]!], middle));
      // Mirrored on the right so that both inner corners match.
      uvs.set([0.5 + SPREAD * d[0], 0.5 + SPREAD * d[1]], v * 2);
    }
    const common = { positions, weights: rigidWeights(positions.length / 3, `${side}Eye`) };
    add(
      makePart({ ...common, name: `Eye${side}`, uvs, quads: ball.quads, quadUvs: ball.quads }, figure.frame),
      [{ roughness: 0.4, map, specular: 0.5 }],
    );
    const clear = selectFaces(mesh, (f) => own(f) && isClear(f));
    add(makePart({ ...common, name: `Cornea${side}`, uvs: mesh.uvs, ...clear }, figure.frame), [
      { roughness: 0.04, color: [1, 1, 1], alpha: 0.05, mode: 'BLEND' },
    ]);
  }
}
