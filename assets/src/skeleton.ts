import { at, centre, cross, normalize, rotate, rotation, sub, type Vec3 } from './geometry.ts';
import type { QuadMesh } from './makehuman.ts';

/**
 * MakeHuman's 163 bones folded into 22 with Mixamo-like names, and the relaxed standing pose.
 *
 * The pose is applied to the vertices at build time with the full MakeHuman skeleton (so that fingers curl), and
 * the 22 bones are bound there: the rest pose of the file is the relaxed pose.
 */

const SIDES = ['Left', 'Right'] as const;

/** Bone -> parent, parents first. */
export const PARENT: Record<string, string | null> = {
  Hips: null,
  Spine: 'Hips',
  Spine1: 'Spine',
  Spine2: 'Spine1',
  Neck: 'Spine2',
  Head: 'Neck',
  LeftEye: 'Head',
  RightEye: 'Head',
};
const JOINT: Record<string, string> = {
  Hips: 'root____tail',
  Spine: 'spine05____head',
  Spine1: 'spine03____head',
  Spine2: 'spine02____head',
  Neck: 'neck01____head',
  Head: 'head____head',
  LeftEye: 'eye.L____head',
  RightEye: 'eye.R____head',
};
for (const side of SIDES) {
  const s = side[0];
  for (const [bone, parent, joint] of [
    ['Shoulder', 'Spine2', 'clavicle'],
    ['Arm', `${side}Shoulder`, 'upperarm01'],
    ['ForeArm', `${side}Arm`, 'lowerarm01'],
    ['Hand', `${side}ForeArm`, 'wrist'],
    ['UpLeg', 'Hips', 'upperleg01'],
    ['Leg', `${side}UpLeg`, 'lowerleg01'],
    ['Foot', `${side}Leg`, 'foot'],
  ] as const) {
    PARENT[side + bone] = parent;
    JOINT[side + bone] = `${joint}.${s}____head`;
  }
}
export const BONES = Object.keys(PARENT);

/** MakeHuman bone name prefix -> our bone; the first match wins. */
const FOLD: [string, string][] = [
  ['root', 'Hips'],
  ['pelvis', 'Hips'],
  ['spine05', 'Spine'],
  ['spine04', 'Spine'],
  ['spine03', 'Spine1'],
  ['spine0', 'Spine2'],
  ['breast', 'Spine2'],
  ['neck', 'Neck'],
  ['clavicle', '*Shoulder'],
  ['shoulder', '*Shoulder'],
  ['upperarm', '*Arm'],
  ['lowerarm', '*ForeArm'],
  ['wrist', '*Hand'],
  ['metacarpal', '*Hand'],
  ['finger', '*Hand'],
  ['upperleg', '*UpLeg'],
  ['lowerleg', '*Leg'],
  ['foot', '*Foot'],
  ['toe', '*Foot'],
  ['eye', '*Eye'],
];

const plain = (bone: string): string => bone.replace(/____(head|tail)$/, '');

function fold(bone: string): number {
  const name = plain(bone);
  const side = name.endsWith('.L') ? 'Left' : name.endsWith('.R') ? 'Right' : '';
  const to = FOLD.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'Head';
  return BONES.indexOf(to.replace('*', side));
}

/** Weights of each vertex on the 22 bones, `BONES.length` numbers each, summing to 1. */
export function foldWeights(mesh: QuadMesh): Float64Array {
  const n = mesh.positions.length / 3;
  const ids = mesh.bones.map(fold);
  const out = new Float64Array(n * BONES.length);
  for (let v = 0; v < n; v++) {
    let sum = 0;
    for (let k = 0; k < mesh.influences; k++) {
      const w = mesh.skinWeights[v * mesh.influences + k]!;
      const b = v * BONES.length + ids[mesh.skinIndices[v * mesh.influences + k]!]!;
      out[b] = out[b]! + w;
      sum += w;
    }
    for (let b = 0; b < BONES.length; b++) out[v * BONES.length + b]! /= sum || 1;
  }
  return out;
}

/** All weight on one bone. */
export function rigidWeights(count: number, bone: string): Float64Array {
  const out = new Float64Array(count * BONES.length);
  for (let v = 0; v < count; v++) out[v * BONES.length + BONES.indexOf(bone)] = 1;
  return out;
}

/** Rotation and offset: `p -> rotation * p + offset`, dm. */
interface Transform {
  rotation: number[];
  offset: Vec3;
}

/** The relaxed pose, as one transform per MakeHuman bone name. */
export type Pose = (bone: string) => Transform | undefined;

const degrees = (a: number): number => (a * Math.PI) / 180;

/** How far the limbs turn out of MakeHuman's A-pose, degrees. Set by eye. */
export interface PoseAngles {
  /** Collar bone and shoulder, down. */
  shoulder: number;
  /** Upper arm towards the body. */
  arm: number;
  /** Upper arm forwards. */
  armForward: number;
  /** Elbow, bent forwards; negative straightens MakeHuman's own bend. */
  elbow: number;
  /** Legs towards each other. */
  leg: number;
  /** Finger curl per joint, index to little finger. */
  fingers: readonly number[];
}

/** The male macro shape's pose; slimmer shoulders need less. */
export const standing: PoseAngles = {
  shoulder: 7,
  arm: 34,
  armForward: -4,
  elbow: -22,
  leg: 3.5,
  fingers: [14, 19, 23, 27],
};

