import { type Angle, CHANNEL_COUNT, type Channel, type Expression, type FacePart } from '../pose/channels.ts';
import type { Viseme } from '../speech/viseme.ts';
import type { Pull } from './pull.ts';
import type { ShapeReport } from './report.ts';
import type { Found } from './resolve.ts';
import { JOINT_PARTS, type JointPart, type Rig } from './rig.ts';
import type { Solution } from './solve.ts';

/** What each joint turns by. */
const ANGLES_OF: Readonly<Partial<Record<JointPart, readonly Angle[]>>> = {
  head: ['headYaw', 'headPitch', 'headRoll'],
  neck: ['headYaw', 'headPitch', 'headRoll'],
  leftEye: ['eyeYaw', 'eyePitch', 'eyeVergence'],
  rightEye: ['eyeYaw', 'eyePitch', 'eyeVergence'],
  chest: ['chestPitch'],
};

/** A channel as it stands in a report. */
export function describe({ origin, pulls }: Solution): ShapeReport {
  return { origin, from: unique(pulls.map((pull) => pull.name)) };
}

/** Everything but visemes that a face can show, and by what. */
export function describeChannels(
  rig: Rig,
  parts: ReadonlyMap<FacePart, Solution>,
  faces: ReadonlyMap<Expression, Solution>,
  looks: readonly (readonly [Channel, Pull[]])[],
  joints: Readonly<Partial<Record<JointPart, number>>>,
): Partial<Record<Channel, ShapeReport>> {
  const channels: Partial<Record<Channel, ShapeReport>> = {};
  for (const [channel, solution] of [...parts, ...faces]) {
    if (solution.pulls.length > 0) channels[channel] = describe(solution);
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
  for (const [angle, pulls] of looks) {
    const names = pulls.map((pull) => pull.name);
    add(angle, 'solved', names);
  }
  return channels;
}

/** Whose names are used: those of a mouth before those of a face, the most used first. */
export function schemeOf(
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

const unique = (names: readonly string[]): string[] => [...new Set(names)];
