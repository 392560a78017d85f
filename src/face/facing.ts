import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';

/** Directions of a character in the world as it stands now: its own left, up, and where it looks. Unit length. */
export interface Facing {
  readonly left: Vector3;
  readonly up: Vector3;
  readonly forward: Vector3;
}

/** What a character's facing is read from; what is not there is left out. */
export interface Landmarks {
  readonly head?: TransformNode | undefined;
  readonly leftEye?: TransformNode | undefined;
  readonly rightEye?: TransformNode | undefined;
  /** Nodes among which pairs of limbs are looked for by their names. */
  readonly nodes: readonly TransformNode[];
}

/** Landmarks nearer than this to each other say nothing about a direction: a thousandth of the character's height. */
const NEAR = 1e-3;

/** Joints below the head that tell where up is: neck and upper spine, which lean less than 45° in any rest pose. */
const SPINE = 3;

/** A left side in a name, with what the right one has in its place: LeftArm, arm_L, l.arm, J_Bip_L_Hand. */
const SIDES: readonly (readonly [RegExp, string])[] = [
  [/left/i, 'right'],
  [/(?<=^|[^a-z])l(?=$|[^a-z])/i, 'r'],
];

/**
 * Where the character below `root` looks: across the line between its eyes, else between the limbs of its two sides,
 * in the pose it has now; glTF's +Z where it has neither. Up is that axis of `root` along which the head lies over the
 * joints below it.
 */
export function facingOf(root: TransformNode, landmarks: Landmarks): Facing {
  const { head, leftEye, rightEye, nodes } = landmarks;
  for (const node of [root, ...nodes]) node.computeWorldMatrix(true);
  const up = upOf(root, head);
  const size = head ? Vector3.Distance(place(head), place(root)) : 1;
  const across = [eyesApart(leftEye, rightEye), limbsApart(nodes)].find(
    (left) => leftOf(left, up).length() > NEAR * size,
  );
  const rightHanded = root.getScene().useRightHandedSystem;
  // A cross product of right-handed axes is the other way round in Babylon's left-handed world.
  const cross = (a: Vector3, b: Vector3): Vector3 =>
    rightHanded ? Vector3.Cross(a, b) : Vector3.Cross(b, a);
  if (across) {
    const left = leftOf(across, up).normalize();
    return { left, up, forward: cross(left, up) };
  }
  const ahead = Vector3.TransformNormal(Vector3.LeftHandedForwardReadOnly, root.getWorldMatrix());
  const left = cross(up, ahead).normalize();
  return { left, up, forward: cross(left, up) };
}

/** Directions of a character in the space of a node. */
export function facingIn(space: TransformNode | null, { left, up, forward }: Facing): Facing {
  const toSpace = Matrix.Invert(space?.computeWorldMatrix(true) ?? Matrix.IdentityReadOnly);
  const direction = (world: Vector3): Vector3 => Vector3.TransformNormal(world, toSpace).normalize();
  return { left: direction(left), up: direction(up), forward: direction(forward) };
}

const place = (node: TransformNode): Vector3 => node.getAbsolutePosition();

/** What of a direction lies across `up`. */
const leftOf = (across: Vector3, up: Vector3): Vector3 => across.subtract(up.scale(Vector3.Dot(across, up)));

function upOf(root: TransformNode, head: TransformNode | undefined): Vector3 {
  const axes = [Vector3.UpReadOnly, Vector3.RightReadOnly, Vector3.LeftHandedForwardReadOnly]
    .map((axis) => Vector3.TransformNormal(axis, root.getWorldMatrix()).normalize())
    .flatMap((axis) => [axis, axis.negate()]);
  const neck = head && ancestor(head, root, SPINE);
  const spine = head && neck ? place(head).subtract(place(neck)) : Vector3.ZeroReadOnly;
  let best = axes[0]!;
  for (const axis of axes) if (Vector3.Dot(axis, spine) > Vector3.Dot(best, spine) + 1e-6) best = axis;
  return best;
}

/** The node `steps` above, or the last one below `root`. */
function ancestor(node: TransformNode, root: TransformNode, steps: number): TransformNode {
  const parent = node.parent as TransformNode | null;
  return steps === 0 || !parent || parent === root ? node : ancestor(parent, root, steps - 1);
}

function eyesApart(left: TransformNode | undefined, right: TransformNode | undefined): Vector3 {
  return left && right ? place(left).subtract(place(right)) : Vector3.Zero();
}

function limbsApart(nodes: readonly TransformNode[]): Vector3 {
  const byName = new Map(nodes.map((node) => [node.name.toLowerCase(), node]));
  const sum = Vector3.Zero();
  for (const node of nodes) {
    for (const [side, other] of SIDES) {
      const twin = side.test(node.name) && byName.get(node.name.replace(side, other).toLowerCase());
      if (!twin) continue;
      sum.addInPlace(place(node).subtractInPlace(place(twin)));
      break;
    }
  }
  return sum;
}
