import type { Recipe } from './characters.ts';
import { addScaled, at, smoothstep, type Vec3 } from './geometry.ts';
import { type Contact, contactLine, seal } from './lips.ts';
import { type QuadMesh, RANGE, readBase, readTarget } from './makehuman.ts';
import { composeMorphs, type Morphs } from './morphs.ts';
import type { Frame } from './parts.ts';
import { type Fitted, fitProxy } from './proxies.ts';
import { shapeOf } from './shape.ts';
import { applyPose, type Pose, poseJoints, relaxedPose, standing } from './skeleton.ts';
import { analyse, type Topology } from './topology.ts';
import { sealed } from './visemes.ts';

/** A character's geometry before it is cut into parts, dm. */
export interface Figure {
  base: QuadMesh;
  topology: Topology;
  /** Neutral face, MakeHuman's A-pose. */
  shape: Float64Array;
  /** The same in the relaxed pose. */
  posed: Float64Array;
  pose: Pose;
  morphs: Morphs;
  contacts: Contact[];
  frame: Frame;
  /** Rest positions of the bones, metres. */
  joints: Record<string, Vec3>;
  fit(path: string): Fitted & { posed: Float64Array };
}

/** Body vertices this many edges from the head's texture seam get their displacement faded out. */
const NECK_RINGS = 5;

export function buildFigure(recipe: Recipe): Figure {
  const base = readBase();
  const topology = analyse(base);
  const shape = shapeOf(recipe, base.positions);
  const morphs = composeMorphs(shape);
  // The body mesh has no targets: displacements end before its seam.
  for (const delta of morphs.values())
    for (let v = 0; v < RANGE.body[1]; v++) {
      const fade = smoothstep(topology.ringsFromBody[v]! / NECK_RINGS);
      if (fade < 1) for (let c = 0; c < 3; c++) delta[v * 3 + c] = delta[v * 3 + c]! * fade;
    }

  const open = readTarget('expression/units/caucasian/mouth-open');
  const isLower = (v: number): boolean => -open[v * 3 + 1]! > 0.12;
  const contacts = contactLine(shape, topology);
  const closing = new Float64Array(shape.length);
  seal(shape, closing, contacts, isLower);
  addScaled(shape, closing, 1);
  for (const name of sealed) seal(shape, morphs.get(name)!, contacts, isLower);
  for (const [name, weight] of Object.entries(recipe.neutral)) addScaled(shape, morphs.get(name)!, weight);

  const pose = relaxedPose(base, shape, { ...standing, ...recipe.pose });
  const posed = applyPose(base, shape, pose);
  let [low, high] = [Infinity, -Infinity];
  for (let v = 0; v < RANGE.body[1]; v++) {
    low = Math.min(low, posed[v * 3 + 1]!);
    high = Math.max(high, posed[v * 3 + 1]!);
  }
  const frame: Frame = { scale: recipe.height / (high - low), ground: low };
  const fit = (path: string): Fitted & { posed: Float64Array } => {
    const fitted = fitProxy(path, shape);
    return { ...fitted, posed: applyPose(fitted.mesh, fitted.positions, pose) };
  };
  // Soles lie below the feet.
  for (const path of [recipe.outfit.proxy, recipe.shoes?.proxy]) {
    if (!path) continue;
    const worn = fit(path).posed;
    for (let i = 1; i < worn.length; i += 3) frame.ground = Math.min(frame.ground, worn[i]!);
  }
  const joints = Object.fromEntries(
    Object.entries(poseJoints(base, shape, pose)).map(([bone, p]) => [bone, toFrame(p, frame)]),
  );
  return { base, topology, shape, posed, pose, morphs, contacts, frame, joints, fit };
}

/** A point in the file's frame, metres. */
export const toFrame = (p: Vec3, frame: Frame): Vec3 => [
  p[0] * frame.scale,
  (p[1] - frame.ground) * frame.scale,
  p[2] * frame.scale,
];

export const vertexAt = (figure: Figure, vertex: number): Vec3 =>
  toFrame(at(figure.posed, vertex), figure.frame);
