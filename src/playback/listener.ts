import type { AbstractSpatialAudioListener } from '@babylonjs/core/AudioV2/abstractAudio/subProperties/abstractSpatialAudioListener.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';

/** Time without a movement after which the engine's listener is taken to stand, seconds. */
const STILL = 1;

/**
 * The ears: those of the active camera, whichever it is at the time, or of a node of the game's choice. They look where
 * `node.forward` points: local +Z in a left-handed scene, -Z in a right-handed one.
 */
export class Listener {
  /** Where the ears are in the world, metres. */
  readonly position = Vector3.Zero();

  readonly #scene: Scene;
  readonly #node: Node | undefined;
  readonly #engine: AbstractSpatialAudioListener;
  readonly #right = new Vector3(1, 0, 0);
  readonly #up = new Vector3(0, 1, 0);
  readonly #ahead: Vector3;
  readonly #engineRight = new Vector3(1, 0, 0);
  readonly #engineUp = new Vector3(0, 1, 0);
  readonly #engineAhead = new Vector3(0, 0, -1);
  readonly #enginePosition = Vector3.Zero();
  readonly #engineTurn = new Quaternion();
  readonly #newTurn = new Quaternion();
  #engineMovedAt = Number.NEGATIVE_INFINITY;

  /**
   * `node` stays the listener whatever the camera does; without it the scene's active camera is followed, in XR too.
   * `engine` is the listener of Babylon's audio engine. It is read, never moved: sounds of the game's own hang on it.
   */
  constructor(scene: Scene, engine: AbstractSpatialAudioListener, node?: Node) {
    this.#scene = scene;
    this.#engine = engine;
    this.#node = node;
    this.#ahead = new Vector3(0, 0, scene.useRightHandedSystem ? -1 : 1);
  }

  /** Once a rendered frame, and before a place is asked for at another moment; `now` is the context's time. Allocates nothing. */
  update(now: number): void {
    this.#readEars();
    this.#readEngine(now);
  }

  /** Whether the audio engine's own listener stands still, as it does where no game moves it. */
  engineStandsStill(now: number): boolean {
    return !this.#engine.isAttached && now - this.#engineMovedAt > STILL;
  }

  /** Where a point of the world is for the ears: metres to the right, up and ahead. */
  toEars(point: Vector3, out: Vector3): void {
    const dx = point.x - this.position.x;
    const dy = point.y - this.position.y;
    const dz = point.z - this.position.z;
    out.x = dx * this.#right.x + dy * this.#right.y + dz * this.#right.z;
    out.y = dx * this.#up.x + dy * this.#up.y + dz * this.#up.z;
    out.z = dx * this.#ahead.x + dy * this.#ahead.y + dz * this.#ahead.z;
  }

  /**
   * Where a panner must stand to be heard from there: as far to the right, up and ahead of the audio engine's listener.
   * So the handedness of the scene, which Web Audio does not know, is out of it.
   */
  toAudio(ears: Vector3, out: Vector3): void {
    out.copyFrom(this.#engine.position);
    this.#engineRight.scaleAndAddToRef(ears.x, out);
    this.#engineUp.scaleAndAddToRef(ears.y, out);
    this.#engineAhead.scaleAndAddToRef(ears.z, out);
  }

  #readEars(): void {
    const node = this.#node ?? this.#scene.activeCamera;
    if (!node) return;
    const { m } = node.getWorldMatrix();
    const length = Math.sqrt(m[8]! ** 2 + m[9]! ** 2 + m[10]! ** 2);
    if (!(length > 0)) return; // Scaled to nothing: the ears stay as they were.
    const rightHanded = this.#scene.useRightHandedSystem;
    const forward = (rightHanded ? -1 : 1) / length;
    this.position.set(m[12]!, m[13]!, m[14]!);
    this.#ahead.set(m[8]! * forward, m[9]! * forward, m[10]! * forward);
    this.#up.set(m[4]!, m[5]!, m[6]!);
    // What is on the right follows from ahead and up, so that a mirrored parent does not swap the ears.
    if (rightHanded) Vector3.CrossToRef(this.#ahead, this.#up, this.#right);
    else Vector3.CrossToRef(this.#up, this.#ahead, this.#right);
    this.#right.normalize();
    if (rightHanded) Vector3.CrossToRef(this.#right, this.#ahead, this.#up);
    else Vector3.CrossToRef(this.#ahead, this.#right, this.#up);
  }

  /** Babylon's audio listener looks along the -Z of its rotation, in scenes of either hand. */
  #readEngine(now: number): void {
    const { position, rotation, rotationQuaternion } = this.#engine;
    const turn = this.#newTurn.copyFrom(rotationQuaternion);
    if (turn.x === 0 && turn.y === 0 && turn.z === 0)
      Quaternion.FromEulerAnglesToRef(rotation.x, rotation.y, rotation.z, turn);
    if (turn.equals(this.#engineTurn) && position.equals(this.#enginePosition)) return;
    this.#engineMovedAt = now;
    this.#enginePosition.copyFrom(position);
    this.#engineTurn.copyFrom(turn);
    Vector3.RightReadOnly.rotateByQuaternionToRef(turn, this.#engineRight);
    Vector3.UpReadOnly.rotateByQuaternionToRef(turn, this.#engineUp);
    Vector3.RightHandedForwardReadOnly.rotateByQuaternionToRef(turn, this.#engineAhead);
  }
}
