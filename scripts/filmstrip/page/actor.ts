import '@babylonjs/core/Animations/animatable.js';
import '@babylonjs/core/Bones/skeleton.js';
import '@babylonjs/loaders/glTF/2.0/glTFLoader.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_anisotropy.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_specular.js';
import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { ImageProcessingConfiguration } from '@babylonjs/core/Materials/imageProcessingConfiguration.js';
import { Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import miraFile from '../../../assets/characters/mira.glb?url';
import tomasFile from '../../../assets/characters/tomas.glb?url';
import { lightFromAround } from '../../../demo/scene/environment.ts';
import { Lights } from '../../../demo/scene/light.ts';
import { bindFace, type FaceBinding } from '../../../src/face/binding.ts';
import type { Character } from '../shown.ts';

const FILES: Readonly<Record<Character, string>> = { mira: miraFile, tomas: tomasFile };

/** Where the camera looks, from the head's joint; how far away it is, metres; and its field of view, radians. */
const MOUTH = new Vector3(0, 0.022, 0.05);
const DISTANCE = 1;
const FIELD = 0.22;

/** Pixels drawn for a pixel of the picture. */
const FINER = 2;

/** What is drawn: a character, how far it is turned away, radians, and the size of a picture, pixels. */
export interface Framing {
  readonly character: Character;
  readonly turn: number;
  readonly width: number;
  readonly height: number;
}

/** A character in the demo's light that shows any pose. */
export class Actor {
  readonly #canvas: HTMLCanvasElement;
  readonly #scene: Scene;
  readonly #face: FaceBinding;

  private constructor(canvas: HTMLCanvasElement, scene: Scene, face: FaceBinding) {
    this.#canvas = canvas;
    this.#scene = scene;
    this.#face = face;
  }

  static async createAsync({ character, turn, width, height }: Framing): Promise<Actor> {
    const canvas = document.getElementById('scene') as HTMLCanvasElement;
    canvas.width = width * FINER;
    canvas.height = height * FINER;
    const engine = new Engine(canvas, true, { preserveDrawingBuffer: true });
    const scene = new Scene(engine);
    scene.useRightHandedSystem = true;
    scene.clearColor = new Color4(0.13, 0.14, 0.18, 1);
    const image = scene.imageProcessingConfiguration;
    image.toneMappingEnabled = true;
    image.toneMappingType = ImageProcessingConfiguration.TONEMAPPING_KHR_PBR_NEUTRAL;
    scene.environmentIntensity = 0.85;
    await lightFromAround(scene);
    const container = await LoadAssetContainerAsync(FILES[character], scene);
    container.addAllToScene();
    new Lights(scene).add(container.meshes);
    const root = container.rootNodes[0] as TransformNode;
    const face = bindFace(root);
    const camera = new ArcRotateCamera('camera', 0, 0, 1, Vector3.Zero(), scene);
    camera.minZ = 0.02;
    camera.fov = FIELD;
    camera.target = face.head!.getAbsolutePosition().add(MOUTH);
    camera.alpha = Math.PI / 2 - turn;
    camera.beta = Math.PI / 2;
    camera.radius = DISTANCE;
    await scene.whenReadyAsync();
    return new Actor(canvas, scene, face);
  }

  /** Draws a pose; the canvas holds it until the next one. */
  draw(pose: Float32Array): HTMLCanvasElement {
    this.#face.write(pose);
    this.#scene.render();
    return this.#canvas;
  }

  dispose(): void {
    const engine = this.#scene.getEngine();
    this.#face.dispose();
    this.#scene.dispose();
    engine.dispose();
  }
}
