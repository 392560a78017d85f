import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { type Facing, facingIn } from './facing.ts';

/** Nodes that are turned, each by one writer: a second one would take what the first wrote for an animation. */
const TAKEN = new WeakSet<TransformNode>();

/** An angle of a pose that turns a joint. */
export interface Turn {
  /** Index of the angle in a pose. */
  readonly channel: number;
  /** Which way: to the character's left, up, or over to its left shoulder. */
  readonly way: 'yaw' | 'pitch' | 'roll';
  /** How much of the angle this joint does; negative turns the other way. */
  readonly share: number;
}

/**
 * Turns one node of a character on top of whatever its animations do. The turn is about the character's own axes, so
 * it does not matter how the joint lies in its parent. Nothing adds up from frame to frame: where no animation has
 * moved the node since the last turn, the turn starts again from where the animation had left it.
 */
export class JointWriter {
  /** Rotation without the turn, as {@link read} found it. Do not change it. */
  readonly base = new Quaternion();

  readonly #node: TransformNode;
  readonly #hadQuaternion: boolean;
  readonly #channels: Int16Array;
  /** Axis of each turn in the space of the node's parent, as long as its share. */
  readonly #axes: Float64Array;
  /** Rotation as it was last written here. */
  readonly #written = new Quaternion(Number.NaN, 0, 0, 0);

  /** Whether a writer has the node. */
  static isTaken(node: TransformNode): boolean {
    return TAKEN.has(node);
  }

  constructor(node: TransformNode, facing: Facing, turns: readonly Turn[]) {
    TAKEN.add(node);
    this.#node = node;
    this.#channels = Int16Array.from(turns, (turn) => turn.channel);
    this.#axes = Float64Array.from(axesOf(node, facing, turns));
    this.#hadQuaternion = node.rotationQuaternion !== null;
    node.rotationQuaternion ??= node.rotation.toQuaternion();
    this.base.copyFrom(node.rotationQuaternion);
  }

  /** Finds out where the animations have the node. {@link write} does it too. Allocates nothing. */
  read(): void {
    const rotation = this.#node.rotationQuaternion;
    if (!rotation || rotation.equals(this.#written)) return;
    // What is no rotation for a frame is not kept for ever.
    if (Number.isFinite(rotation.x + rotation.y + rotation.z + rotation.w)) this.base.copyFrom(rotation);
  }

  /** Turns the node by the angles of a pose. Allocates nothing. */
  write(pose: Float32Array): void {
    const rotation = this.#node.rotationQuaternion;
    if (!rotation) return;
    this.read();
    const axes = this.#axes;
    let x = 0;
    let y = 0;
    let z = 0;
    for (let turn = 0; turn < this.#channels.length; turn++) {
      const angle = pose[this.#channels[turn]!]!;
      x += angle * axes[3 * turn]!;
      y += angle * axes[3 * turn + 1]!;
      z += angle * axes[3 * turn + 2]!;
    }
    const angle = Math.sqrt(x * x + y * y + z * z);
    const scale = angle > 0 ? Math.sin(angle / 2) / angle : 0;
    const w = Math.cos(angle / 2);
    x *= scale;
    y *= scale;
    z *= scale;
    const { base } = this;
    const written = this.#written;
    written.x = w * base.x + x * base.w + y * base.z - z * base.y;
    written.y = w * base.y + y * base.w + z * base.x - x * base.z;
    written.z = w * base.z + z * base.w + x * base.y - y * base.x;
    written.w = w * base.w - x * base.x - y * base.y - z * base.z;
    rotation.copyFrom(this.#written);
  }

  /** Takes the turn back. */
  rest(): void {
    const rotation = this.#node.rotationQuaternion;
    if (rotation?.equals(this.#written)) rotation.copyFrom(this.base);
  }

  /** Takes the turn back and leaves the node as it was found. */
  restore(): void {
    TAKEN.delete(this.#node);
    this.rest();
    if (this.#hadQuaternion || !this.#node.rotationQuaternion) return;
    const angles = this.#node.rotationQuaternion.toEulerAngles();
    this.#node.rotationQuaternion = null;
    this.#node.rotation.copyFrom(angles);
  }
}

/** Axes that turn forward to the left, forward up, and up to the left. */
function axesOf(node: TransformNode, facing: Facing, turns: readonly Turn[]): number[] {
  const { left, up, forward } = facingIn(node.parent as TransformNode | null, facing);
  const axes = {
    yaw: Vector3.Cross(forward, left).normalize(),
    pitch: Vector3.Cross(forward, up).normalize(),
    roll: Vector3.Cross(up, left).normalize(),
  };
  return turns.flatMap(({ way, share }) => axes[way].scale(share).asArray());
}
