import { VertexBuffer } from '@babylonjs/core/Buffers/buffer.js';
import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Geometry } from '@babylonjs/core/Meshes/geometry.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { InputError } from '../../speech/errors.ts';
import type { Occlusion } from '../occlusion.ts';
import { ASIDE, LEAST_ASIDE, MOST_ASIDE, MOST_LINES, occlusionByLines } from './detours.ts';
import { WallShape } from './wall-shape.ts';

/** What `rayOcclusion` can be told. */
export interface RayOcclusionOptions {
  /**
   * Which meshes are walls. Asked for those near a line, each time; must be quick. Default: what has `checkCollisions`,
   * or is visible and pickable. Characters are none in any case: what hangs on the root of an NPC, has a skeleton or
   * morph targets, or hangs on a camera.
   */
  readonly isWall?: (mesh: AbstractMesh) => boolean;
  /** Most lines that are looked along in a frame, for all voices together; one voice takes 7 at most. Default 14. */
  readonly raysPerFrame?: number;
}

const RAYS_PER_FRAME = 14;

/** So near to ears and mouth nothing is a wall, metres: hats, hands, the head itself. */
const SPARED = 0.1;

/**
 * Lets the scene's own meshes stand between ears and voices, for `CreateParleyAsync({ spatial: { occlusion } })`. It reads
 * the shape of a mesh once, when a line first comes near it, and follows where the mesh is; meshes that change their
 * shape are as they were then, and thin instances are nothing: give both a plain box beside them. Throws
 * {@link InputError} for options that are none.
 */
export function rayOcclusion(scene: Scene, options: RayOcclusionOptions = {}): Occlusion {
  const { isWall = stopsPlayers, raysPerFrame = RAYS_PER_FRAME } = options;
  if (typeof isWall !== 'function')
    throw new InputError('rayOcclusion({ isWall })', 'a function', typeof isWall);
  if (!(raysPerFrame >= MOST_LINES))
    throw new InputError(
      'rayOcclusion({ raysPerFrame })',
      `a number of ${MOST_LINES} or more`,
      String(raysPerFrame),
    );
  return new RayOcclusion(scene, isWall, Math.floor(raysPerFrame / MOST_LINES));
}

function stopsPlayers(mesh: AbstractMesh): boolean {
  return mesh.checkCollisions || (mesh.isPickable && mesh.isVisible);
}

class RayOcclusion implements Occlusion {
  readonly voicesPerFrame: number;
  readonly #scene: Scene;
  readonly #isWall: (mesh: AbstractMesh) => boolean;
  readonly #characters = new Set<Node>();
  readonly #shapes = new WeakMap<Geometry, WallShape>();
  /** Walls near the line that is asked for. */
  readonly #near: (AbstractMesh | undefined)[] = [];
  #count = 0;
  readonly #line = new Float64Array(6);
  readonly #inverse = new Matrix();
  readonly #from = new Vector3();
  readonly #to = new Vector3();
  readonly #way = new Vector3();

  constructor(scene: Scene, isWall: (mesh: AbstractMesh) => boolean, voicesPerFrame: number) {
    this.#scene = scene;
    this.#isWall = isWall;
    this.voicesPerFrame = voicesPerFrame;
  }

  leaveOut(root: TransformNode): () => void {
    this.#characters.add(root);
    return () => this.#characters.delete(root);
  }

  between(ears: Vector3, mouth: Vector3): number {
    const from = this.#from;
    const to = this.#to;
    const x = mouth.x - ears.x;
    const y = mouth.y - ears.y;
    const z = mouth.z - ears.z;
    const distance = Math.sqrt(x * x + y * y + z * z);
    if (!(distance > 2 * SPARED)) return 0;
    const part = SPARED / distance;
    from.x = ears.x + x * part;
    from.y = ears.y + y * part;
    from.z = ears.z + z * part;
    to.x = mouth.x - x * part;
    to.y = mouth.y - y * part;
    to.z = mouth.z - z * part;
    this.#gather();
    if (this.#count === 0) return 0;
    return occlusionByLines(this.#blocked, this.#from, this.#to);
  }

  /** Walls whose sphere comes as near to the line as its detours go. */
  #gather(): void {
    const near = this.#near;
    let count = 0;
    const { meshes } = this.#scene;
    for (let index = 0; index < meshes.length; index++) {
      const mesh = meshes[index]!;
      if (!comesNear(mesh, this.#from, this.#to)) continue;
      if (mesh.isEnabled() && this.#isWall(mesh) && !this.#isCharacter(mesh)) near[count++] = mesh;
    }
    for (let index = count; index < this.#count; index++) near[index] = undefined;
    this.#count = count;
  }

  #isCharacter(mesh: AbstractMesh): boolean {
    if (mesh.skeleton || mesh.morphTargetManager) return true;
    for (let node: Node | null = mesh; node; node = node.parent)
      if (this.#characters.has(node) || node.getClassName().endsWith('Camera')) return true;
    return false;
  }

  readonly #blocked = (from: Vector3, to: Vector3): boolean => {
    for (let index = 0; index < this.#count; index++) {
      const mesh = this.#near[index]!;
      const shape = this.#shapeOf(mesh);
      if (!shape) continue;
      mesh.getWorldMatrix().invertToRef(this.#inverse);
      this.#toMesh(from, 0);
      this.#toMesh(to, 3);
      if (shape.blocks(this.#line)) return true;
    }
    return false;
  };

  #toMesh(point: Vector3, at: number): void {
    Vector3.TransformCoordinatesToRef(point, this.#inverse, this.#way);
    this.#line[at] = this.#way.x;
    this.#line[at + 1] = this.#way.y;
    this.#line[at + 2] = this.#way.z;
  }

  #shapeOf(mesh: AbstractMesh): WallShape | undefined {
    const { geometry } = mesh;
    if (!geometry) return undefined;
    const known = this.#shapes.get(geometry);
    if (known) return known;
    const positions = mesh.getVerticesData(VertexBuffer.PositionKind);
    if (!positions) return undefined; // Not loaded yet: it is looked at again.
    const indices = mesh.getIndices() ?? [];
    const each =
      indices.length > 0 ? indices : Uint32Array.from({ length: positions.length / 3 }, (_, i) => i);
    const shape = new WallShape(positions, each);
    this.#shapes.set(geometry, shape);
    return shape;
  }
}

/** Whether the sphere around a mesh comes as near to the line between two points as detours go. */
function comesNear(mesh: AbstractMesh, from: Vector3, to: Vector3): boolean {
  const { centerWorld, radiusWorld } = mesh.getBoundingInfo().boundingSphere;
  const wx = to.x - from.x;
  const wy = to.y - from.y;
  const wz = to.z - from.z;
  const px = centerWorld.x - from.x;
  const py = centerWorld.y - from.y;
  const pz = centerWorld.z - from.z;
  const length = wx * wx + wy * wy + wz * wz;
  const along = length > 0 ? Math.min(Math.max((px * wx + py * wy + pz * wz) / length, 0), 1) : 0;
  const dx = px - along * wx;
  const dy = py - along * wy;
  const dz = pz - along * wz;
  const aside = Math.min(Math.max(Math.sqrt(length) * ASIDE, LEAST_ASIDE), MOST_ASIDE);
  const most = radiusWorld + aside;
  return dx * dx + dy * dy + dz * dz <= most * most;
}
