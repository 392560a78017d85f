import { Matrix, Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, describe, expect, it } from 'vitest';
import { bindFace } from '../../../src/face/binding.ts';
import { CHANNEL, CHANNEL_COUNT, type Channel, createPose } from '../../../src/pose/channels.ts';
import { ARKIT, addMesh, addNode, createScene, influenceOf, OCULUS } from './rigs.ts';

const scenes: Scene[] = [];

function openScene(options?: { textures?: boolean }): Scene {
  const scene = createScene(options);
  scenes.push(scene);
  return scene;
}

afterEach(() => {
  for (const scene of scenes.splice(0)) scene.getEngine().dispose();
});

function poseOf(weights: Partial<Record<Channel, number>>): Float32Array {
  const pose = createPose();
  for (const [name, weight] of Object.entries(weights)) pose[CHANNEL[name as Channel]] = weight;
  return pose;
}

describe('a binding of morph targets', () => {
  it('writes a shape to every mesh that has it', () => {
    const scene = openScene({ textures: true });
    const root = addNode(scene, '__root__');
    const head = addMesh(scene, 'Head', OCULUS, root);
    const teeth = addMesh(scene, 'Teeth', ['viseme_U', 'viseme_aa'], addNode(scene, 'inner', root));
    bindFace(root).write(poseOf({ aa: 0.5 }));
    expect(influenceOf(head, 'viseme_aa')).toBe(0.5);
    expect(influenceOf(teeth, 'viseme_aa')).toBe(0.5);
    expect(influenceOf(head, 'viseme_U')).toBe(0);
  });

  it('adds up what moves the same target, and stops at 1', () => {
    const scene = openScene({ textures: true });
    const head = addMesh(scene, 'Head', ARKIT);
    const face = bindFace(head);
    face.write(poseOf({ aa: 0.5, jawOpen: 0.1 }));
    expect(influenceOf(head, 'jawOpen')).toBeCloseTo(0.5 * 0.62 + 0.1);
    face.write(poseOf({ aa: 1, jawOpen: 1 }));
    expect(influenceOf(head, 'jawOpen')).toBe(1);
  });

  it('touches no target that stays as it is, and keeps used ones off 0 until rest', () => {
    const scene = openScene({ textures: true });
    const head = addMesh(scene, 'Head', OCULUS);
    const face = bindFace(head);
    let changes = 0;
    let crossings = 0;
    for (const name of OCULUS) {
      head.morphTargetManager!.getTargetByName(name)!.onInfluenceChanged.add((crossing) => {
        changes++;
        if (crossing) crossings++;
      });
    }
    face.write(poseOf({ aa: 0.5 }));
    face.write(poseOf({ aa: 0.5 }));
    expect([changes, crossings]).toEqual([1, 1]);
    face.write(poseOf({}));
    face.write(poseOf({ aa: 0.3 }));
    expect([changes, crossings]).toEqual([3, 1]);
    face.rest();
    expect(influenceOf(head, 'viseme_aa')).toBe(0);
    face.write(poseOf({}));
    expect(influenceOf(head, 'viseme_aa')).toBe(0);
  });

  it('adds to what an animation does, as far as it is given room', () => {
    const scene = openScene({ textures: true });
    const head = addMesh(scene, 'Head', ARKIT);
    const target = head.morphTargetManager!.getTargetByName('jawOpen')!;
    const face = bindFace(head);
    const room = new Float32Array(CHANNEL_COUNT).fill(1);
    for (let frame = 0; frame < 3; frame++) {
      target.influence = 0.25;
      face.write(poseOf({ jawOpen: 0.5 }), room);
      expect(target.influence).toBe(0.75);
    }
    room[CHANNEL.jawOpen] = 0.5;
    face.write(poseOf({ jawOpen: 0.5 }), room); // The animation has stopped where it was.
    expect(target.influence).toBe(0.625);
    room[CHANNEL.jawOpen] = 0;
    face.write(poseOf({ jawOpen: 0.5 }), room);
    expect(target.influence).toBe(0.5);
    face.rest();
    expect(target.influence).toBe(0.25);
    target.influence = 0.9;
    face.rest();
    expect(target.influence).toBe(0.9);
  });

  it('leaves weights below 0 to the animations that have them', () => {
    const scene = openScene({ textures: true });
    const head = addMesh(scene, 'Head', ARKIT);
    const target = head.morphTargetManager!.getTargetByName('mouthSmileLeft')!;
    const face = bindFace(head);
    const room = new Float32Array(CHANNEL_COUNT).fill(1);
    target.influence = -0.5;
    face.write(poseOf({}), room);
    expect(target.influence).toBe(-0.5);
    face.write(poseOf({ mouthSmileLeft: 0.25 }), room);
    expect(target.influence).toBe(-0.25);
    face.write(poseOf({ mouthSmileLeft: 0.75 }), room);
    expect(target.influence).toBe(0.25);
    room[CHANNEL.mouthSmileLeft] = 0.5;
    face.write(poseOf({}), room);
    expect(target.influence).toBe(-0.25);
    face.rest();
    expect(target.influence).toBe(-0.5);
  });

  it('is not taken for an animation by another binding of the same targets', () => {
    const scene = openScene({ textures: true });
    const head = addMesh(scene, 'Head', OCULUS);
    const [face, other] = [bindFace(head), bindFace(head)];
    for (let frame = 0; frame < 9; frame++) {
      face.write(poseOf({ aa: 0.5 }));
      other.write(poseOf({ aa: 0.4 }));
    }
    expect(influenceOf(head, 'viseme_aa')).toBe(0.5);
    face.dispose();
    const third = bindFace(head);
    third.write(poseOf({ aa: 0.3 }));
    expect(influenceOf(head, 'viseme_aa')).toBe(Math.fround(0.3));
  });

  it('keeps the shader fixed, also on a clone that lost it, and gives it back', () => {
    const scene = openScene({ textures: true });
    const source = addMesh(scene, 'Head', OCULUS);
    source.morphTargetManager!.optimizeInfluencers = false;
    source.morphTargetManager!.numMaxInfluencers = OCULUS.length;
    const clone = source.clone('Clone');
    clone.morphTargetManager = source.morphTargetManager!.clone();
    const manager = clone.morphTargetManager;
    expect(manager.optimizeInfluencers).toBe(true);
    const face = bindFace(clone);
    expect([manager.optimizeInfluencers, manager.numMaxInfluencers]).toEqual([false, OCULUS.length]);
    face.write(poseOf({ O: 0.4 }));
    expect([influenceOf(clone, 'viseme_O'), influenceOf(source, 'viseme_O')]).toEqual([Math.fround(0.4), 0]);
    face.dispose();
    expect([manager.optimizeInfluencers, manager.numMaxInfluencers]).toEqual([true, 0]);
  });

  it('keeps unused targets at exactly 0 where only 8 of a mesh can be drawn', () => {
    const scene = openScene();
    const head = addMesh(scene, 'Head', ARKIT);
    const face = bindFace(head);
    expect(head.morphTargetManager!.optimizeInfluencers).toBe(true);
    face.write(poseOf({ aa: 0.5 }));
    face.write(poseOf({}));
    expect(ARKIT.every((name) => influenceOf(head, name) === 0)).toBe(true);
  });

  it('drops just those targets that its report names where only 8 of a mesh can be drawn', () => {
    const head = addMesh(openScene(), 'Head', ARKIT);
    const face = bindFace(head);
    face.write(poseOf({ SS: 1, eyeBlinkLeft: 1, eyeBlinkRight: 1 }));
    const wanted = [...face.report.visemes.SS.from, 'eyeBlinkLeft', 'eyeBlinkRight'];
    const dropped = wanted.filter((name) => influenceOf(head, name) === 0);
    const problem = face.report.problems.find(({ code }) => code === 'few-targets-at-once')!;
    const named = /SS loses (.*)\.$/.exec(problem.message)![1]!.split(', ');
    expect(dropped.toSorted()).toEqual(named.toSorted());
    expect(wanted.length - dropped.length).toBe(8);
  });

  it('gives influences back on dispose, once, and then writes nothing', () => {
    const scene = openScene({ textures: true });
    const head = addMesh(scene, 'Head', OCULUS);
    head.morphTargetManager!.getTargetByName('viseme_E')!.influence = 0.2;
    const face = bindFace(head);
    face.write(poseOf({ aa: 0.5 }));
    face.dispose();
    face.dispose();
    face.write(poseOf({ aa: 0.5 }));
    expect(influenceOf(head, 'viseme_aa')).toBe(0);
    expect(influenceOf(head, 'viseme_E')).toBe(0.2);
  });

  it('survives a character without any face, and says so', () => {
    const scene = openScene();
    const root = addNode(scene, 'crate');
    const face = bindFace(root);
    face.write(poseOf({ aa: 1, headYaw: 1 }));
    face.rest();
    expect(face.report.problems[0]).toMatchObject({
      code: 'no-morph-targets',
      message: expect.stringContaining('nothing moves'),
    });
    face.dispose();
  });

  it('may be disposed after its character', () => {
    const scene = openScene({ textures: true });
    const root = addNode(scene, 'root');
    addMesh(scene, 'Head', OCULUS, root);
    const face = bindFace(root);
    root.dispose();
    face.dispose();
  });
});

