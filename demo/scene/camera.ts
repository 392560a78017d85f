import { ArcRotateCamera } from '@babylonjs/core/Cameras/arcRotateCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';

/** Straight before the characters, who look towards +z. */
const FRONT = Math.PI / 2;

/** How far the viewer may walk around, and how near come. Radians and metres. */
const TURN = 0.6;
const TILT = { up: 1.36, level: 1.5, down: 1.62 };
const DISTANCE = { near: 0.7, usual: 1.4, far: 2.4 };

/** Vertical angle of view, radians: a portrait lens. */
const FIELD_OF_VIEW = 0.42;

/** The middle of the picture is this far below the eyes, metres: a face belongs above the middle. */
const BELOW_EYES = 0.075;

/** A glide takes this long, milliseconds. */
const GLIDE_MS = 1100;

/** Where a glide stands. */
interface Glide {
  readonly from: Vector3;
  readonly to: Vector3;
  readonly fromTurn: number;
  readonly toTurn: number;
  elapsedMs: number;
}

/** Stands before one character and glides to the other. Drag, pinch or arrow keys look around, within bounds. */
export class PortraitCamera {
  readonly camera: ArcRotateCamera;
  readonly #calm: MediaQueryList;
  #glide: Glide | undefined;

  constructor(scene: Scene, canvas: HTMLCanvasElement, calm: MediaQueryList) {
    this.#calm = calm;
    const camera = new ArcRotateCamera(
      'camera',
      FRONT,
      TILT.level,
      DISTANCE.usual,
      new Vector3(0, 1.5, 0),
      scene,
    );
    camera.fov = FIELD_OF_VIEW;
    camera.minZ = 0.05;
    camera.maxZ = 30;
    camera.lowerAlphaLimit = FRONT - TURN;
    camera.upperAlphaLimit = FRONT + TURN;
    camera.lowerBetaLimit = TILT.up;
    camera.upperBetaLimit = TILT.down;
    camera.lowerRadiusLimit = DISTANCE.near;
    camera.upperRadiusLimit = DISTANCE.far;
    camera.panningSensibility = 0; // The viewer looks around a face and never loses it.
    camera.pinchDeltaPercentage = 0.01;
    camera.attachControl(canvas);
    this.camera = camera;
    scene.onBeforeCameraRenderObservable.add(() => this.#step(scene.getEngine().getDeltaTime()));
  }

  /**
   * Moves before a face. `eyes` and `aside` (of the middle of the picture, to the viewer's right of the eyes) in
   * metres, `turn` around the face towards the viewer's left in radians. At once where motion is not wanted.
   */
  lookAt(eyes: Vector3, aside: number, turn: number, glide: boolean): void {
    const { camera } = this;
    const toTurn = FRONT + turn;
    const target = new Vector3(eyes.x + aside, eyes.y - BELOW_EYES, eyes.z);
    if (!glide || this.#calm.matches) {
      this.#glide = undefined;
      camera.target.copyFrom(target); // setTarget() would turn the camera to keep its position.
      camera.alpha = toTurn;
      camera.beta = TILT.level;
      return;
    }
    this.#glide = { from: camera.target.clone(), to: target, fromTurn: camera.alpha, toTurn, elapsedMs: 0 };
  }

  #step(elapsedMs: number): void {
    const glide = this.#glide;
    if (!glide) return;
    glide.elapsedMs += elapsedMs;
    const way = Math.min(1, glide.elapsedMs / GLIDE_MS);
    const eased = way * way * (3 - 2 * way);
    Vector3.LerpToRef(glide.from, glide.to, eased, this.camera.target);
    this.camera.alpha = glide.fromTurn + (glide.toTurn - glide.fromTurn) * eased;
    if (way === 1) this.#glide = undefined;
  }
}
