import '@babylonjs/loaders/glTF/2.0/index.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import miraUrl from '../../assets/characters/mira.glb?url';
import tomasUrl from '../../assets/characters/tomas.glb?url';

const CHARACTERS = { mira: miraUrl, tomas: tomasUrl };

/** The demo's characters. */
export type CharacterName = keyof typeof CHARACTERS;
export const CHARACTER_NAMES = Object.keys(CHARACTERS) as CharacterName[];

/** Where a character's file is served. */
export function characterUrl(name: CharacterName): string {
  return CHARACTERS[name];
}

/** A real scene in a real canvas, rendering, with the camera two metres before the origin. */
export class Stage {
  readonly scene: Scene;
  readonly camera: FreeCamera;
  readonly #engine: Engine;
  readonly #canvas: HTMLCanvasElement;
  /** Skin and cloth take seconds to compile where there is no graphics card. */
  readonly #plain: StandardMaterial;

  /** `lockstep`: time goes in steps of a fixed length, up to four a frame. */
  constructor({ rightHanded = false, lockstep = false } = {}) {
    this.#canvas = document.createElement('canvas');
    this.#canvas.width = 160; // Small: software rendering shares two cores with sound and speech.
    this.#canvas.height = 120;
    document.body.append(this.#canvas);
    this.#engine = new Engine(this.#canvas, false, {
      audioEngine: false,
      deterministicLockstep: lockstep,
      lockstepMaxSteps: 4,
    });
    this.scene = new Scene(this.#engine);
    this.scene.useRightHandedSystem = rightHanded;
    this.camera = new FreeCamera('ears', new Vector3(0, 1.5, -2), this.scene);
    this.camera.setTarget(new Vector3(0, 1.5, 0));
    this.#plain = new StandardMaterial('plain', this.scene);
    this.#plain.disableLighting = true;
    this.start();
  }

  /** Draws from now on. */
  start(): void {
    this.#engine.runRenderLoop(() => this.scene.render());
  }

  /** Draws no more: a paused game. */
  stop(): void {
    this.#engine.stopRenderLoop();
  }

  /** Loads a character and stands it at the origin. */
  load(name: CharacterName): Promise<TransformNode> {
    return this.loadFile(CHARACTERS[name]);
  }

  /** The same for a file: its address, or its bytes. */
  async loadFile(file: string | Uint8Array): Promise<TransformNode> {
    const container = await LoadAssetContainerAsync(file, this.scene, { pluginExtension: '.glb' });
    container.addAllToScene();
    for (const mesh of container.meshes) if (mesh.material) mesh.material = this.#plain;
    return container.rootNodes[0] as TransformNode;
  }

  dispose(): void {
    this.stop();
    this.scene.dispose();
    this.#engine.dispose();
    this.#canvas.remove();
  }
}
