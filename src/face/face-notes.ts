import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';

/** What a glTF says about its face that Babylon does not keep. One for each file, shared by its nodes and their clones. */
export interface FaceNotes {
  /** The file's own extensions, of which a VRM's are read. */
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly extensionsUsed: readonly string[];
  /** Of each glTF mesh, the names of its targets, where they stand at a primitive. */
  readonly targetNames: readonly (readonly string[] | undefined)[];
}

/** The notes of a node: what is known of its file, and which node and mesh of it this is. */
export interface NodeNotes {
  readonly file: FaceNotes;
  /** Index of the glTF node. */
  readonly node: number;
  /** Index of its glTF mesh, if it has one. */
  readonly mesh: number | undefined;
}

/** Where notes are kept below a node's metadata, beside what Babylon's own loader extensions keep there. */
const [OWNER, KEY] = ['gltf', 'parley'];

/** Leaves notes on a node. Its clones carry them too. */
export function noteNode(node: TransformNode, notes: NodeNotes): void {
  node.metadata ??= {};
  node.metadata[OWNER!] ??= {};
  node.metadata[OWNER!][KEY!] = notes;
}

/** The notes that were left on a node. */
export function notesOf(node: TransformNode): NodeNotes | undefined {
  return node.metadata?.[OWNER!]?.[KEY!];
}
