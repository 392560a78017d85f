import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { CHANNEL } from '../pose/channels.ts';
import { SIGHT } from '../pose/sight.ts';
import { type Facing, facingIn } from './facing.ts';
import { JointWriter, type Turn } from './joint-writer.ts';
import type { Swing } from './links.ts';

/** The joints of a character's head, where they were found. */
export interface HeadNodes {
  readonly chest?: TransformNode | undefined;
  readonly neck?: TransformNode | undefined;
  readonly head?: TransformNode | undefined;
  readonly leftEye?: TransformNode | undefined;
  readonly rightEye?: TransformNode | undefined;
  readonly jaw?: TransformNode | undefined;
}

/** How the joints follow a pose beside its angles. */
export interface HeadMotion {
  /** Channels that swing the jaw or the head up and down. */
  readonly swings: readonly Swing[];
  /** How far the eyes turn for an angle of the gaze. */
  readonly eyes: { readonly yaw: number; readonly pitch: number };
}

/**
 * How much of a turn the neck does where there is one: the joint under the skull does a good half of the turning, the
 * other six of the neck the rest (Bogduk & Mercer 2000).
 */
const NECK = 0.4;

/** Eyes from the joint of the head, where they are no nodes: up and ahead, of the way from that joint to the ground. */
const EYES_UP = 0.055;
const EYES_AHEAD = 0.055;

const turns = (share: number): Turn[] => [
  { channel: CHANNEL.headYaw, way: 'yaw', share },
  { channel: CHANNEL.headPitch, way: 'pitch', share },
  { channel: CHANNEL.headRoll, way: 'roll', share },
];
const eyeTurns = (inwards: 1 | -1, { yaw, pitch }: HeadMotion['eyes']): Turn[] => [
  { channel: CHANNEL.eyeYaw, way: 'yaw', share: yaw },
  { channel: CHANNEL.eyePitch, way: 'pitch', share: pitch },
  { channel: CHANNEL.eyeVergence, way: 'yaw', share: inwards * yaw },
];

/** Head, neck, chest and eyes of a character: turned by poses, on top of what its animations do. */
export class HeadJoints {
  readonly #joints: readonly JointWriter[];
  /** Those of them that visemes turn. */
  readonly #mouth: readonly JointWriter[];
  /** Nodes from the neck to the head, from below, with the writers of those that turn. */
  readonly #chain: readonly { readonly node: TransformNode; readonly writer: JointWriter | undefined }[];
  /** What the chain stands on, and what carries the eyes. */
  readonly #below: TransformNode;
  readonly #skull: TransformNode;
  /** Left, up and forward of the character in the space of the skull: three numbers each. */
  readonly #ways: Float64Array;
  /** Both eyes, where they are nodes in their place. */
  readonly #leftEye: TransformNode | undefined;
  readonly #rightEye: TransformNode | undefined;
  /** Between the eyes, in the space of the skull, for faces whose eyes are no nodes. */
  readonly #between: Vector3;
  readonly #eyes = new Vector3();
  /** Distance of the eyes, 0 where they are no nodes. */
  readonly #apart = new Float64Array(1);

