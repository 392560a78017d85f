import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Hearing } from '../pose/life.ts';
import { MOMENT } from '../pose/moment.ts';

/** Somebody with a face among others. */
export interface Person {
  /** What they say, and how far it is heard. */
  readonly hearing: Hearing;
  /** Writes where their eyes are, in the world, to `out`. Allocates nothing. */
  eyesToRef(out: Vector3): void;
}

/** How far apart two may stand who talk with each other, metres: the far end of social distance is 3.6 (Hall 1966). */
const EARSHOT = 8;

/** The faces of a scene, and the player among them. */
export class Company {
  readonly #scene: Scene;
  readonly #listener: TransformNode | undefined;
  readonly #persons: Person[] = [];
  readonly #here = new Vector3();
  readonly #there = new Vector3();

  /** `listener`: whose ears hear the scene, where that is not the active camera. */
  constructor(scene: Scene, listener: TransformNode | undefined) {
    this.#scene = scene;
    this.#listener = listener;
  }

  join(person: Person): void {
    this.#persons.push(person);
  }

  leave(person: Person): void {
    const index = this.#persons.indexOf(person);
    if (index >= 0) this.#persons.splice(index, 1);
  }

  has(person: Person): boolean {
    return this.#persons.includes(person);
  }

  /** Whose ears and eyes the player has: the listener, or the active camera. Undefined where nobody watches. */
  get player(): Node | undefined {
    if (this.#listener && !this.#listener.isDisposed()) return this.#listener;
    return this.#scene.activeCamera ?? this.#scene.activeCameras?.[0];
  }

  /** Writes where the player is to `out`; false where nobody watches. Allocates nothing. */
  findPlayer(out: Vector3): boolean {
    if (this.#listener && !this.#listener.isDisposed()) {
      this.#listener.getWorldMatrix().getTranslationToRef(out);
      return true;
    }
    const camera = this.#scene.activeCamera ?? this.#scene.activeCameras?.[0];
    if (camera) out.copyFrom(camera.globalPosition);
    return camera !== undefined && camera !== null;
  }

  /** Whoever speaks nearest to `person` and has for `seconds`; undefined where nobody near does. Allocates nothing. */
  speakerNear(person: Person, seconds: number): Person | undefined {
    let nearest: Person | undefined;
    let least = EARSHOT * EARSHOT;
    person.eyesToRef(this.#here);
    for (let index = 0; index < this.#persons.length; index++) {
      const other = this.#persons[index]!;
      const { moment } = other.hearing;
      if (other === person || moment[MOMENT.speaking] === 0 || moment[MOMENT.playhead]! < seconds) continue;
      other.eyesToRef(this.#there);
      const apart = Vector3.DistanceSquared(this.#here, this.#there);
      if (apart >= least) continue;
      least = apart;
      nearest = other;
    }
    return nearest;
  }
}
