import '@babylonjs/core/Engines/Extensions/engine.dynamicTexture.js';
import { Constants } from '@babylonjs/core/Engines/constants.js';
import { ImageProcessingConfiguration } from '@babylonjs/core/Materials/imageProcessingConfiguration.js';
import { PBRMaterial } from '@babylonjs/core/Materials/PBR/pbrMaterial.js';
import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js';
import { CreatePlane } from '@babylonjs/core/Meshes/Builders/planeBuilder.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { paintGarland, paintStreetLights, paintTown } from './evening.ts';

/** A painted plane behind the characters. Metres; `bottom` is over the ground. */
interface Layer {
  readonly name: string;
  readonly behind: number;
  readonly width: number;
  readonly height: number;
  readonly bottom: number;
  /** Texels a metre: few where the painting is blurred anyway. */
  readonly density: number;
  /** Whether there is nothing painted between the lamps. */
  readonly clear: boolean;
  readonly paint: (pen: CanvasRenderingContext2D, width: number, top: number) => void;
}

const TOWN = { behind: 7, width: 15, height: 6, bottom: -1 };

const LAYERS: readonly Layer[] = [
  { name: 'town', ...TOWN, density: 32, clear: false, paint: paintTown },
  { name: 'street lights', ...TOWN, behind: 6.9, density: 96, clear: true, paint: paintStreetLights },
  {
    name: 'garland',
    behind: 2.6,
    width: 7,
    height: 0.6,
    bottom: 1.95,
    density: 220,
    clear: true,
    paint: paintGarland,
  },
];

/** Sets up the evening: painted planes that shift against each other as the camera moves. */
export function paintBackdrop(scene: Scene): void {
  for (const layer of LAYERS) setUp(scene, layer);
}

function setUp(scene: Scene, { name, behind, width, height, bottom, density, clear, paint }: Layer): void {
  const texture = new DynamicTexture(name, { width: width * density, height: height * density }, scene, true);
  const pen = texture.getContext() as CanvasRenderingContext2D;
  pen.setTransform(density, 0, 0, -density, (width / 2) * density, (height + bottom) * density);
  paint(pen, width, bottom + height);
  texture.update();

  const material = new PBRMaterial(name, scene);
  material.unlit = true;
  material.albedoTexture = texture;
  material.imageProcessingConfiguration = new ImageProcessingConfiguration(); // The painting is not exposed again.
  if (clear) {
    texture.hasAlpha = true;
    material.useAlphaFromAlbedoTexture = true;
    material.transparencyMode = PBRMaterial.PBRMATERIAL_ALPHABLEND;
  }

  const plane = CreatePlane(
    name,
    { width, height, sideOrientation: Constants.MATERIAL_ClockWiseSideOrientation },
    scene,
  );
  plane.position.set(0, bottom + height / 2, -behind);
  plane.rotation.y = Math.PI;
  plane.material = material;
  plane.freezeWorldMatrix();
}