  constructor(root: TransformNode, facing: Facing, nodes: HeadNodes, { swings, eyes }: HeadMotion) {
    const { chest, head, leftEye, rightEye, jaw } = nodes;
    const swung = (joint: Swing['joint']): Turn[] =>
      swings.flatMap((swing) =>
        swing.joint === joint ? { channel: swing.channel, way: 'pitch', share: swing.gain } : [],
      );
    const neck = head && nodes.neck && head.isDescendantOf(nodes.neck) ? nodes.neck : undefined;
    const writer = (node: TransformNode | undefined, by: Turn[]): JointWriter[] =>
      node && !JointWriter.isTaken(node) ? [new JointWriter(node, facing, by)] : [];
    const chestWriter = writer(chest, [{ channel: CHANNEL.chestPitch, way: 'pitch', share: 1 }]);
    const neckWriter = writer(neck, turns(NECK));
    const headWriter = writer(head, [...turns(neck ? 1 - NECK : 1), ...swung('head')]);
    const jawWriter = swung('jaw').length > 0 ? writer(jaw, swung('jaw')) : [];
    this.#mouth = [...(swung('head').length > 0 ? headWriter : []), ...jawWriter];
    this.#joints = [
      ...chestWriter,
      ...neckWriter,
      ...headWriter,
      ...writer(leftEye, eyeTurns(-1, eyes)),
      ...writer(rightEye, eyeTurns(1, eyes)),
      ...jawWriter,
    ];
    this.#chain = chainOf(neck ?? head, head).map((node) => ({
      node,
      writer: node === head ? headWriter[0] : node === neck ? neckWriter[0] : undefined,
    }));
    this.#skull = head ?? root;
    this.#below = (this.#chain[0]?.node.parent as TransformNode | null | undefined) ?? root;
    const { left, up, forward } = facingIn(this.#skull, facing);
    this.#ways = Float64Array.from([left, up, forward].flatMap((way) => way.asArray()));
    if (leftEye && rightEye && Vector3.Distance(placeOf(leftEye), placeOf(rightEye)) > 0) {
      this.#leftEye = leftEye;
      this.#rightEye = rightEye;
    }
    this.#between = betweenEyes(root, this.#skull, facing);
  }

  /** Turns all joints by the angles of a pose. Allocates nothing. */
  write(pose: Float32Array): void {
    for (let joint = 0; joint < this.#joints.length; joint++) this.#joints[joint]!.write(pose);
  }

  /** Turns only those that visemes turn: a jaw, or the head of a character without a mouth. Allocates nothing. */
  writeMouth(pose: Float32Array): void {
    for (let joint = 0; joint < this.#mouth.length; joint++) this.#mouth[joint]!.write(pose);
  }

  /**
   * Where a point of the world is, as seen from between the eyes of the head where its animations have it, without the
   * turns of a pose: written to `out` in the fields of `SIGHT`; false where that is nowhere. Allocates nothing: numbers
   * are not handed from function to function.
   */
  locate(point: Vector3, out: Float64Array): boolean {
    this.#findEyes();
    const x = point.x - this.#eyes.x;
    const y = point.y - this.#eyes.y;
    const z = point.z - this.#eyes.z;
    const distance = Math.sqrt(x * x + y * y + z * z);
    // Into the space of the chain: along the axes of that space, which lie in the rows of its matrix.
    const m = this.#below.getWorldMatrix().m;
    let a = (x * m[0]! + y * m[1]! + z * m[2]!) / (m[0]! * m[0]! + m[1]! * m[1]! + m[2]! * m[2]!);
    let b = (x * m[4]! + y * m[5]! + z * m[6]!) / (m[4]! * m[4]! + m[5]! * m[5]! + m[6]! * m[6]!);
    let c = (x * m[8]! + y * m[9]! + z * m[10]!) / (m[8]! * m[8]! + m[9]! * m[9]! + m[10]! * m[10]!);
    for (let link = 0; link < this.#chain.length; link++) {
      const { node, writer } = this.#chain[link]!;
      writer?.read();
      const rotation = writer ? writer.base : node.rotationQuaternion;
      if (!rotation) continue;
      // Back by the rotation: v + 2 q × (q × v + w v), with q turned round.
      const qx = -rotation.x;
      const qy = -rotation.y;
      const qz = -rotation.z;
      const w = rotation.w;
      const tx = qy * c - qz * b + w * a;
      const ty = qz * a - qx * c + w * b;
      const tz = qx * b - qy * a + w * c;
      a += 2 * (qy * tz - qz * ty);
      b += 2 * (qz * tx - qx * tz);
      c += 2 * (qx * ty - qy * tx);
    }
    const ways = this.#ways;
    const aside = a * ways[0]! + b * ways[1]! + c * ways[2]!;
    const above = a * ways[3]! + b * ways[4]! + c * ways[5]!;
    const ahead = a * ways[6]! + b * ways[7]! + c * ways[8]!;
    const across = Math.sqrt(aside * aside + above * above);
    const turn = across > 0 ? Math.atan2(across, ahead) / across : 0;
    out[SIGHT.yaw] = turn * aside;
    out[SIGHT.pitch] = turn * above;
    out[SIGHT.vergence] = distance > 0 ? Math.atan(this.#apart[0]! / (2 * distance)) : 0;
    out[SIGHT.distance] = distance;
    // What is scaled to nothing, or at no number, has no direction; such a number would stay in all that it is added to.
    return Number.isFinite(out[SIGHT.yaw]! + out[SIGHT.pitch]! + distance);
  }

  /** Writes the place between the eyes, in the world, to `out`. Allocates nothing. */
  eyesToRef(out: Vector3): void {
    this.#findEyes();
    out.copyFrom(this.#eyes);
  }

  /** Takes all turns back. */
  rest(): void {
    for (const joint of this.#joints) joint.rest();
  }

  /** Takes all turns back and leaves the nodes as they were found. */
  restore(): void {
    for (const joint of this.#joints.toReversed()) joint.restore();
  }

  /** Finds the place between the eyes, and how far they are apart. */
  #findEyes(): void {
    const eyes = this.#eyes;
    if (!this.#leftEye || !this.#rightEye) {
      Vector3.TransformCoordinatesToRef(this.#between, this.#skull.getWorldMatrix(), eyes);
      return;
    }
    const left = this.#leftEye.getWorldMatrix().m;
    const right = this.#rightEye.getWorldMatrix().m;
    const x = left[12]! - right[12]!;
    const y = left[13]! - right[13]!;
    const z = left[14]! - right[14]!;
    eyes.x = right[12]! + x / 2;
    eyes.y = right[13]! + y / 2;
    eyes.z = right[14]! + z / 2;
    this.#apart[0] = Math.sqrt(x * x + y * y + z * z);
  }
}

/** The nodes from `top` down to `bottom`, both with them. */
function chainOf(top: TransformNode | undefined, bottom: TransformNode | undefined): TransformNode[] {
  if (!top || !bottom) return [];
  return bottom === top ? [top] : [...chainOf(top, bottom.parent as TransformNode), bottom];
}

const placeOf = (node: TransformNode): Vector3 => node.getAbsolutePosition();

function betweenEyes(root: TransformNode, skull: TransformNode, { up, forward }: Facing): Vector3 {
  const place = placeOf(skull);
  const height = Vector3.Dot(place.subtract(placeOf(root)), up);
  const eyes = place.add(up.scale(EYES_UP * height)).add(forward.scale(EYES_AHEAD * height));
  return Vector3.TransformCoordinates(eyes, Matrix.Invert(skull.getWorldMatrix()));
}