/** What the loader makes of a glTF: a root that mirrors, and joints that lie askew. */
function joints(scene: Scene): { root: TransformNode; head: TransformNode; eye: TransformNode } {
  const root = addNode(scene, '__root__');
  if (!scene.useRightHandedSystem) {
    root.rotationQuaternion = Quaternion.FromEulerAngles(0, Math.PI, 0);
    root.scaling.z = -1;
  }
  const neck = addNode(scene, 'Neck', root);
  neck.rotationQuaternion = Quaternion.FromEulerAngles(0.4, -0.9, 1.3);
  const head = addNode(scene, 'Head', neck);
  head.rotationQuaternion = Quaternion.FromEulerAngles(-0.2, 0.7, 0.1);
  const eye = addNode(scene, 'LeftEye', head);
  eye.rotationQuaternion = Quaternion.FromEulerAngles(1.1, 0, -0.5);
  return { root, head, eye };
}

/** How `act` turns a node, as a map of directions in glTF's axes: +x the character's left, +y up, +z forward. */
function turnOf(node: TransformNode, root: TransformNode, act: () => void): (rest: Vector3) => Vector3 {
  const toRoot = (): Matrix => {
    for (const ancestor of chain(node)) ancestor.computeWorldMatrix(true);
    return node.getWorldMatrix().multiply(Matrix.Invert(root.getWorldMatrix()));
  };
  const before = toRoot();
  act();
  const change = Matrix.Invert(before).multiply(toRoot());
  return (rest) => Vector3.TransformNormal(rest, change);
}

