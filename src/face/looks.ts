import { CHANNELS, type Channel, type FacePart } from '../pose/channels.ts';
import { LOOK_PRESETS } from './expressions.ts';
import { targetsOf } from './links.ts';
import { type Pull, scaled } from './pull.ts';
import type { JointPart, Rig } from './rig.ts';
import type { Solution } from './solve.ts';

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

/** What follows the angles of the gaze: expressions of the file, or the looking parts. */
export function looksOf(
  rig: Rig,
  parts: ReadonlyMap<FacePart, Solution>,
  joints: Readonly<Partial<Record<JointPart, number>>>,
): (readonly [Channel, Pull[]])[] {
  const { gaze } = rig;
  if (gaze?.by === 'expression') {
    return rig.expressions.flatMap(({ name, preset }, expression) => {
      const look = preset ? LOOK_PRESETS[name] : undefined;
      if (!look || targetsOf(rig, expression).length === 0) return [];
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
