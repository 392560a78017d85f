import { CHANNEL, type Channel, FACE_PARTS, type FacePart } from '../pose/channels.ts';
import { VISEMES, type Viseme } from '../speech/viseme.ts';
import { FaceError } from './face-error.ts';
import type { Rig } from './rig.ts';
import { channelOf, fitOf, JOINT_NAMES, type JointPart } from './schemes.ts';
import { mixOf } from './viseme-mixes.ts';

/** A morph target moved by a channel: its influence is the sum of `gain` times the weight over all its drives. */
export interface Drive {
  /** Index in `rig.meshes`. */
  readonly mesh: number;
  /** Index in the mesh's targets. */
  readonly target: number;
  /** Index in a pose. */
  readonly channel: number;
  readonly gain: number;
}

/** Where the shape of a viseme comes from. */
export interface VisemeReport {
  /** `own`: a target of that name. `solved`: mixed of other targets. `missing`: the mouth does not move for it. */
  readonly origin: 'own' | 'solved' | 'missing';
  /** Names of the targets used. */
  readonly from: readonly string[];
}

/** What a face offers and what was missing. */
export interface FaceReport {
  readonly visemes: Readonly<Record<Viseme, VisemeReport>>;
  /** Names of the targets of each face part that the face has. */
  readonly channels: Readonly<Partial<Record<FacePart, readonly string[]>>>;
  /** Every mesh with morph targets: how many it has, and how many of them are driven. */
  readonly meshes: readonly { readonly name: string; readonly targets: number; readonly driven: number }[];
  /** Names of the nodes that turn for head and eyes; absent where none was found. */
  readonly joints: Readonly<Partial<Record<JointPart, string>>>;
  readonly problems: readonly FaceError[];
}

/** How the channels of a pose reach a rig. Indexes are those of the rig. */
export interface FacePlan {
  readonly drives: readonly Drive[];
  /** Indexes in `rig.nodes`; absent where there is no such node. */
  readonly joints: Readonly<Partial<Record<JointPart, number>>>;
  readonly report: FaceReport;
}

/** A gaze of this angle is a `eyeLook…` part in full, radians (ARKit's eyes turn about 35°). */
const FULL_LOOK = 0.6;

/**
 * Gaze by morph targets: each part follows one direction of an angle. They move eyes that are not nodes, and the lids
 * of all.
 */
const LOOKS: readonly (readonly [FacePart, Channel, number])[] = [
  ['eyeLookOutLeft', 'eyeYaw', 1],
  ['eyeLookInLeft', 'eyeYaw', -1],
  ['eyeLookInRight', 'eyeYaw', 1],
  ['eyeLookOutRight', 'eyeYaw', -1],
  ['eyeLookUpLeft', 'eyePitch', 1],
  ['eyeLookUpRight', 'eyePitch', 1],
  ['eyeLookDownLeft', 'eyePitch', -1],
  ['eyeLookDownRight', 'eyePitch', -1],
  ['eyeLookInLeft', 'eyeVergence', 1],
  ['eyeLookInRight', 'eyeVergence', 1],
  ['eyeLookOutLeft', 'eyeVergence', -1],
  ['eyeLookOutRight', 'eyeVergence', -1],
];

/** Meshes of eyeballs by their names: where the eyes are nodes, their targets would turn them twice. */
const EYEBALL = /eye(?!.?(lash|brow|lid))|cornea|iris|pupil/i;

interface Place {
  readonly mesh: number;
  readonly target: number;
  readonly name: string;
}

/** Finds out which targets and nodes of a rig each channel moves, and what is missing. Never throws. */
export function planFace(rig: Rig): FacePlan {
  const places = placesOf(rig);
  const drives: Drive[] = [];
  const drive = (source: Channel, by: Channel, gain: number, onEyes = true): string[] => {
    const found = (places.get(source) ?? []).filter(
      ({ mesh }) => onEyes || !EYEBALL.test(rig.meshes[mesh]!.name),
    );
    for (const { mesh, target } of found) drives.push({ mesh, target, channel: CHANNEL[by], gain });
    return found.map((place) => place.name);
  };

  const visemes = Object.fromEntries(
    VISEMES.map((viseme): [Viseme, VisemeReport] => {
      const own = drive(viseme, viseme, 1);
      if (own.length > 0) return [viseme, { origin: 'own', from: unique(own) }];
      const mixed = mixOf(viseme).flatMap(([part, weight]) => drive(part, viseme, weight));
      if (mixed.length > 0 || viseme === 'sil') return [viseme, { origin: 'solved', from: unique(mixed) }];
      return [viseme, { origin: 'missing', from: [] }];
    }),
  ) as Record<Viseme, VisemeReport>;

  const channels: Partial<Record<FacePart, string[]>> = {};
  for (const part of FACE_PARTS) {
    const names = drive(part, part, 1);
    if (names.length > 0) channels[part] = unique(names);
  }

  const joints = jointsOf(rig);
  const turning = joints.leftEye !== undefined || joints.rightEye !== undefined;
  for (const [part, angle, sign] of LOOKS) drive(part, angle, sign / FULL_LOOK, !turning);

  return {
    drives,
    joints,
    report: {
      visemes,
      channels,
      meshes: rig.meshes.map(({ name, targets }, mesh) => ({
        name,
        targets: targets.length,
        driven: new Set(drives.filter((d) => d.mesh === mesh).map((d) => d.target)).size,
      })),
      joints: Object.fromEntries(
        Object.entries(joints).map(([part, index]) => [part, rig.nodes[index]!.name]),
      ),
      problems: problemsOf(rig, visemes),
    },
  };
}

/** Every target whose name says which channel it is; the same shape on several meshes is moved on all of them. */
function placesOf(rig: Rig): Map<Channel, Place[]> {
  const places = new Map<Channel, Place[]>();
  rig.meshes.forEach(({ targets }, mesh) => {
    targets.forEach((name, target) => {
      const channel = channelOf(name);
      if (!channel) return;
      const found = places.get(channel);
      if (found) found.push({ mesh, target, name });
      else places.set(channel, [{ mesh, target, name }]);
    });
  });
  return places;
}

/** Nodes for every part that a node of the rig plays. */
function jointsOf(rig: Rig): Partial<Record<JointPart, number>> {
  const parts = Object.keys(JOINT_NAMES) as JointPart[];
  return Object.fromEntries(
    parts.map((part) => [part, nodeOf(rig, part)] as const).filter(([, index]) => index >= 0),
  );
}

/** The node that plays a part: a joint rather than any other node, then the better name. */
function nodeOf(rig: Rig, part: JointPart): number {
  const names = JOINT_NAMES[part];
  let best = -1;
  let bestRank = Number.POSITIVE_INFINITY;
  rig.nodes.forEach(({ name, joint }, index) => {
    const fit = fitOf(name, names);
    const rank = fit + (joint ? 0 : names.length);
    if (fit < 0 || rank >= bestRank) return;
    best = index;
    bestRank = rank;
  });
  return best;
}

function problemsOf(rig: Rig, visemes: Readonly<Record<Viseme, VisemeReport>>): FaceError[] {
  const names = rig.meshes.flatMap((mesh) => mesh.targets);
  if (names.length === 0) return [FaceError.noMorphTargets()];
  const missing = VISEMES.filter((viseme) => visemes[viseme].origin === 'missing');
  if (missing.length === 0) return [];
  return [
    missing.length === VISEMES.length - 1
      ? FaceError.noMouth(unique(names))
      : FaceError.visemesMissing(missing),
  ];
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
