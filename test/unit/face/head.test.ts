import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { bindFace } from '../../../src/face/binding.ts';
import { CHANNEL, createPose } from '../../../src/pose/channels.ts';
import { SIGHT, SIGHT_LENGTH } from '../../../src/pose/sight.ts';
import { addNode, createScene } from './rigs.ts';

const scenes: Scene[] = [];

afterEach(() => {
  for (const scene of scenes.splice(0)) scene.getEngine().dispose();
});

/** Degrees by which an eye may miss. */
const FEW = 1.5;

interface Body {
  readonly rightHanded: boolean;
  /** Turn of the rest pose about the vertical, radians: 0 faces +Z, as glTF has it. */
  readonly turned: number;
  readonly hasNeck: boolean;
  /** What of the body tells left from right. */
  readonly eyesAs: 'joints' | 'none';
  /** Size of the joints' space, as an armature in centimetres has it. */
  readonly scale: number;
}

/** A node at a place and in an orientation of the space of `top`, whatever its parent. */
function put(top: TransformNode, node: TransformNode, place: Vector3, orientation: Quaternion): void {
  const wanted = Matrix.Compose(Vector3.One(), orientation, place).multiply(top.computeWorldMatrix(true));
  const local = wanted.multiply(Matrix.Invert((node.parent as TransformNode).computeWorldMatrix(true)));
  const rotation = Quaternion.Identity();
  local.decompose(undefined, rotation, node.position);
  node.rotationQuaternion = rotation;
  node.computeWorldMatrix(true);
}

/** A character as the glTF loader makes it, somewhere in the world, with joints that lie askew. */
function build({ rightHanded, turned, hasNeck, eyesAs, scale }: Body) {
  const scene = createScene();
  scenes.push(scene);
  scene.useRightHandedSystem = rightHanded;
  const place = addNode(scene, 'place');
  place.position.set(3, 0.4, -7);
  place.rotation.y = 2.1;
  const root = addNode(scene, '__root__', place);
  if (!rightHanded) {
    root.rotationQuaternion = Quaternion.FromEulerAngles(0, Math.PI, 0);
    root.scaling.z = -1;
  }
  const armature = addNode(scene, 'Armature', root);
  armature.scaling.setAll(scale);
  const body = Quaternion.RotationAxis(Vector3.UpReadOnly, turned);
  const at = (x: number, y: number, z: number): Vector3 =>
    new Vector3(x, y, z).rotateByQuaternionToRef(body, new Vector3());
  const askew = (yaw: number): Quaternion => Quaternion.FromEulerAngles(0.4, yaw, 1.3);
  const hips = addNode(scene, 'Hips', armature);
  put(root, hips, at(0, 1, 0), askew(0.2));
  const spine = addNode(scene, 'Spine', hips);
  put(root, spine, at(0, 1.2, -0.02), askew(-0.5));
  const neck = addNode(scene, hasNeck ? 'Neck' : 'Nothing', spine);
  put(root, neck, at(0, 1.4, -0.02), askew(0.9));
  const head = addNode(scene, 'Head', neck);
  put(root, head, at(0, 1.5, 0.02), askew(-1.4));
  const eyes: TransformNode[] = [];
  for (const [side, x] of [
    ['Left', 1],
    ['Right', -1],
  ] as const) {
    const arm = addNode(scene, `${side}Arm`, spine);
    put(root, arm, at(0.2 * x, 1.4, 0), askew(x));
    if (eyesAs === 'none') continue;
    const eye = addNode(scene, `${side}Eye`, head);
    put(root, eye, at(0.032 * x, 1.6, 0.1), askew(0.6 * x));
    eyes.push(eye);
  }
  const forward = Vector3.TransformNormal(at(0, 0, 1), root.getWorldMatrix()).normalize();
  return {
    scene,
    root: place,
    head,
    neck,
    eyes,
    forward,
    at: (p: Vector3) => world(root, at(p.x, p.y, p.z)),
  };
}

const world = (root: TransformNode, place: Vector3): Vector3 =>
  Vector3.TransformCoordinates(place, root.getWorldMatrix());

/** Degrees between where an eye looks and where a point is. `ahead`: what is ahead of the eye, in its own space. */
function missBy(eye: TransformNode, ahead: Vector3, point: Vector3): number {
  const look = Vector3.TransformNormal(ahead, refreshed(eye)).normalize();
  const toward = point.subtract(eye.getAbsolutePosition()).normalize();
  return (Math.acos(Math.min(Vector3.Dot(look, toward), 1)) * 180) / Math.PI;
}

function refreshed(node: TransformNode): Matrix {
  const chain: TransformNode[] = [];
  for (let n: TransformNode | null = node; n; n = n.parent as TransformNode | null) chain.unshift(n);
  for (const link of chain) link.computeWorldMatrix(true);
  return node.getWorldMatrix();
}

const bodies = fc.record({
  rightHanded: fc.boolean(),
  turned: fc.constantFrom(0, Math.PI, Math.PI / 2, -0.7),
  hasNeck: fc.boolean(),
  eyesAs: fc.constant('joints' as const),
  scale: fc.constantFrom(1, 0.01),
});
/** A point in the character's own axes: left, up, ahead. */
const points = fc.record({
  x: fc.double({ min: -1.5, max: 1.5, noNaN: true }),
  y: fc.double({ min: 1, max: 2.2, noNaN: true }),
  z: fc.double({ min: 0.6, max: 4, noNaN: true }),
});

