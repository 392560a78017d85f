import { CHANNEL, type Channel } from '../pose/channels.ts';
import { VISEMES, type Viseme } from '../speech/viseme.ts';
import { openingByShape } from './by-shape.ts';
import { describe, describeChannels, schemeOf } from './describe.ts';
import type { DrivenExpression } from './expressions.ts';
import { type FaceMap, MAP_NAME, nodeOfMap, pullsOfMap, writeFaceMap } from './face-map.ts';
import { nodeOf } from './joints.ts';
import { type Drive, Links, type Swing } from './links.ts';
import { looksOf } from './looks.ts';
import { problemsOf } from './problems.ts';
import type { Pull } from './pull.ts';
import type { FaceReport, ShapeReport } from './report.ts';
import { type Found, resolveShapes } from './resolve.ts';
import { JOINT_PARTS, type JointPart, type Rig } from './rig.ts';
import { scoreOf } from './score.ts';
import { BY_SHAPE, solveParts, solveVisemes } from './solve.ts';
import { wholeFaces } from './whole-faces.ts';

/** How the channels of a pose reach a rig. Indexes are those of the rig. */
export interface FacePlan {
  readonly drives: readonly Drive[];
  readonly swings: readonly Swing[];
  /** Expressions of the file that are driven. */
  readonly expressions: readonly DrivenExpression[];
  /** Indexes in `rig.nodes`; absent where there is no such node. */
  readonly joints: Readonly<Partial<Record<JointPart, number>>>;
  /** How far the eyes turn for an angle of the gaze: 1 unless the file says otherwise. */
  readonly eyes: { readonly yaw: number; readonly pitch: number };
  readonly report: FaceReport;
  /** All of this as a map, to be changed by hand. */
  readonly map: FaceMap;
}

/**
 * Finds out which targets and nodes of a rig each channel moves, and what is missing. What `map` says wins. Throws
 * `InputError` where the map names what the rig does not have, and never without one; `mapName` stands before its words.
 */
export function planFace(rig: Rig, map?: FaceMap, mapName = MAP_NAME): FacePlan {
  const joints = jointsOf(rig, map, mapName);
  const nameOf = (part: JointPart): string | undefined => rig.nodes[joints[part] ?? -1]?.name;
  const mouth = { jaw: nameOf('jaw'), head: nameOf('head') };
  const mapped = map ? pullsOfMap(map, rig, mapName) : new Map<Channel, Pull[]>();
  const found = resolveShapes(rig);
  // A character without a mouth that any name tells: one that is no character has no head.
  if (mouth.head !== undefined && mouth.jaw === undefined && !mapped.has('aa') && !canOpen(found)) {
    const pulls = openingByShape(rig);
    if (pulls.length > 0) found.set('jawOpen', { scheme: BY_SHAPE, pulls, own: false });
  }
  const visemes = solveVisemes(found, mouth, mapped);
  const parts = solveParts(found, mouth, mapped);
  const faces = wholeFaces(found, parts, mapped);

  const pulls = new Map<Channel, readonly Pull[]>();
  for (const viseme of VISEMES) pulls.set(viseme, visemes[viseme].pulls);
  for (const [channel, solution] of [...parts, ...faces]) pulls.set(channel, solution.pulls);
  const looks = looksOf(rig, parts, joints);
  const { gaze } = rig;
  if (gaze?.by === 'expression') {
    delete joints.leftEye;
    delete joints.rightEye;
  }

  const links = new Links(rig);
  for (const [channel, some] of pulls) for (const pull of some) links.add(CHANNEL[channel], pull);
  for (const [channel, some] of looks) for (const pull of some) links.add(CHANNEL[channel], pull);
  const drives = links.allDrives();
  const channels = describeChannels(rig, parts, faces, looks, joints);
  const driven = (mesh: number): number =>
    new Set(drives.flatMap((drive) => (drive.mesh === mesh ? drive.target : []))).size;

  return {
    drives,
    swings: links.swings,
    expressions: links.expressions,
    joints,
    eyes: gaze?.by === 'bone' ? { yaw: gaze.yaw, pitch: (gaze.up + gaze.down) / 2 } : { yaw: 1, pitch: 1 },
    report: {
      version: 1,
      scheme: schemeOf(found, visemes, parts, mapped),
      ...scoreOf(visemes, channels),
      visemes: Object.fromEntries(VISEMES.map((viseme) => [viseme, describe(visemes[viseme])])) as Record<
        Viseme,
        ShapeReport
      >,
      channels,
      meshes: rig.meshes.map(({ name, targets }, mesh) => ({
        name,
        targets: targets.length,
        driven: driven(mesh),
      })),
      joints: Object.fromEntries(
        Object.entries(joints).map(([part, index]) => [part, rig.nodes[index]!.name]),
      ),
      problems: problemsOf({ rig, visemes, channels, pulls, expressions: links.expressions }),
    },
    get map() {
      return {
        version: 1 as const,
        channels: writeFaceMap(rig, pulls),
        joints: Object.fromEntries(JOINT_PARTS.map((part) => [part, nameOf(part) ?? null])),
      };
    },
  };
}

/** Whether any name tells of a mouth that opens. */
function canOpen(found: ReadonlyMap<Channel, Found>): boolean {
  return found.has('jawOpen') || VISEMES.some((viseme) => viseme !== 'sil' && found.has(viseme));
}

/** Nodes for every part that a node of the rig plays. */
function jointsOf(rig: Rig, map: FaceMap | undefined, mapName: string): Partial<Record<JointPart, number>> {
  return Object.fromEntries(
    JOINT_PARTS.map(
      (part) => [part, (map && nodeOfMap(map, rig, part, mapName)) ?? nodeOf(rig, part)] as const,
    ).filter(([, index]) => index >= 0),
  );
}
