import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';

/** Indexes, in a pose, of the angles that turn a node: to the character's left, up, and over to its left shoulder. */
export interface TurnChannels {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll?: number;
}

/**
 * Turns one node of a character on top of whatever its animations do. The turn is about the character's own axes, so
 * it does not matter how the joint lies in its parent. Nothing adds up from frame to frame: where no animation has
 * moved the node since the last turn, the turn starts again from where the animation had left it.
 */
export class JointWriter {
  readonly #node: TransformNode;
  readonly #hadQuaternion: boolean;
  /** Turning axes in the space of the node's parent, unit length: forward to left, forward to up, up to left. */
  readonly #yawAxis: Vector3;
  readonly #pitchAxis: Vector3;
  readonly #rollAxis: Vector3;
  /** Rotation without the turn. */
  readonly #base = new Quaternion();
  /** Rotation as it was last written here. */
  readonly #written = new Quaternion(Number.NaN, 0, 0, 0);
  readonly #turn = new Quaternion();
  readonly #yaw: number;
  readonly #pitch: number;
  readonly #roll: number;

  /** `root`: node whose +Y is up and whose +Z is where the character looks, as glTF has it. */
  constructor(node: TransformNode, root: TransformNode, channels: TurnChannels) {
    this.#node = node;
    this.#yaw = channels.yaw;
    this.#pitch = channels.pitch;
    this.#roll = channels.roll ?? -1;
    this.#hadQuaternion = node.rotationQuaternion !== null;
    node.rotationQuaternion ??= node.rotation.toQuaternion();
    const { left, up, forward } = characterAxes(node, root);
    this.#yawAxis = Vector3.Cross(forward, left).normalize();
    this.#pitchAxis = Vector3.Cross(forward, up).normalize();
    this.#rollAxis = Vector3.Cross(up, left).normalize();
  }

  /** Turns the node by the angles of a pose. Allocates nothing. */
  write(pose: Float32Array): void {
    const rotation = this.#node.rotationQuaternion;
    if (!rotation) return;
    if (!rotation.equals(this.#written)) this.#base.copyFrom(rotation);
    const yaw = pose[this.#yaw]!;
    const pitch = pose[this.#pitch]!;
    const roll = this.#roll < 0 ? 0 : pose[this.#roll]!;
    const x = yaw * this.#yawAxis.x + pitch * this.#pitchAxis.x + roll * this.#rollAxis.x;
    const y = yaw * this.#yawAxis.y + pitch * this.#pitchAxis.y + roll * this.#rollAxis.y;
    const z = yaw * this.#yawAxis.z + pitch * this.#pitchAxis.z + roll * this.#rollAxis.z;
    const angle = Math.sqrt(x * x + y * y + z * z);
    const scale = angle > 0 ? Math.sin(angle / 2) / angle : 0;
    this.#turn.set(x * scale, y * scale, z * scale, Math.cos(angle / 2));
    this.#turn.multiplyToRef(this.#base, this.#written);
    rotation.copyFrom(this.#written);
  }

  /** Takes the turn back. */
  rest(): void {
    const rotation = this.#node.rotationQuaternion;
    if (rotation?.equals(this.#written)) rotation.copyFrom(this.#base);
  }

  /** Takes the turn back and leaves the node as it was found. */
  restore(): void {
    this.rest();
    if (this.#hadQuaternion || !this.#node.rotationQuaternion) return;
    const angles = this.#node.rotationQuaternion.toEulerAngles();
    this.#node.rotationQuaternion = null;
    this.#node.rotation.copyFrom(angles);
  }
}

/** The character's left, up and forward as directions in the space of the node's parent. */
function characterAxes(node: TransformNode, root: TransformNode): Record<'left' | 'up' | 'forward', Vector3> {
  const fromRoot = root.computeWorldMatrix(true);
  const up = Vector3.TransformNormal(Vector3.UpReadOnly, fromRoot);
  const forward = Vector3.TransformNormal(Vector3.LeftHandedForwardReadOnly, fromRoot);
  // A cross product of right-handed axes is the other way round in Babylon's left-handed world.
  const left = root.getScene().useRightHandedSystem ? Vector3.Cross(up, forward) : Vector3.Cross(forward, up);
  const parent = node.parent?.computeWorldMatrix(true) ?? Matrix.IdentityReadOnly;
  const toParent = Matrix.Invert(parent);
  const direction = (world: Vector3): Vector3 => Vector3.TransformNormal(world, toParent).normalize();
  return { left: direction(left), up: direction(up), forward: direction(forward) };
}
