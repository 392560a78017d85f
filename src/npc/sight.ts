import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { SEAT, type Seat } from '../director/seat.ts';
import type { Company } from './company.ts';

/** How far outside the picture a head may be and count as in it, metres: hats, and frames that are looked at in turn. */
const MARGIN = 1;

/** How the characters stand to the player: how far away, how near to where the player looks, whether in the picture. */
export class Sight {
  readonly #scene: Scene;
  readonly #company: Company;
  readonly #ears = new Vector3();
  readonly #ahead = new Vector3();
  #watched = false;

  constructor(scene: Scene, company: Company) {
    this.#scene = scene;
    this.#company = company;
  }

  /** Once a frame: where the player is and looks. Allocates nothing. */
  look(): void {
    const node = this.#company.player;
    this.#watched = node !== undefined && this.#company.findPlayer(this.#ears);
    if (!node) return;
    const { m } = node.getWorldMatrix();
    const forward = this.#scene.useRightHandedSystem ? -1 : 1;
    this.#ahead.set(m[8]! * forward, m[9]! * forward, m[10]! * forward);
    this.#ahead.normalize();
  }

  /** Writes to the seat how a character whose eyes are at `eyes` stands to the player. Allocates nothing. */
  judge(eyes: Vector3, seat: Seat): void {
    const { row } = seat;
    if (!this.#watched) {
      // Nobody watches: a scene without a camera shows and plays everything.
      row[SEAT.distance] = 0;
      row[SEAT.view] = 1;
      seat.onScreen = true;
      return;
    }
    const x = eyes.x - this.#ears.x;
    const y = eyes.y - this.#ears.y;
    const z = eyes.z - this.#ears.z;
    const distance = Math.sqrt(x * x + y * y + z * z);
    row[SEAT.distance] = distance;
    const along = x * this.#ahead.x + y * this.#ahead.y + z * this.#ahead.z;
    row[SEAT.view] = distance > 0 ? along / distance : 1;
    seat.onScreen = this.#isInPicture(eyes);
  }

  /** By the picture before this one; with several cameras at once, everybody is in one of them. */
  #isInPicture(point: Vector3): boolean {
    const { frustumPlanes, activeCameras } = this.#scene;
    if (!frustumPlanes || (activeCameras && activeCameras.length > 1)) return true;
    for (let side = 0; side < frustumPlanes.length; side++) {
      const { normal, d } = frustumPlanes[side]!;
      if (!(normal.x * point.x + normal.y * point.y + normal.z * point.z + d >= -MARGIN)) return false;
    }
    return true;
  }
}
