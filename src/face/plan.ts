import {
  CHANNEL,
  CHANNEL_COUNT,
  CHANNELS,
  type Channel,
  type Expression,
  type FacePart,
} from '../pose/channels.ts';
import { VISEMES, type Viseme } from '../speech/viseme.ts';
import { openingByShape } from './by-shape.ts';
import { type DrivenExpression, groupOf, LOOK_PRESETS } from './expressions.ts';
import { type FaceMap, nodeOfMap, pullsOfMap, writeFaceMap } from './face-map.ts';
import { nodeOf } from './joints.ts';
import { problemsOf } from './problems.ts';
import { type Pull, scaled } from './pull.ts';
import type { FaceReport, ShapeReport } from './report.ts';
import { type Found, resolveShapes } from './resolve.ts';
import { JOINT_PARTS, type JointPart, type Rig } from './rig.ts';
import { scoreOf } from './score.ts';
import { BY_SHAPE, type Solution, solveParts, solveVisemes } from './solve.ts';

/** A morph target moved by a channel: its influence is the sum of `gain` times the weight over all its drives. */
export interface Drive {
  /** Index in `rig.meshes`. */
  readonly mesh: number;
  /** Index in the mesh's targets. */
  readonly target: number;
  /** Index in a pose; from {@link CHANNEL_COUNT} on, in {@link FacePlan.expressions}. */
  readonly channel: number;
  readonly gain: number;
  /** Index in a pose of the channel whose room it takes. Default: its own. */
  readonly room?: number;
}

/** A joint turned by a channel that is no angle: the jaw, or the head of a character without a mouth. */
export interface Swing {
  readonly joint: 'jaw' | 'head';
  /** Index in a pose. */
  readonly channel: number;
  /** Radians upwards at weight 1; a jaw opens downwards. */
  readonly gain: number;
}

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

/**
 * The parts of which each whole face is made. A face that has them of its own is moved by them and its expression is
 * left alone; where they are none of its own, the expression is shown and they are left alone.
 */
const MADE_OF: Readonly<Record<Expression, readonly FacePart[]>> = {
  happy: ['mouthSmileLeft', 'mouthSmileRight'],
  angry: ['browDownLeft', 'browDownRight'],
  sad: ['mouthFrownLeft', 'mouthFrownRight'],
  relaxed: ['eyeSquintLeft', 'eyeSquintRight'],
  surprised: ['eyeWideLeft', 'eyeWideRight'],
};

/** What each joint turns by. */
const ANGLES_OF: Readonly<Partial<Record<JointPart, readonly Channel[]>>> = {
  head: ['headYaw', 'headPitch', 'headRoll'],
  neck: ['headYaw', 'headPitch', 'headRoll'],
  leftEye: ['eyeYaw', 'eyePitch', 'eyeVergence'],
  rightEye: ['eyeYaw', 'eyePitch', 'eyeVergence'],
  chest: ['chestPitch'],
};

/**
 * Finds out which targets and nodes of a rig each channel moves, and what is missing. What `map` says wins. Throws
 * `InputError` where the map names what the rig does not have, and never without one.
 */
