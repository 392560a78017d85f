import {
  CHANNEL,
  type Channel,
  EXPRESSIONS,
  type Expression,
  FACE_PARTS,
  type FacePart,
} from '../pose/channels.ts';
import { coverOfEmotions } from '../pose/emotion.ts';
import { VISEMES, type Viseme } from '../speech/viseme.ts';
import { openingByShape } from './by-shape.ts';
import { describe, describeChannels, schemeOf } from './describe.ts';
import { morphBytes } from './device-problems.ts';
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
import { BY_SHAPE, type MouthJoints, type Solution, solveParts, solveVisemes, withMap } from './solve.ts';
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
  const named = resolveShapes(rig);
  const mapped = map ? pullsOfMap(map, rig, mouth, mapName) : NOTHING;
  const unmapped = solve(rig, named, mouth, NOTHING);
  const { found, visemes, parts, faces, changed } =
    mapped.size > 0 ? amended(solve(rig, named, mouth, mapped), unmapped, mapped) : unmapped;

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
      scheme: schemeOf(found, visemes, parts, changed),
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
      morphBytes: rig.meshes.reduce((total, mesh) => total + morphBytes(mesh), 0),
      joints: Object.fromEntries(
        Object.entries(joints).map(([part, index]) => [part, rig.nodes[index]!.name]),
      ),
      emotions: coverOfEmotions((channel) => channel in channels),
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

/** What is made of a face: how each channel is shown. */
interface Solved {
  readonly found: ReadonlyMap<Channel, Found>;
  readonly visemes: Record<Viseme, Solution>;
  readonly parts: Map<FacePart, Solution>;
  readonly faces: Map<Expression, Solution>;
  /** Channels that a map shows otherwise. */
  readonly changed: ReadonlyMap<Channel, readonly Pull[]>;
}

const NOTHING: ReadonlyMap<Channel, readonly Pull[]> = new Map();

function solve(
  rig: Rig,
  named: ReadonlyMap<Channel, Found>,
  mouth: MouthJoints,
  mapped: ReadonlyMap<Channel, readonly Pull[]>,
): Solved {
  const found = withMap(named, mapped);
  // A character without a mouth that any name tells: one that is no character has no head.
  const told = mapped.has('aa') || mapped.has('jawOpen') || canOpen(found);
  if (mouth.head !== undefined && mouth.jaw === undefined && !told) {
    const pulls = openingByShape(rig);
    if (pulls.length > 0) found.set('jawOpen', { scheme: BY_SHAPE, pulls, own: false });
  }
  const visemes = solveVisemes(found, mouth, mapped);
  const parts = solveParts(found, mouth, mapped);
  return { found, visemes, parts, faces: wholeFaces(found, parts, mapped), changed: mapped };
}

/** What a map leaves as it is found, as it stands in one that was written down, is told as if there were no map. */
function amended(
  { visemes, parts, faces }: Solved,
  unmapped: Solved,
  mapped: ReadonlyMap<Channel, readonly Pull[]>,
): Solved {
  const changed = new Map(mapped);
  const keep = <C extends Channel>(
    channel: C,
    before: Solution | undefined,
    into: (as: Solution) => void,
  ): void => {
    if (!before || !areAlike(before.pulls, mapped.get(channel))) return;
    changed.delete(channel);
    into(before);
  };
  for (const viseme of VISEMES) {
    keep(viseme, unmapped.visemes[viseme], (as) => {
      visemes[viseme] = as;
    });
  }
  for (const part of FACE_PARTS) keep(part, unmapped.parts.get(part), (as) => parts.set(part, as));
  for (const face of EXPRESSIONS) keep(face, unmapped.faces.get(face), (as) => faces.set(face, as));
  return { found: unmapped.found, visemes, parts, faces, changed };
}

function areAlike(one: readonly Pull[], other: readonly Pull[] | undefined): boolean {
  const keysOf = (pulls: readonly Pull[]): string =>
    pulls
      .map((pull) => {
        const on =
          pull.on === 'target' ? [pull.mesh, pull.target] : 'expression' in pull ? pull.expression : '';
        return `${pull.on} ${on} ${pull.gain}`;
      })
      .sort()
      .join();
  return other !== undefined && keysOf(one) === keysOf(other);
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
