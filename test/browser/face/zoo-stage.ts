import '@babylonjs/loaders/glTF/2.0/index.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { HemisphericLight } from '@babylonjs/core/Lights/hemisphericLight.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { Color3, Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import { bindFace, type FaceBinding } from '../../../src/face/binding.ts';
import type { FaceMap } from '../../../src/face/face-map.ts';
import type { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import { createPose } from '../../../src/pose/channels.ts';
import { addVisemes, clearPose, settleMouth } from '../../../src/pose/mix.ts';
import { VISEME_COUNT } from '../../../src/speech/viseme.ts';
import type { Made } from '../../kit/zoo/index.ts';

/** Metres of life that a picture shows from top to bottom. */
export const MOUTH = 0.11;
export const FACE = 0.26;
/** Height of pictures, pixels: software draws them. */
const SIZE = 128;
const FOV = 0.5;

/** One engine for all rigs of the zoo, one scene for each. */
export class ZooStage {
  readonly #canvas = document.createElement('canvas');
  readonly #engine: Engine;

  constructor() {
    this.#canvas.width = this.#canvas.height = SIZE;
    document.body.append(this.#canvas);
    this.#engine = new Engine(this.#canvas, false, { preserveDrawingBuffer: true });
  }

  /** An empty scene. */
  open(): Scene {
    const scene = new Scene(this.#engine);
    scene.clearColor = new Color4(0.55, 0.6, 0.65, 1);
    return scene;
  }

  /** Loads a rig and stands before its mouth. */
  async show(made: Made, map?: FaceMap): Promise<Portrait> {
    const scene = this.open();
    const container = await LoadAssetContainerAsync(made.bytes, scene, { pluginExtension: '.glb' });
    container.addAllToScene();
    const root = container.rootNodes[0] as TransformNode;
    return new Portrait(scene, root, bindFace(root, map), made);
  }

  dispose(): void {
    this.#engine.dispose();
    this.#canvas.remove();
  }
}

/** A rig with a camera before it. */
export class Portrait {
  readonly scene: Scene;
  readonly root: TransformNode;
  readonly face: FaceBinding;
  readonly #camera: FreeCamera;
  readonly #made: Made;
  readonly #pose = createPose();
  readonly #visemes = new Float32Array(VISEME_COUNT);

  constructor(scene: Scene, root: TransformNode, face: FaceBinding, made: Made) {
    this.scene = scene;
    this.root = root;
    this.face = face;
    this.#made = made;
    this.#camera = new FreeCamera('camera', Vector3.Zero(), scene);
    this.#camera.fov = FOV;
    this.#camera.minZ = 0.01 * made.size;
    this.#camera.maxZ = 100 * made.size;
    const light = new HemisphericLight('light', this.#forward().add(new Vector3(0.3, 0.8, 0)), scene);
    light.groundColor = new Color3(0.35, 0.33, 0.32);
    this.look(MOUTH);
  }

  /** Frames so many metres of life around the mouth. */
  look(height: number): void {
    const world = this.root.computeWorldMatrix(true);
    const mouth = Vector3.TransformCoordinates(Vector3.FromArray(this.#made.mouth), world);
    const raised = height > MOUTH ? 0.03 * this.#made.size : 0;
    const distance = (height * this.#made.size) / 2 / Math.tan(FOV / 2);
    const aim = mouth.add(Vector3.Up().scale(raised));
    this.#camera.position.copyFrom(aim.add(this.#forward().scale(distance)));
    this.#camera.setTarget(aim);
  }

  /** Shows a moment of a line, and gives the picture: four bytes a pixel, rows from the bottom. */
  async picture(curve: PoseCurve, time: number): Promise<Uint8Array> {
    clearPose(this.#pose);
    curve.sample(time, this.#visemes);
    addVisemes(this.#pose, this.#visemes);
    settleMouth(this.#pose);
    return this.draw(this.#pose);
  }

  async draw(pose: Float32Array): Promise<Uint8Array> {
    this.face.write(pose);
    this.scene.activeCamera = this.#camera;
    await this.scene.whenReadyAsync();
    this.scene.render();
    const pixels = await this.scene.getEngine().readPixels(0, 0, SIZE, SIZE);
    return new Uint8Array(pixels.buffer.slice(0));
  }

  dispose(): void {
    this.face.dispose();
    this.scene.dispose();
  }

  #forward(): Vector3 {
    return Vector3.TransformNormal(this.face.facing, this.root.computeWorldMatrix(true)).normalize();
  }
}

/** Mean difference of two pictures, 0 to 255. */
export function difference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += Math.abs(a[at]! - b[at]!);
  return sum / a.length;
}

/** Lays pictures out in rows with their names, as a PNG in base64. For people to look at. */
export function sheetOf(
  rows: readonly { name: string; pictures: readonly Uint8Array[] }[],
  columns: number,
): string {
  const sheet = document.createElement('canvas');
  const across = rows[0]!.pictures.length;
  sheet.width = columns * across * SIZE;
  sheet.height = Math.ceil(rows.length / columns) * (SIZE + 16);
  const context = sheet.getContext('2d')!;
  context.fillStyle = '#222';
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.fillStyle = '#fff';
  context.font = '12px sans-serif';
  rows.forEach(({ name, pictures }, index) => {
    const left = (index % columns) * across * SIZE;
    const top = Math.floor(index / columns) * (SIZE + 16);
    context.fillText(name, left + 4, top + 12);
    pictures.forEach((pixels, at) => {
      const image = new ImageData(SIZE, SIZE);
      for (let row = 0; row < SIZE; row++) {
        image.data.set(pixels.subarray(row * SIZE * 4, (row + 1) * SIZE * 4), (SIZE - 1 - row) * SIZE * 4);
      }
      for (let alpha = 3; alpha < image.data.length; alpha += 4) image.data[alpha] = 255;
      context.putImageData(image, left + at * SIZE, top + 16);
    });
  });
  return sheet.toDataURL('image/png').split(',')[1]!;
}
