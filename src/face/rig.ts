/** What a character offers, as plain names: the same whether it was read from a live scene or from a file. */
export interface Rig {
  /** Every mesh with morph targets; primitives of one glTF mesh count one by one. */
  readonly meshes: readonly RigMesh[];
  /** Every node that could be turned. */
  readonly nodes: readonly RigNode[];
}

/** A mesh with morph targets. */
export interface RigMesh {
  readonly name: string;
  /** Names of its targets, by target index. */
  readonly targets: readonly string[];
}

/** A node of the character. */
export interface RigNode {
  readonly name: string;
  /** Whether a skeleton is moved by it. */
  readonly joint: boolean;
}
