import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight.js';
import { ShadowGenerator } from '@babylonjs/core/Lights/Shadows/shadowGenerator.js';
import '@babylonjs/core/Lights/Shadows/shadowGeneratorSceneComponent.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Scene } from '@babylonjs/core/scene.js';

/** Middle of the volume in which shadows are drawn: between the two faces. Metres. */
const FACES = new Vector3(0.35, 1.45, -0.3);

/** Half of the shadowed volume, metres: both characters from the chest up. */
const HALF = { width: 1, height: 0.8, depth: 1.6 };

/** Texels along the edge of the shadow map. */
const SHADOW_SIZE = 2048;

/** Thin or transparent parts whose shadows would only be noise. */
const CASTS_NO_SHADOW = /Cornea|Eyelashes|Eyebrows|MouthCavity|Teeth|Tongue|Hair.*primitive1|__root__/;
const TAKES_NO_SHADOW = /Cornea|Eye(Left|Right)|Teeth|Tongue/;

/** What the light from behind would reach only through the head. */
const INSIDE_HEAD = /MouthCavity|Teeth|Tongue|Eye(Left|Right)/;

/** Warm key from the viewer's left, cool rim from behind on the right. The soft fill is the surroundings' light. */
export class Lights {
  readonly #rim: DirectionalLight;
  readonly #shadows: ShadowGenerator;

  constructor(scene: Scene) {
    const key = new DirectionalLight('key', new Vector3(0.62, -0.52, -0.8).normalize(), scene);
    key.position = FACES.subtract(key.direction.scale(HALF.depth));
    key.diffuse = new Color3(1, 0.79, 0.57);
    key.intensity = 1.95;
    key.autoUpdateExtends = false;
    key.autoCalcShadowZBounds = false;
    key.orthoLeft = -HALF.width;
    key.orthoRight = HALF.width;
    key.orthoTop = HALF.height;
    key.orthoBottom = -HALF.height;
    key.shadowMinZ = 0.1;
    key.shadowMaxZ = HALF.depth * 2;

    const rim = new DirectionalLight('rim', new Vector3(-0.75, -0.42, 0.8).normalize(), scene);
    rim.diffuse = new Color3(0.55, 0.72, 1);
    rim.intensity = 2.6;
    this.#rim = rim;

    this.#shadows = new ShadowGenerator(SHADOW_SIZE, key);
    this.#shadows.usePercentageCloserFiltering = true;
    this.#shadows.bias = 0.0015;
    this.#shadows.normalBias = 0.006;
    this.#shadows.transparencyShadow = false;
  }

  /** Lights a character, and lets its parts shade one another. */
  add(meshes: readonly AbstractMesh[]): void {
    for (const mesh of meshes) {
      if (!CASTS_NO_SHADOW.test(mesh.name)) this.#shadows.addShadowCaster(mesh, false);
      if (INSIDE_HEAD.test(mesh.name)) this.#rim.excludedMeshes.push(mesh);
      mesh.receiveShadows = !TAKES_NO_SHADOW.test(mesh.name);
    }
  }
}
