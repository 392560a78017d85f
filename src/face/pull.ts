/** One thing that a channel moves, and how much of it at weight 1. */
export type Pull = TargetPull | ExpressionPull | JointPull;

/** A morph target. */
export interface TargetPull {
  readonly on: 'target';
  /** Index in `rig.meshes`. */
  readonly mesh: number;
  /** Index in the mesh's targets. */
  readonly target: number;
  readonly name: string;
  /** Influence at weight 1. */
  readonly gain: number;
}

/** An expression that the file declares. */
export interface ExpressionPull {
  readonly on: 'expression';
  /** Index in `rig.expressions`. */
  readonly expression: number;
  readonly name: string;
  readonly gain: number;
}

/** The jaw, opened, or the head, raised: for mouths without targets. */
export interface JointPull {
  readonly on: 'jaw' | 'head';
  readonly name: string;
  /** Radians at weight 1. */
  readonly gain: number;
}

/** The same pull, `factor` times as strong. */
export function scaled<P extends Pull>(pull: P, factor: number): P {
  return factor === 1 ? pull : { ...pull, gain: pull.gain * factor };
}