/** Arms down, elbows and fingers slightly bent. */
export function relaxedPose(mesh: QuadMesh, shape: Float64Array, angles: PoseAngles): Pose {
  const joint = (name: string): Vec3 => centre(shape, mesh.joints[`${name}____head`]!);
  const transforms = new Map<string, Transform>();
  const names = [...new Set(mesh.bones.map(plain))];
  /** Turns all matching bones about a rest-space pivot; children are turned before their parents. */
  const turn = (match: RegExp, pivot: Vec3, axis: Vec3, angle: number): void => {
    const r = rotation(axis, degrees(angle));
    for (const name of names.filter((n) => match.test(n))) {
      const old = transforms.get(name) ?? {
        rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
        offset: [0, 0, 0] as Vec3,
      };
      const columns = [0, 1, 2].map((c) =>
        rotate(r, [old.rotation[c]!, old.rotation[3 + c]!, old.rotation[6 + c]!]),
      );
      const moved = rotate(r, sub(old.offset, pivot));
      transforms.set(name, {
        rotation: [0, 1, 2].flatMap((row) => columns.map((column) => column[row]!)),
        offset: [moved[0] + pivot[0], moved[1] + pivot[1], moved[2] + pivot[2]],
      });
    }
  };
  for (const [s, sign] of [
    ['L', 1],
    ['R', -1],
  ] as const) {
    const knuckles = normalize(sub(joint(`finger2-1.${s}`), joint(`finger5-1.${s}`)));
    const along = normalize(sub(joint(`finger3-2.${s}`), joint(`finger3-1.${s}`)));
    // The palm faces the body: curl the way that brings the finger tips inwards.
    const inward = sign * cross(knuckles, along)[0] < 0 ? 1 : -1;
    for (const segment of [3, 2, 1])
      for (const finger of [2, 3, 4, 5]) {
        const match = new RegExp(`^finger${finger}-[${segment}-3]\\.${s}$`);
        turn(match, joint(`finger${finger}-${segment}.${s}`), knuckles, inward * angles.fingers[finger - 2]!);
      }
    const hand = `wrist|metacarpal|finger`;
    const elbow = joint(`lowerarm01.${s}`);
    const forearm = sub(joint(`wrist.${s}`), elbow);
    const bend = normalize(cross(forearm, [0, 0, 1]));
    turn(new RegExp(`^(lowerarm|${hand}).*\\.${s}$`), elbow, bend, angles.elbow);
    const shoulder = joint(`upperarm01.${s}`);
    const arm = new RegExp(`^(upperarm|lowerarm|${hand}).*\\.${s}$`);
    turn(arm, shoulder, [0, 0, 1], -sign * angles.arm);
    turn(arm, shoulder, [1, 0, 0], -angles.armForward);
    const collar = new RegExp(`^(clavicle|shoulder|upperarm|lowerarm|${hand}).*\\.${s}$`);
    turn(collar, joint(`clavicle.${s}`), [0, 0, 1], -sign * angles.shoulder);
    // Feet stay flat: the ankle turns back what the hip turned in.
    turn(new RegExp(`^(foot|toe).*\\.${s}$`), joint(`foot.${s}`), [0, 0, 1], sign * angles.leg);
    const leg = new RegExp(`^(upperleg|lowerleg|foot|toe).*\\.${s}$`);
    turn(leg, joint(`upperleg01.${s}`), [0, 0, 1], -sign * angles.leg);
  }
  return (bone) => transforms.get(plain(bone));
}

/** Linear-blend skinning of a mesh into the pose, dm. `positions` are the mesh's fitted rest positions. */
export function applyPose(mesh: QuadMesh, positions: Float64Array, pose: Pose): Float64Array {
  const perBone = mesh.bones.map(pose);
  const out = new Float64Array(positions.length);
  for (let v = 0; v < positions.length / 3; v++) {
    const p = at(positions, v);
    let sum = 0;
    for (let k = 0; k < mesh.influences; k++) sum += mesh.skinWeights[v * mesh.influences + k]!;
    if (sum === 0) {
      out.set(p, v * 3);
      continue;
    }
    for (let k = 0; k < mesh.influences; k++) {
      const w = mesh.skinWeights[v * mesh.influences + k]! / sum;
      if (w === 0) continue;
      const t = perBone[mesh.skinIndices[v * mesh.influences + k]!];
      const q = t ? rotate(t.rotation, p) : p;
      for (let c = 0; c < 3; c++) out[v * 3 + c] = out[v * 3 + c]! + w * (q[c]! + (t ? t.offset[c]! : 0));
    }
  }
  return out;
}

/** Rest positions of the 22 bones in the pose, dm. */
export function poseJoints(mesh: QuadMesh, shape: Float64Array, pose: Pose): Record<string, Vec3> {
  return Object.fromEntries(
    BONES.map((bone) => {
      const name = JOINT[bone]!;
      const p = centre(shape, mesh.joints[name]!);
      const t = pose(name);
      if (!t) return [bone, p];
      const q = rotate(t.rotation, p);
      return [bone, [q[0] + t.offset[0], q[1] + t.offset[1], q[2] + t.offset[2]]];
    }),
  );
}