/** The node and all above it, from the top. */
function chain(node: TransformNode): TransformNode[] {
  return node.parent ? [...chain(node.parent as TransformNode), node] : [node];
}

const LEFT = new Vector3(1, 0, 0);
const UP = new Vector3(0, 1, 0);
const FORWARD = new Vector3(0, 0, 1);

describe.each([false, true])('a binding of joints (right-handed scene: %s)', (rightHanded) => {
  const open = (): Scene => {
    const scene = openScene();
    scene.useRightHandedSystem = rightHanded;
    return scene;
  };

  it.each([
    ['headYaw', FORWARD, LEFT],
    ['headPitch', FORWARD, UP],
    ['headRoll', UP, LEFT],
  ] as const)('turns the head by %s about its own axis, however the joint lies', (angle, from, to) => {
    const { root, head } = joints(open());
    const face = bindFace(root);
    const turn = turnOf(head, root, () => face.write(poseOf({ [angle]: 0.3 })));
    const turned = turn(from);
    expect(Vector3.Dot(turned, from)).toBeCloseTo(Math.cos(0.3), 5);
    expect(Vector3.Dot(turned, to)).toBeCloseTo(Math.sin(0.3), 5);
  });

  it('turns the eyes to the character’s left', () => {
    const { root, eye } = joints(open());
    const face = bindFace(root);
    const turn = turnOf(eye, root, () => face.write(poseOf({ eyeYaw: 0.2 })));
    expect(Vector3.Dot(turn(FORWARD), LEFT)).toBeCloseTo(Math.sin(0.2), 5);
  });

  it('does not drift when written again and again, with or without an animation', () => {
    const { root, head } = joints(open());
    const rest = head.rotationQuaternion!.clone();
    const face = bindFace(root);
    for (let i = 0; i < 1_000; i++) face.write(poseOf({ headYaw: Math.sin(i) * 0.2, headRoll: 0.1 }));
    face.write(poseOf({}));
    expect(head.rotationQuaternion!.equalsWithEpsilon(rest, 1e-6)).toBe(true);
    const nod = Quaternion.FromEulerAngles(0.5, 0.2, 0);
    for (let i = 0; i < 100; i++) {
      head.rotationQuaternion!.copyFrom(nod);
      face.write(poseOf({ headYaw: 0.2 }));
    }
    face.rest();
    expect(head.rotationQuaternion!.equalsWithEpsilon(nod, 1e-6)).toBe(true);
  });

  it('leaves a node with Euler angles as it was found', () => {
    const scene = open();
    const root = addNode(scene, 'root');
    const head = addNode(scene, 'Head', root);
    head.rotation.set(0.1, 0.2, 0.3);
    const face = bindFace(root);
    face.write(poseOf({ headYaw: 0.4 }));
    face.dispose();
    expect(head.rotationQuaternion).toBeNull();
    expect(head.rotation.equalsWithEpsilon(new Vector3(0.1, 0.2, 0.3), 1e-5)).toBe(true);
  });
});
