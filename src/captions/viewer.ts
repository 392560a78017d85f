import type { Camera } from '@babylonjs/core/Cameras/camera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { SEAT, Seat, weigh } from '../director/seat.ts';
import type { Parley } from '../npc/parley.ts';
import { Sight } from '../npc/sight.ts';
import type { TalkingNpc } from '../npc/talking-npc.ts';
import { type Direction, directionOf, PLACE, PLACE_LENGTH } from './direction.ts';

/** How characters stand to whoever looks at the scene. */
export class Viewer {
  readonly #scene: Scene;
  readonly #sight: Sight;
  readonly #eyes = new Vector3();
  readonly #seen = new Vector3();
  readonly #place = new Float64Array(PLACE_LENGTH);
  readonly #seat = new Seat();

  constructor({ scene, company }: Parley) {
    this.#scene = scene;
    this.#sight = new Sight(scene, company);
  }

  /** Once a frame, before the others. Allocates nothing. */
  look(): void {
    this.#sight.look();
  }

  /** Metres from the ears of the player to the character looked at last. */
  get distance(): number {
    return this.#seat.row[SEAT.distance]!;
  }

  /** How much the character looked at last counts, by the director's measure. */
  get weight(): number {
    return this.#seat.row[SEAT.weight]!;
  }

  /** Where a character is for the camera; `before` where there is no telling. Allocates nothing. */
  find(npc: TalkingNpc, before: Direction): Direction {
    const { person } = npc;
    if (!person) return before;
    person.eyesToRef(this.#eyes);
    const direction = this.#directionFrom(this.#camera, before);
    const seat = this.#seat;
    this.#sight.judge(this.#eyes, seat);
    seat.onScreen = direction === 'here';
    seat.speaking = true;
    seat.row[SEAT.story] = npc.importance;
    weigh(seat);
    return direction;
  }

  /** The one camera; with several at once everybody is in one of their pictures. */
  get #camera(): Camera | undefined {
    const { activeCamera, activeCameras } = this.#scene;
    if (activeCameras && activeCameras.length > 1) return undefined;
    return activeCamera ?? activeCameras?.[0];
  }

  #directionFrom(camera: Camera | undefined, before: Direction): Direction {
    if (!camera) return 'here';
    const place = this.#place;
    Vector3.TransformCoordinatesToRef(this.#eyes, camera.getViewMatrix(), this.#seen);
    place[PLACE.right] = this.#seen.x;
    place[PLACE.up] = this.#seen.y;
    place[PLACE.ahead] = this.#scene.useRightHandedSystem ? -this.#seen.z : this.#seen.z;
    if (place[PLACE.ahead]! > 0) {
      Vector3.TransformCoordinatesToRef(this.#seen, camera.getProjectionMatrix(), this.#seen);
      place[PLACE.across] = this.#seen.x;
      place[PLACE.over] = this.#seen.y;
    }
    return directionOf(place, before);
  }
}
