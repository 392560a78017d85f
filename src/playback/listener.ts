import type { AbstractSpatialAudioListener } from '@babylonjs/core/AudioV2/abstractAudio/subProperties/abstractSpatialAudioListener.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';

/** The ears: those of the active camera, whichever it is at the time, or of a node of the game's choice. */
export class Listener {
  readonly #scene: Scene;
  readonly #ears: AbstractSpatialAudioListener;
  readonly #node: Node | undefined;

  /** `node` stays the listener whatever the camera does; without it the scene's active camera is followed, in XR too. */
  constructor(scene: Scene, ears: AbstractSpatialAudioListener, node?: Node) {
    this.#scene = scene;
    this.#ears = ears;
    this.#node = node;
  }

  /** Once a rendered frame. */
  update(): void {
    const node = this.#node ?? this.#scene.activeCamera;
    if (!node) return;
    if (this.#ears.attachedNode !== node) this.#ears.attach(node);
    this.#ears.update();
  }

  /** Lets go of the node. */
  dispose(): void {
    if (this.#ears.isAttached) this.#ears.detach();
  }
}
