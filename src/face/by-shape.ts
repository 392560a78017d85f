import type { TargetPull } from './pull.ts';
import type { Rig } from './rig.ts';

/** The points of a mesh and where its targets move them, in the mesh's own space: three numbers a point. */
export interface MeshShapes {
  readonly rest: ArrayLike<number>;
  /** How far a target moves each point. */
  shift(target: number): ArrayLike<number>;
  /** How far a step along each axis of the mesh's space rises in the character: meshes may lie on their backs. */
  readonly up: ArrayLike<number>;
}

/** How a target moves its mesh. */
interface Motion {
  readonly target: number;
  /** All that goes down, summed over the points, and all that moves at all. */
  readonly down: number;
  readonly total: number;
  /** The farthest that a point goes down. */
  readonly depth: number;
  /** Mean height of what moves, by how far it moves. */
  readonly height: number;
  /** Share of the points that move by a tenth of the farthest or more, and the diagonal of the box around them. */
  readonly share: number;
  readonly size: number;
}

/** A mouth that opens goes down for the most part, with no more than this share of the head's points. */
const DOWNWARD = 0.5;
const LARGEST_SHARE = 0.6;
/** Teeth and tongue go down with the jaw by this share of its depth at least, and by no more than that. */
const [LEAST_DEPTH, MOST_DEPTH] = [0.2, 1.5];

/**
 * Finds the target that opens the mouth where no name tells: of all that go down in the lower half of what moves in a
 * face, the one that carries most. What goes down with it on other meshes, such as teeth, is moved too.
 */
export function openingByShape(rig: Rig): TargetPull[] {
  const motions = rig.meshes.map((_, mesh) => {
    const shapes = rig.shapes?.(mesh);
    return shapes ? motionsOf(shapes, rig.meshes[mesh]!.targets.length) : [];
  });
  let face = -1;
  let opening: Motion | undefined;
  motions.forEach((some, mesh) => {
    const middle = middleOf(some);
    const best = lowest(some.filter(({ share, height }) => share < LARGEST_SHARE && height <= middle));
    // Teeth have more points than a face, but not more of it.
    if (!best || best.size <= (opening?.size ?? 0)) return;
    opening = best;
    face = mesh;
  });
  if (!opening) return [];
  const { target, depth } = opening;
  const middle = middleOf(motions[face]!);
  return rig.meshes.flatMap(({ targets }, mesh): TargetPull[] => {
    const alike = targets.length === rig.meshes[face]!.targets.length;
    const beside = lowest(motions[mesh]!.filter(({ height }) => height <= middle));
    const follows = beside && beside.depth > LEAST_DEPTH * depth && beside.depth < MOST_DEPTH * depth;
    const index = mesh === face || alike ? target : follows ? beside.target : -1;
    return index < 0 ? [] : [{ on: 'target', mesh, target: index, name: targets[index]!, gain: 1 }];
  });
}

/** Of targets that go down for the most part, the one that carries most. */
function lowest(motions: readonly Motion[]): Motion | undefined {
  return motions
    .filter(({ down, total }) => total > 0 && down > DOWNWARD * total)
    .sort((a, b) => b.down - a.down)[0];
}

/** Half way between the lowest and the highest of what targets move: a mouth is below it, eyes and brows above. */
function middleOf(motions: readonly Motion[]): number {
  const heights = motions.filter(({ total }) => total > 0).map(({ height }) => height);
  return (Math.min(...heights) + Math.max(...heights)) / 2;
}

function motionsOf(shapes: MeshShapes, targets: number): Motion[] {
  return Array.from({ length: targets }, (_, target) => motionOf(shapes, target));
}

function motionOf({ rest, shift: shiftOf, up }: MeshShapes, target: number): Motion {
  const shift = shiftOf(target);
  const rise = (of: ArrayLike<number>, at: number): number =>
    of[at]! * up[0]! + of[at + 1]! * up[1]! + of[at + 2]! * up[2]!;
  const scale = Math.hypot(up[0]!, up[1]!, up[2]!);
  let [down, total, depth, height, farthest] = [0, 0, 0, 0, 0];
  const points = Math.floor(shift.length / 3);
  for (let at = 0; at < points * 3; at += 3) {
    const length = scale * Math.hypot(shift[at]!, shift[at + 1]!, shift[at + 2]!);
    if (length === 0) continue;
    total += length;
    height += length * rise(rest, at);
    farthest = Math.max(farthest, length);
    const fall = -rise(shift, at);
    if (fall > 0) down += fall;
    depth = Math.max(depth, fall);
  }
  let moved = 0;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points * 3; at += 3) {
    if (scale * Math.hypot(shift[at]!, shift[at + 1]!, shift[at + 2]!) <= farthest / 10) continue;
    moved++;
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis]!, rest[at + axis]!);
      high[axis] = Math.max(high[axis]!, rest[at + axis]!);
    }
  }
  return {
    target,
    down,
    total,
    depth,
    height: total > 0 ? height / total : 0,
    share: points > 0 ? moved / points : 0,
    size: moved > 0 ? scale * Math.hypot(high[0]! - low[0]!, high[1]! - low[1]!, high[2]! - low[2]!) : 0,
  };
}
