import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { MorphTargetManager } from '@babylonjs/core/Morph/morphTargetManager.js';
import { type NodeNotes, notesOf } from './face-notes.ts';
import { readVrm } from './gltf/vrm.ts';
import { shapesOf } from './live-shapes.ts';
import type { Rig, RigMesh } from './rig.ts';

/** A rig with the live objects it describes. */
export interface LiveRig {
  readonly rig: Rig;
  /** By mesh index of the rig. A manager that several meshes share stands here once, with the first of them. */
  readonly managers: readonly MorphTargetManager[];
  /** By node index of the rig. */
  readonly nodes: readonly TransformNode[];
}

/** Reads what the character at and below `root` offers. Changes nothing. */
export function inspectRig(root: TransformNode): LiveRig {
  const meshes = meshesOf(root);
  const morphed = new Map<MorphTargetManager, AbstractMesh>();
  for (const mesh of meshes) {
    const manager = mesh.morphTargetManager;
    if (manager && manager.numTargets > 0 && !morphed.has(manager)) morphed.set(manager, mesh);
  }
  const managers = [...morphed.keys()];
  const carriers = [...morphed.values()];
  const joints = jointsOf(meshes);
  const faceJoints = jointsOf(carriers);
  const all = [root, ...root.getChildTransformNodes(false)];
  const nodes = all.filter((node) => !isOnlyDrawn(node));
  const notes = carriers.map(notesOfMesh);
  const noted = nodes.map(notesOf);
  const file = [...notes, ...noted].find((note) => note)?.file;
  const instances = meshes.filter(isMorphedInstance).map((mesh) => mesh.name);
  const isOwn = new Set(all);
  const borrowed = meshes
    .filter((mesh) => [...jointsOf([mesh])].some((joint) => !isOwn.has(joint)))
    .map((mesh) => mesh.name);
  const where = <T>(list: readonly T[], fits: (item: T) => boolean): number[] =>
    list.flatMap((item, index) => (fits(item) ? index : []));
  return {
    rig: {
      meshes: managers.map((manager, index) => meshOf(manager, carriers[index]!, meshes, notes[index])),
      nodes: nodes.map((node) => ({
        name: node.name,
        joint: faceJoints.has(node) ? 'face' : joints.has(node) && 'other',
      })),
      ...readVrm(file?.extensions ?? {}, {
        meshesOfNode: (node) => where(notes, (note) => note?.node === node),
        meshesOfMesh: (mesh) => where(notes, (note) => note?.mesh === mesh),
        nodeOf: (node) => noted.findIndex((note) => note?.node === node),
      }),
      extensions: file?.extensionsUsed ?? [],
      loaded: true,
      shapes: (mesh) => shapesOf(managers[mesh]!, carriers[mesh]!, root),
      ...(instances.length > 0 && { instances }),
      ...(borrowed.length > 0 && { borrowed }),
    },
    managers,
    nodes,
  };
}

function meshOf(
  manager: MorphTargetManager,
  mesh: AbstractMesh,
  own: readonly AbstractMesh[],
  notes: NodeNotes | undefined,
): RigMesh {
  const targets = Array.from({ length: manager.numTargets }, (_, index) => manager.getTarget(index));
  const names = notes?.mesh === undefined ? undefined : notes.file.targetNames[notes.mesh];
  const all = (has: (target: (typeof targets)[number]) => boolean): number => (targets.every(has) ? 1 : 0);
  const most = mesh.getScene().getEngine().getCaps().texture2DArrayMaxLayerCount;
  const shared = strangersOf(manager, own).length;
  return {
    name: mesh.name,
    // A file may name fewer targets than it has.
    targets: targets.map((target, index) => names?.[index] ?? target.name ?? `morphTarget${index}`),
    vertices: mesh.getTotalVertices(),
    vectors:
      all((target) => target.hasPositions) +
      all((target) => target.hasNormals) +
      all((target) => target.hasTangents) +
      all((target) => target.hasUVs) +
      all((target) => target.hasUV2s) +
      all((target) => target.hasColors),
    storage: manager.isUsingTextureForTargets && targets.length <= most ? 'texture' : 'attributes',
    ...(shared > 0 && { shared }),
  };
}

/** Meshes that move with a manager's weights although they are not the character's own. */
export function strangersOf(manager: MorphTargetManager, own: readonly AbstractMesh[]): AbstractMesh[] {
  const known = new Set<unknown>(own);
  for (const mesh of own) for (const { mesh: level } of lodLevelsOf(mesh)) known.add(level);
  const scene = own[0]?.getScene();
  return (scene?.meshes ?? []).filter((mesh) => mesh.morphTargetManager === manager && !known.has(mesh));
}

/** Meshes at and below a node. */
export function meshesOf(root: TransformNode): AbstractMesh[] {
  const below = root.getChildMeshes(false);
  return isMesh(root) ? [root, ...below] : below;
}

/** Other meshes that stand for one far away. */
function lodLevelsOf(mesh: AbstractMesh): readonly { readonly mesh: unknown }[] {
  return 'getLODLevels' in mesh ? (mesh as { getLODLevels(): { mesh: unknown }[] }).getLODLevels() : [];
}

/** Whether a mesh only repeats another one that has morph targets. */
function isMorphedInstance(mesh: AbstractMesh): boolean {
  const source = mesh.isAnInstance && 'sourceMesh' in mesh ? (mesh.sourceMesh as AbstractMesh) : undefined;
  return (source?.morphTargetManager?.numTargets ?? 0) > 0;
}

/** Nodes that move a bone. */
function jointsOf(meshes: readonly AbstractMesh[]): Set<TransformNode> {
  const skeletons = new Set(meshes.flatMap((mesh) => mesh.skeleton ?? []));
  const bones = [...skeletons].flatMap((skeleton) => skeleton.bones);
  return new Set(bones.flatMap((bone) => bone.getTransformNode() ?? []));
}

/** Notes of the node of a mesh: on itself, or for one primitive of several, on its parent. */
function notesOfMesh(mesh: AbstractMesh): NodeNotes | undefined {
  return notesOf(mesh) ?? (isPrimitive(mesh) ? notesOf(mesh.parent as TransformNode) : undefined);
}

/** Whether a node is no node of the file: a mesh that a skeleton moves, a primitive of several, or what holds those. */
function isOnlyDrawn(node: TransformNode): boolean {
  if (isMesh(node)) return node.skeleton !== null || isPrimitive(node);
  const children = node.getChildren();
  return children.length > 0 && children.every((child) => isSkinnedPrimitive(child as TransformNode));
}

const isSkinnedPrimitive = (node: TransformNode): boolean =>
  isMesh(node) && node.skeleton !== null && isPrimitive(node);

/** Whether the loader made a mesh of one of several primitives: it is named after the node above it. */
function isPrimitive(mesh: AbstractMesh): boolean {
  return /_primitive\d+/.test(mesh.name) && mesh.name.replace(/_primitive\d+/, '') === mesh.parent?.name;
}

function isMesh(node: TransformNode): node is AbstractMesh {
  return 'morphTargetManager' in node;
}
