import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Node } from '@babylonjs/core/node.js';
import type { IPhysicsEngine } from '@babylonjs/core/Physics/IPhysicsEngine.js';
import { type IRaycastQuery, PhysicsRaycastResult } from '@babylonjs/core/Physics/physicsRaycastResult.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import { InputError } from '../../speech/errors.ts';
import type { Occlusion } from '../occlusion.ts';
import { MOST_LINES, occlusionByLines } from './detours.ts';

/** What `physicsOcclusion` can be told. */
export interface PhysicsOcclusionOptions {
  /** Groups of bodies that are walls, as `IRaycastQuery` has it. Default: all. */
  readonly collideWith?: number;
  /** Group that the lines are of. Default: all. */
  readonly membership?: number;
  /** Most lines that are looked along in a frame, for all voices together; one voice takes 7 at most. Default 14. */
  readonly raysPerFrame?: number;
}

const RAYS_PER_FRAME = 14;

/** Characters one behind the other that a line passes through; the next one is a wall. */
const MOST_BODIES = 4;

/** How far behind a character's body the line goes on, metres. */
const BEYOND = 0.05;

/**
 * Lets the bodies of a physics engine (Babylon's second version, such as Havok's) stand between ears and voices, for
 * `CreateParleyAsync({ spatial: { occlusion } })`: `physicsOcclusion(scene.getPhysicsEngine())`. Bodies of characters and
 * triggers are no walls. Throws {@link InputError} for what cannot cast rays and for options that are none.
 */
export function physicsOcclusion(
  engine: IPhysicsEngine | Pick<PhysicsEngine, 'raycastToRef'> | null,
  options: PhysicsOcclusionOptions = {},
): Occlusion {
  const { raysPerFrame = RAYS_PER_FRAME, collideWith, membership } = options;
  if (!engine || !('raycastToRef' in engine))
    throw new InputError(
      'physicsOcclusion(engine)',
      'scene.getPhysicsEngine() of the second version',
      String(engine),
    );
  if (!(raysPerFrame >= MOST_LINES)) {
    const expected = `a number of ${MOST_LINES} or more`;
    throw new InputError('physicsOcclusion({ raysPerFrame })', expected, String(raysPerFrame));
  }
  return new PhysicsOcclusion(engine, Math.floor(raysPerFrame / MOST_LINES), {
    shouldHitTriggers: false,
    ...(collideWith !== undefined && { collideWith }),
    ...(membership !== undefined && { membership }),
  });
}

class PhysicsOcclusion implements Occlusion {
  readonly voicesPerFrame: number;
  readonly #engine: Pick<PhysicsEngine, 'raycastToRef'>;
  readonly #query: IRaycastQuery;
  readonly #characters = new Set<Node>();
  readonly #result = new PhysicsRaycastResult();
  readonly #from = new Vector3();
  readonly #way = new Vector3();

  constructor(engine: Pick<PhysicsEngine, 'raycastToRef'>, voicesPerFrame: number, query: IRaycastQuery) {
    this.#engine = engine;
    this.voicesPerFrame = voicesPerFrame;
    this.#query = query;
  }

  leaveOut(root: TransformNode): () => void {
    this.#characters.add(root);
    return () => this.#characters.delete(root);
  }

  between(ears: Vector3, mouth: Vector3): number {
    return occlusionByLines(this.#blocked, ears, mouth);
  }

  readonly #blocked = (from: Vector3, to: Vector3): boolean => {
    this.#from.copyFrom(from);
    for (let passed = 0; passed <= MOST_BODIES; passed++) {
      this.#engine.raycastToRef(this.#from, to, this.#result, this.#query);
      if (!this.#result.hasHit) return false;
      if (!this.#isCharacter(this.#result.body?.transformNode)) return true;
      to.subtractToRef(this.#from, this.#way);
      this.#from.copyFrom(this.#result.hitPointWorld);
      this.#way.normalize().scaleAndAddToRef(BEYOND, this.#from);
      if (Vector3.DistanceSquared(this.#from, to) <= BEYOND * BEYOND) return false;
    }
    return true;
  };

  #isCharacter(node: Node | null | undefined): boolean {
    for (let each = node; each; each = each.parent) if (this.#characters.has(each)) return true;
    return false;
  }
}
