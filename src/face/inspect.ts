import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { MorphTargetManager } from '@babylonjs/core/Morph/morphTargetManager.js';
import type { Rig } from './rig.ts';

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
  const joints = jointsOf(meshes);
  const nodes = [root, ...root.getChildTransformNodes(false)].filter(
    (node) => !isMesh(node) || !node.skeleton,
  );
  return {
    rig: {
      meshes: managers.map((manager) => ({
        name: morphed.get(manager)!.name,
        targets: Array.from({ length: manager.numTargets }, (_, index) => manager.getTarget(index).name),
      })),
      nodes: nodes.map((node) => ({ name: node.name, joint: joints.has(node) })),
    },
    managers,
    nodes,
  };
}

function meshesOf(root: TransformNode): AbstractMesh[] {
  const below = root.getChildMeshes(false);
  return isMesh(root) ? [root, ...below] : below;
}

/** Nodes that move a bone. */
function jointsOf(meshes: readonly AbstractMesh[]): Set<TransformNode> {
  const skeletons = new Set(meshes.flatMap((mesh) => mesh.skeleton ?? []));
  const bones = [...skeletons].flatMap((skeleton) => skeleton.bones);
  return new Set(bones.flatMap((bone) => bone.getTransformNode() ?? []));
}

function isMesh(node: TransformNode): node is AbstractMesh {
  return 'morphTargetManager' in node;
}