describe('the joints of a head', () => {
  it('turn both eyes at a point, whatever the rest pose, the scene and the way of the joints', () => {
    fc.assert(
      fc.property(bodies, points, fc.double({ min: 0, max: 1, noNaN: true }), (body, place, share) => {
        const { root, eyes, forward, at } = build(body);
        const point = at(new Vector3(place.x, place.y, place.z));
        const ahead = eyes.map((eye) => Vector3.TransformNormal(forward, Matrix.Invert(refreshed(eye))));
        const face = bindFace(root);
        const sight = new Float64Array(SIGHT_LENGTH);
        face.locate(point, sight);
        const pose = createPose();
        pose[CHANNEL.headYaw] = share * sight[SIGHT.yaw]!;
        pose[CHANNEL.headPitch] = share * sight[SIGHT.pitch]!;
        pose[CHANNEL.eyeYaw] = (1 - share) * sight[SIGHT.yaw]!;
        pose[CHANNEL.eyePitch] = (1 - share) * sight[SIGHT.pitch]!;
        pose[CHANNEL.eyeVergence] = sight[SIGHT.vergence]!;
        face.write(pose);
        // The head turns about its joint, not about the eyes: they move aside by up to a tenth of a metre.
        const swing = (0.14 * share * Math.hypot(sight[0]!, sight[1]!)) / sight[SIGHT.distance]!;
        for (const [i, eye] of eyes.entries()) {
          expect(missBy(eye, ahead[i]!, point)).toBeLessThan(FEW + (swing * 180) / Math.PI);
        }
        expect(Math.sign(sight[SIGHT.yaw]!)).toBe(
          Math.abs(place.x) < 1e-3 ? Math.sign(sight[0]!) : Math.sign(place.x),
        );
        scenes.pop()!.getEngine().dispose();
      }),
      { seed: 4, numRuns: 150 },
    );
  });

  it('find a point also while an animation has turned head and chest', () => {
    const { root, head, neck, eyes, forward, at } = build({
      rightHanded: false,
      turned: 0,
      hasNeck: true,
      eyesAs: 'joints',
      scale: 1,
    });
    const eye = eyes[0]!;
    const ahead = Vector3.TransformNormal(forward, Matrix.Invert(refreshed(eye)));
    const face = bindFace(root);
    const tilt = Quaternion.FromEulerAngles(0.2, -0.3, 0.1);
    for (const node of [head, neck, neck.parent as TransformNode]) {
      node.rotationQuaternion!.copyFrom(tilt.multiply(node.rotationQuaternion!));
    }
    for (const each of eyes) refreshed(each);
    const point = at(new Vector3(0.3, 1.7, 1.5));
    const sight = new Float64Array(SIGHT_LENGTH);
    face.locate(point, sight);
    const pose = createPose();
    pose[CHANNEL.eyeYaw] = sight[SIGHT.yaw]!;
    pose[CHANNEL.eyePitch] = sight[SIGHT.pitch]!;
    pose[CHANNEL.eyeVergence] = sight[SIGHT.vergence]!;
    face.write(pose);
    expect(missBy(eye, ahead, point)).toBeLessThan(FEW);
  });

  it('tell where a face looks from its limbs, where it has no eyes, and take +Z where it has neither', () => {
    for (const turned of [0, Math.PI, 1]) {
      const { root, forward } = build({
        rightHanded: false,
        turned,
        hasNeck: true,
        eyesAs: 'none',
        scale: 1,
      });
      const { facing } = bindFace(root);
      const seen = Vector3.TransformNormal(facing, root.getWorldMatrix());
      expect(Vector3.Dot(seen, forward)).toBeCloseTo(1, 4);
    }
    const scene = createScene();
    scenes.push(scene);
    expect(bindFace(addNode(scene, 'crate')).facing.equalsToFloats(0, 0, 1)).toBe(true);
  });

  it('share a turn between neck and head', () => {
    const { root, head, neck } = build({
      rightHanded: false,
      turned: 0,
      hasNeck: true,
      eyesAs: 'joints',
      scale: 1,
    });
    const angle = (node: TransformNode, rest: Quaternion): number =>
      2 * Math.acos(Math.min(1, Math.abs(Quaternion.Dot(node.rotationQuaternion!, rest))));
    const [restOfHead, restOfNeck] = [head.rotationQuaternion!.clone(), neck.rotationQuaternion!.clone()];
    const face = bindFace(root);
    const pose = createPose();
    pose[CHANNEL.headYaw] = 0.5;
    face.write(pose);
    expect(angle(head, restOfHead)).toBeCloseTo(0.3, 4);
    expect(angle(neck, restOfNeck)).toBeCloseTo(0.2, 4);
    face.dispose();
    expect(angle(head, restOfHead)).toBeCloseTo(0, 3);
    expect(angle(neck, restOfNeck)).toBeCloseTo(0, 3);
  });
});

it('a joint that one binding turns is left alone by another', () => {
  const scene = createScene();
  scenes.push(scene);
  const root = addNode(scene, 'root');
  const inner = addNode(scene, 'inner', root);
  const head = addNode(scene, 'Head', inner);
  head.position.y = 1.5;
  const faces = [bindFace(root), bindFace(inner)];
  const pose = createPose();
  pose[CHANNEL.headYaw] = 0.3;
  for (let frame = 0; frame < 9; frame++) for (const face of faces) face.write(pose);
  expect(2 * Math.acos(head.rotationQuaternion!.w)).toBeCloseTo(0.3, 5);
  for (const face of faces) face.dispose();
  bindFace(inner).write(pose);
  expect(2 * Math.acos(head.rotationQuaternion!.w)).toBeCloseTo(0.3, 5);
});
