import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import { InputError } from '../../speech/errors.ts';

/**
 * The space of a zone: a ball, a box along the axes of the world, or the box around a mesh, which turns and moves with it;
 * the mesh may be invisible. Metres in the world.
 */
export type ZoneSpace =
  | { readonly centre: Vector3; readonly radius: number }
  | { readonly min: Vector3; readonly max: Vector3 }
  | AbstractMesh;

/** How far outside of it a point of the world is, metres; 0 within. */
export type Outside = (point: Vector3) => number;

/** Throws {@link InputError} for what is no space. */
export function outsideOf(space: ZoneSpace, place: string): Outside {
  if (typeof space === 'object' && space !== null) {
    if ('radius' in space && space.centre && space.radius > 0) {
      const { centre, radius } = space;
      return (point) => Math.max(Vector3.Distance(point, centre) - radius, 0);
    }
    if ('min' in space && space.min && space.max) {
      const { min, max } = space;
      return (point) => Vector3.Distance(point, clampToRef(point, min, max, nearest));
    }
    if ('getBoundingInfo' in space && typeof space.getBoundingInfo === 'function')
      return outsideOfMesh(space);
  }
  throw new InputError(place, '{ centre, radius }, { min, max } or a mesh', String(space));
}

const nearest = new Vector3();

function outsideOfMesh(mesh: AbstractMesh): Outside {
  const inverse = new Matrix();
  const local = new Vector3();
  return (point) => {
    const world = mesh.getWorldMatrix();
    const { minimum, maximum } = mesh.getBoundingInfo().boundingBox;
    world.invertToRef(inverse);
    Vector3.TransformCoordinatesToRef(point, inverse, local);
    clampToRef(local, minimum, maximum, nearest);
    if (nearest.equals(local)) return 0;
    Vector3.TransformCoordinatesToRef(nearest, world, local);
    return Vector3.Distance(point, local);
  };
}

function clampToRef({ x, y, z }: Vector3, min: Vector3, max: Vector3, out: Vector3): Vector3 {
  return out.set(
    Math.min(Math.max(x, min.x), max.x),
    Math.min(Math.max(y, min.y), max.y),
    Math.min(Math.max(z, min.z), max.z),
  );
}
