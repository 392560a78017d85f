import type { MeshShapes } from './by-shape.ts';

/** What a character offers, as plain data: the same whether it was read from a live scene or from a file. */
export interface Rig {
  /** Every mesh with morph targets; primitives of one glTF mesh count one by one. */
  readonly meshes: readonly RigMesh[];
  /** Every node that could be turned, parents before their children. */
  readonly nodes: readonly RigNode[];
  /** Expressions that the file declares itself (VRM): they stand before the names of targets. */
  readonly expressions: readonly RigExpression[];
  /** Nodes that the file itself names as parts of a human body (VRM): index in {@link nodes}. */
  readonly humanoid: Readonly<Partial<Record<JointPart, number>>>;
  /** How the file wants its eyes moved (VRM). */
  readonly gaze?: RigGaze;
  /** Which VRM the file is. */
  readonly vrm?: 0 | 1;
  /** glTF extensions that the file uses; empty where the reader cannot know. */
  readonly extensions: readonly string[];
  /** Whether it was read from a live scene. */
  readonly loaded: boolean;
  /** The points of a mesh, where they can be read: for targets that no name explains. */
  readonly shapes?: (mesh: number) => MeshShapes | undefined;
  /** Meshes that are drawn as instances of one with morph targets, and cannot move by themselves. */
  readonly instances?: readonly string[];
  /** Meshes that are moved by bones outside the character. */
  readonly borrowed?: readonly string[];
}

/** A mesh with morph targets. */
export interface RigMesh {
  readonly name: string;
  /** Names of its targets, by target index. `morphTarget0` … where the file has none. */
  readonly targets: readonly string[];
  readonly vertices: number;
  /** How many vectors a target moves at each vertex: positions, and normals, tangents and others that all targets have. */
  readonly vectors: number;
  /** Where Babylon keeps the shapes; unknown before the file is loaded. */
  readonly storage?: 'texture' | 'attributes';
  /** How many meshes outside the character move with it, because they share its weights. */
  readonly shared?: number;
}

/** A node of the character. */
export interface RigNode {
  readonly name: string;
  /** Whether a skeleton is moved by it: one that carries a mesh with morph targets, or another. */
  readonly joint: 'face' | 'other' | false;
}

/** Parts of the body that a face needs. */
export const JOINT_PARTS = ['head', 'leftEye', 'rightEye', 'neck', 'chest', 'jaw'] as const;
/** A part that a node plays. */
export type JointPart = (typeof JOINT_PARTS)[number];

/** A named expression that moves several targets at once. */
export interface RigExpression {
  /** Of a preset, its name in VRM 1 (`aa`, `blinkLeft`, `happy` …), else the author's own. */
  readonly name: string;
  /** Whether it is one of VRM's presets. */
  readonly preset: boolean;
  /** Shown in full above 0.5 and not at all otherwise. */
  readonly binary: boolean;
  /** What becomes of the mouth, the blink and the gaze while it shows. */
  readonly overrides: Readonly<Record<OverrideGroup, Override>>;
  readonly binds: readonly RigBind[];
}

/** What an expression may hold back. */
export const OVERRIDE_GROUPS = ['mouth', 'blink', 'gaze'] as const;
export type OverrideGroup = (typeof OVERRIDE_GROUPS)[number];
/** `block`: not shown at all. `blend`: as much less as the expression shows. */
export type Override = 'none' | 'block' | 'blend';

/** A target moved by an expression. */
export interface RigBind {
  /** Index in `rig.meshes`. */
  readonly mesh: number;
  readonly target: number;
  /** Influence while the expression is in full, 0 to 1. */
  readonly weight: number;
}

/** Gaze as a VRM has it. */
export interface RigGaze {
  /** By turning the eyes, or by expressions. */
  readonly by: 'bone' | 'expression';
  /** How far an eye turns (radians, by bone) or how much its expression shows (by expression) for a radian of gaze. */
  readonly yaw: number;
  readonly up: number;
  readonly down: number;
}
