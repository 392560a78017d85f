import '@babylonjs/core/Engines/Extensions/engine.cubeTexture.js';
import '@babylonjs/core/Engines/Extensions/engine.rawTexture.js';
import '@babylonjs/core/Engines/Extensions/engine.renderTargetCube.js';
import { Constants } from '@babylonjs/core/Engines/constants.js';
import { HDRFiltering } from '@babylonjs/core/Materials/Textures/Filtering/hdrFiltering.js';
import { RawCubeTexture } from '@babylonjs/core/Materials/Textures/rawCubeTexture.js';
import { CubeMapToSphericalPolynomialTools } from '@babylonjs/core/Misc/HighDynamicRange/cubemapToSphericalPolynomial.js';
import { ToHalfFloat } from '@babylonjs/core/Misc/textureTools.js';
import type { Scene } from '@babylonjs/core/scene.js';

type Triple = readonly [number, number, number];

/** A soft round light, far away: where it stands, its colour, and how tight it is (larger is smaller and crisper). */
interface Glow {
  readonly from: Triple;
  readonly light: Triple;
  readonly sharpness: number;
}

/** Radiance of the dusk: straight up, at the horizon, straight down. */
const ZENITH: Triple = [0.1, 0.13, 0.24];
const HORIZON: Triple = [0.3, 0.24, 0.26];
const GROUND: Triple = [0.12, 0.085, 0.065];

/** The characters look towards +z; +x is the viewer's right. */
const GLOWS: readonly Glow[] = [
  { from: [-0.75, 0.5, 0.75], light: [5.6, 4.3, 3.0], sharpness: 16 }, // the lit doorway behind the viewer
  { from: [0.9, 0.25, 0.7], light: [0.75, 0.8, 1.05], sharpness: 4 }, // open sky on the other side
  { from: [0.8, 0.55, -0.8], light: [1.5, 1.9, 2.9], sharpness: 9 }, // the last blue light, from behind
  { from: [-0.9, 0.15, -0.6], light: [2.6, 1.35, 0.55], sharpness: 14 }, // lanterns along the wall
];

/** Edge of a cube face, texels. The lights are soft; more would show nothing. */
const SIZE = 64;

/** Samples a texel takes when it is blurred for rough surfaces; soft lights need few. */
const BLUR_SAMPLES = 128;

/** What each face looks along, and where its columns and rows go; the order in which WebGL takes them. */
const FACES: readonly {
  name: 'right' | 'left' | 'up' | 'down' | 'front' | 'back';
  axes: [Triple, Triple, Triple];
}[] = [
  {
    name: 'right',
    axes: [
      [1, 0, 0],
      [0, 0, -1],
      [0, -1, 0],
    ],
  },
  {
    name: 'left',
    axes: [
      [-1, 0, 0],
      [0, 0, 1],
      [0, -1, 0],
    ],
  },
  {
    name: 'up',
    axes: [
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ],
  },
  {
    name: 'down',
    axes: [
      [0, -1, 0],
      [1, 0, 0],
      [0, 0, -1],
    ],
  },
  {
    name: 'front',
    axes: [
      [0, 0, 1],
      [1, 0, 0],
      [0, -1, 0],
    ],
  },
  {
    name: 'back',
    axes: [
      [0, 0, -1],
      [-1, 0, 0],
      [0, -1, 0],
    ],
  },
];

/** Lights the scene from all around, with reflections, from nothing but the numbers above. No file is fetched. */
export async function lightFromAround(scene: Scene): Promise<void> {
  const faces = FACES.map(({ name, axes }) => ({ name, radiance: paintFace(axes) }));
  const halves = faces.map(({ radiance }) => Uint16Array.from(radiance, ToHalfFloat));
  const texture = new RawCubeTexture(
    scene,
    halves,
    SIZE,
    Constants.TEXTUREFORMAT_RGBA,
    Constants.TEXTURETYPE_HALF_FLOAT,
    true,
    false,
    Constants.TEXTURE_TRILINEAR_SAMPLINGMODE,
  );
  texture.gammaSpace = false;
  texture.sphericalPolynomial = CubeMapToSphericalPolynomialTools.ConvertCubeMapToSphericalPolynomial({
    ...(Object.fromEntries(faces.map(({ name, radiance }) => [name, radiance])) as Record<
      (typeof FACES)[number]['name'],
      Float32Array
    >),
    size: SIZE,
    format: Constants.TEXTUREFORMAT_RGBA,
    type: Constants.TEXTURETYPE_FLOAT,
    gammaSpace: false,
  });
  await new HDRFiltering(scene.getEngine(), { quality: BLUR_SAMPLES }).prefilter(texture);
  scene.environmentTexture = texture;
}

function paintFace([normal, column, row]: [Triple, Triple, Triple]): Float32Array {
  const texels = new Float32Array(SIZE * SIZE * 4);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const u = ((x + 0.5) / SIZE) * 2 - 1;
      const v = ((y + 0.5) / SIZE) * 2 - 1;
      const toward = unit(
        [0, 1, 2].map((i) => normal[i]! + u * column[i]! + v * row[i]!) as unknown as Triple,
      );
      texels.set(radianceFrom(toward), (y * SIZE + x) * 4);
    }
  }
  return texels;
}

function radianceFrom(toward: Triple): [number, number, number, number] {
  const height = toward[1];
  const far = height > 0 ? ZENITH : GROUND;
  const share = Math.min(1, Math.abs(height) * 1.4);
  const sum = HORIZON.map((value, i) => value + (far[i]! - value) * share) as [number, number, number];
  for (const { from, light, sharpness } of GLOWS) {
    const at = unit(from);
    const cosine = at[0] * toward[0] + at[1] * toward[1] + at[2] * toward[2];
    const strength = Math.exp(sharpness * (cosine - 1));
    for (let i = 0; i < 3; i++) sum[i]! += light[i]! * strength;
  }
  return [...sum, 1];
}

function unit([x, y, z]: Triple): Triple {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}
