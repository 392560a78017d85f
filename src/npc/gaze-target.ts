import type { IVector3Like } from '@babylonjs/core/Maths/math.like.js';
import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Node } from '@babylonjs/core/node.js';
import { Field } from '../speech/field.ts';
import type { Company, Person } from './company.ts';

/** Somebody with a face, such as a `TalkingNpc`. */
export interface Looked {
  /** The face, while it stands in the scene. */
  readonly person: Person | undefined;
}

/**
 * What a character looks at: the `player` (the active camera, or the listener that Parley was given), `nobody` (looks
 * about), another NPC, a node of the scene or a point of the world, which is followed as it changes. `auto`: the player
 * while the character speaks, whoever speaks near by while it does not, and about else.
 */
export type GazeTarget = 'auto' | 'player' | 'nobody' | Looked | Node | IVector3Like;

/** Whom `auto` means, and `nobody`, are no points. Throws `InputError` for what cannot be looked at. */
export function checkTarget(where: string, target: GazeTarget): void {
  if (target === 'auto' || target === 'player' || target === 'nobody') return;
  if (typeof target === 'object' && target !== null) {
    if ('person' in target || isNode(target)) return;
    if ([target.x, target.y, target.z].every(Number.isFinite)) return;
  }
  throw new Field(target, where).wrong(
    "'auto', 'player', 'nobody', an NPC, a node or a point",
    formOf(target),
  );
}

/** What somebody took for a target, in words; undefined where its value says it. */
function formOf(target: unknown): string | undefined {
  if (typeof target === 'function') return 'a function';
  if (typeof target !== 'object' || target === null || Array.isArray(target)) return undefined;
  const axes = (['x', 'y', 'z'] as const).map((axis) => [axis, Reflect.get(target, axis)] as const);
  if (axes.every(([, value]) => value === undefined)) return 'an object without x, y and z';
  const [axis, value] = axes.find(([, each]) => !Number.isFinite(each))!;
  return `a point whose ${axis} is ${value}`;
}

/** Writes where a target is to `out`; false where it is nowhere, or gone. Allocates nothing. */
export function findTarget(target: GazeTarget, company: Company, out: Vector3): boolean {
  if (target === 'auto' || target === 'nobody') return false;
  if (target === 'player') return company.findPlayer(out);
  if ('person' in target) {
    target.person?.eyesToRef(out);
    return target.person !== undefined;
  }
  if (!isNode(target)) {
    out.set(target.x, target.y, target.z);
    return true;
  }
  if (target.isDisposed()) return false;
  target.getWorldMatrix().getTranslationToRef(out);
  return true;
}

function isNode(target: object): target is Node {
  return 'getWorldMatrix' in target;
}
