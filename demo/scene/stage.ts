import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { ImageProcessingConfiguration } from '@babylonjs/core/Materials/imageProcessingConfiguration.js';
import { Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Scene } from '@babylonjs/core/scene.js';
import { paintBackdrop } from './backdrop.ts';
import { PortraitCamera } from './camera.ts';
import { lightFromAround } from './environment.ts';
import { Lights } from './light.ts';
import { keepResolution } from './resolution.ts';

/** The lit, empty scene. */
export interface Stage {
  readonly scene: Scene;
  readonly camera: PortraitCamera;
  /** Absent where nothing can be drawn. */
  readonly lights?: Lights;
}

/** Colour behind everything, until the painting is there. */
const NIGHT = new Color4(0.06, 0.08, 0.15, 1);

/** Strength of the surroundings' light beside the lamps. */
const SURROUNDINGS = 0.85;

/**
 * Sets the stage and starts its frames. Where the browser has no WebGL, the stage is not drawn but still runs, so that
 * voices and captions do.
 */
export async function setStage(canvas: HTMLCanvasElement, calm: MediaQueryList): Promise<Stage> {
  const drawn = openWebGl(canvas);
  const engine = drawn ?? (await openNothing());
  const scene = new Scene(engine);
  scene.useRightHandedSystem = true; // As glTF and Web Audio have it: no mirrored root, and ahead is ahead in sound.
  scene.clearColor = NIGHT;
  const camera = new PortraitCamera(scene, canvas, calm);
  engine.runRenderLoop(() => scene.render());
  if (!drawn) return { scene, camera };

  const image = scene.imageProcessingConfiguration;
  image.toneMappingEnabled = true;
  image.toneMappingType = ImageProcessingConfiguration.TONEMAPPING_KHR_PBR_NEUTRAL;
  scene.environmentIntensity = SURROUNDINGS;
  await lightFromAround(scene);
  paintBackdrop(scene);
  keepResolution(drawn, canvas);
  return { scene, camera, lights: new Lights(scene) };
}

function openWebGl(canvas: HTMLCanvasElement): Engine | undefined {
  try {
    const engine = new Engine(canvas, true, { stencil: false, audioEngine: false });
    engine.canvasTabIndex = 0;
    return engine;
  } catch {
    return undefined; // The only reason to throw: the browser gives no WebGL.
  }
}

async function openNothing(): Promise<AbstractEngine> {
  const { NullEngine } = await import('@babylonjs/core/Engines/nullEngine.js');
  return new NullEngine();
}
