import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Node } from '@babylonjs/core/node.js';
import { InputError } from '../speech/errors.ts';
import type { Channel } from './channel.ts';

const DEGREE = Math.PI / 180;

/** Where a node is in the world. */
export function placeChannel(node: Node): Channel {
  const transform = movable(node);
  const place = transform.getAbsolutePosition().clone();
  const next = new Vector3();
  return {
    initial: place.asArray(),
    write(value) {
      const row = value as readonly number[];
      transform.setAbsolutePosition(next.set(row[0]!, row[1]!, row[2]!));
    },
  };
}

/** How a node is turned about its vertical, degrees; how it leans stays as it was. */
export function turnChannel(node: Node): Channel {
  const transform = movable(node);
  const { rotation, rotationQuaternion } = transform;
  const asItWas = rotationQuaternion?.clone() ?? Quaternion.FromEulerVector(rotation);
  const angle = asItWas.toEulerAngles().y / DEGREE;
  const turn = new Quaternion();
  return {
    initial: angle,
    write(value) {
      Quaternion.RotationAxisToRef(UP, ((value as number) - angle) * DEGREE, turn);
      transform.rotationQuaternion ??= new Quaternion();
      turn.multiplyToRef(asItWas, transform.rotationQuaternion);
    },
  };
}

/** Whether a node and all below it is there. */
export function shownChannel(node: Node): Channel {
  return {
    initial: node.isEnabled(false),
    write: (value) => node.setEnabled(value as boolean),
  };
}

const UP = Vector3.Up();

function movable(node: Node): TransformNode {
  if (node instanceof TransformNode) return node;
  throw new InputError('A cutscene', 'a node that can be moved', `"${node.name}", a ${node.getClassName()}`);
}