export function planFace(rig: Rig, map?: FaceMap): FacePlan {
  const joints = jointsOf(rig, map);
  const nameOf = (part: JointPart): string | undefined => rig.nodes[joints[part] ?? -1]?.name;
  const mouth = { jaw: nameOf('jaw'), head: nameOf('head') };
  const mapped = map ? pullsOfMap(map, rig) : new Map<Channel, Pull[]>();
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
  const channels = channelsOf(rig, parts, faces, looks, joints);

  return {
    drives: links.allDrives(),
    swings: links.swings,
    expressions: links.expressions,
    joints,
    eyes: gaze?.by === 'bone' ? { yaw: gaze.yaw, pitch: (gaze.up + gaze.down) / 2 } : { yaw: 1, pitch: 1 },
    report: {
      version: 1,
      scheme: schemeOf(found, visemes, parts, mapped),
      ...scoreOf(visemes, channels),
      visemes: Object.fromEntries(VISEMES.map((viseme) => [viseme, reportOf(visemes[viseme])])) as Record<
        Viseme,
        ShapeReport
      >,
      channels,
      meshes: rig.meshes.map(({ name, targets }, mesh) => ({
        name,
        targets: targets.length,
        driven: new Set(links.allDrives().flatMap((drive) => (drive.mesh === mesh ? drive.target : []))).size,
      })),
      joints: Object.fromEntries(
        Object.entries(joints).map(([part, index]) => [part, rig.nodes[index]!.name]),
      ),
      problems: problemsOf({
        rig,
        visemes,
        channels,
        blocking: links.expressions.flatMap(({ name, group, overrides }) =>
          !group && overrides.mouth === 'block' ? name : [],
        ),
      }),
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

/** Collects what every channel moves. */
class Links {
  readonly expressions: DrivenExpression[] = [];
  readonly swings: Swing[] = [];
  readonly #rig: Rig;
  readonly #drives: Drive[] = [];
  /** Place in `expressions` of each expression of the rig that is driven. */
  readonly #used = new Map<number, number>();

  constructor(rig: Rig) {
    this.#rig = rig;
  }

  add(channel: number, pull: Pull): void {
    if (pull.on === 'target') {
      const { mesh, target, gain } = pull;
      this.#drives.push({ mesh, target, channel, gain });
    } else if (pull.on === 'expression') {
      this.#expressionOf(pull.expression).push({ channel, gain: pull.gain });
    } else {
      this.swings.push({ joint: pull.on, channel, gain: pull.on === 'jaw' ? -pull.gain : pull.gain });
    }
  }

  /** Drives by channels, and those by expressions. */
  allDrives(): Drive[] {
    const bound = [...this.#used].flatMap(([expression, at]) =>
      this.#rig.expressions[expression]!.binds.flatMap(({ mesh, target, weight }): Drive[] =>
        target in (this.#rig.meshes[mesh]?.targets ?? [])
          ? [
              {
                mesh,
                target,
                channel: CHANNEL_COUNT + at,
                gain: weight,
                room: this.expressions[at]!.drives[0]!.channel,
              },
            ]
          : [],
      ),
    );
    return [...this.#drives, ...bound];
  }

  #expressionOf(expression: number): { channel: number; gain: number }[] {
    let at = this.#used.get(expression);
    if (at === undefined) {
      const { name, preset, binary, overrides } = this.#rig.expressions[expression]!;
      const group = preset ? groupOf(name) : undefined;
      at = this.expressions.push({ name, drives: [], binary, group, overrides }) - 1;
      this.#used.set(expression, at);
    }
    return this.expressions[at]!.drives as { channel: number; gain: number }[];
  }
}

/** Nodes for every part that a node of the rig plays. */
function jointsOf(rig: Rig, map: FaceMap | undefined): Partial<Record<JointPart, number>> {
  return Object.fromEntries(
    JOINT_PARTS.map(
      (part) => [part, (map && nodeOfMap(map, rig, part)) ?? nodeOf(rig, part)] as const,
    ).filter(([, index]) => index >= 0),
  );
}

/** Whole faces to be shown, of which the parts are taken out of `parts`. */
function wholeFaces(
  found: ReadonlyMap<Channel, Found>,
  parts: Map<FacePart, Solution>,
  mapped: ReadonlyMap<Channel, readonly Pull[]>,
): Map<Expression, Solution> {
  const faces = new Map<Expression, Solution>();
  for (const [face, made] of Object.entries(MADE_OF) as [Expression, readonly FacePart[]][]) {
    const chosen = mapped.get(face);
    const shape = found.get(face);
    if (chosen) faces.set(face, { origin: 'own', way: 'map', pulls: chosen });
    else if (shape && !made.some((part) => parts.get(part)?.origin === 'own')) {
      faces.set(face, { origin: 'own', way: 'own', pulls: shape.pulls });
      for (const part of made) parts.delete(part);
    }
  }
  return faces;
}

/** What follows the angles of the gaze: expressions of the file, or the looking parts. */
function looksOf(
  rig: Rig,
  parts: ReadonlyMap<FacePart, Solution>,
  joints: Readonly<Partial<Record<JointPart, number>>>,
): (readonly [Channel, Pull[]])[] {
  const { gaze } = rig;
  if (gaze?.by === 'expression') {
    return rig.expressions.flatMap(({ name, preset, binds }, expression) => {
      const look = preset ? LOOK_PRESETS[name] : undefined;
      if (!look || binds.length === 0) return [];
      const pull: Pull = { on: 'expression', expression, name, gain: look.sign * gaze[look.by] };
      return [[CHANNELS[look.channel]!, [pull]] as const];
    });
  }
  const turning = joints.leftEye !== undefined || joints.rightEye !== undefined;
  return LOOKS.map(([part, angle, sign]) => {
    const pulls = (parts.get(part)?.pulls ?? []).filter(
      (pull) => !turning || pull.on !== 'target' || !EYEBALL.test(rig.meshes[pull.mesh]!.name),
    );
    return [angle, pulls.map((pull) => scaled(pull, sign / FULL_LOOK))] as const;
  });
}

function channelsOf(
  rig: Rig,
  parts: ReadonlyMap<FacePart, Solution>,
  faces: ReadonlyMap<Expression, Solution>,
  looks: readonly (readonly [Channel, Pull[]])[],
  joints: Readonly<Partial<Record<JointPart, number>>>,
): Partial<Record<Channel, ShapeReport>> {
  const channels: Partial<Record<Channel, ShapeReport>> = {};
  for (const [channel, solution] of [...parts, ...faces]) {
    if (solution.pulls.length > 0) channels[channel] = reportOf(solution);
  }
  const add = (channel: Channel, origin: ShapeReport['origin'], names: readonly string[]): void => {
    if (names.length === 0) return;
    const before = channels[channel];
    channels[channel] = {
      origin: before?.origin ?? origin,
      from: unique([...(before?.from ?? []), ...names]),
    };
  };
  for (const part of JOINT_PARTS) {
    const node = joints[part];
    if (node === undefined) continue;
    for (const angle of ANGLES_OF[part] ?? []) add(angle, 'own', [rig.nodes[node]!.name]);
  }
  for (const [angle, pulls] of looks)
    add(
      angle,
      'solved',
      pulls.map((pull) => pull.name),
    );
  return channels;
}

/** Whose names are used: those of a mouth before those of a face, the most used first. */
function schemeOf(
  found: ReadonlyMap<Channel, Found>,
  visemes: Readonly<Record<Viseme, Solution>>,
  parts: ReadonlyMap<FacePart, Solution>,
  mapped: ReadonlyMap<Channel, unknown>,
): string {
  const uses = new Map<string, number>();
  for (const [channel, { scheme }] of found) {
    if (mapped.has(channel)) continue;
    const use = channel in visemes ? CHANNEL_COUNT : 1;
    uses.set(scheme, (uses.get(scheme) ?? 0) + use);
  }
  const schemes = [...uses].sort(([, a], [, b]) => b - a).map(([scheme]) => scheme);
  if (mapped.size > 0) schemes.unshift('map');
  if (schemes.length > 0) return schemes.join('+');
  const jaw = visemes.aa.way === 'jaw' || parts.get('jawOpen')?.way === 'jaw';
  return jaw ? 'jaw' : visemes.aa.way === 'head' ? 'head' : 'none';
}

function reportOf({ origin, pulls }: Solution): ShapeReport {
  return { origin, from: unique(pulls.map((pull) => pull.name)) };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];
