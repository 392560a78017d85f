import { VertexBuffer } from '@babylonjs/core/Buffers/buffer.js';
import { Matrix } from '@babylonjs/core/Maths/math.vector.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { MorphTargetManager } from '@babylonjs/core/Morph/morphTargetManager.js';
import type { Node } from '@babylonjs/core/node.js';
import type { MeshShapes } from './by-shape.ts';

/** The points of a loaded mesh, and where its targets move them; nothing where Babylon has not kept them. */
export function shapesOf(
  manager: MorphTargetManager,
  mesh: AbstractMesh,
  root: TransformNode,
): MeshShapes | undefined {
  const rest = mesh.getVerticesData(VertexBuffer.PositionKind);
  if (!rest) return undefined;
  const { m } = placeIn(root, mesh);
  return {
    rest,
    shift: (target) =>
      Float32Array.from(manager.getTarget(target).getPositions() ?? rest, (at, index) => at - rest[index]!),
    up: [m[1]!, m[5]!, m[9]!],
  };
}

/** From the points of a mesh to the space of the root: by its node, or where a skeleton carries it, by that at rest. */
function placeIn(root: TransformNode, mesh: AbstractMesh): Matrix {
  const bone = mesh.skeleton?.bones.find((each) => each.getTransformNode());
  const place = bone
    ? bone.getAbsoluteInverseBindMatrix().multiply(worldOf(bone.getTransformNode()!))
    : worldOf(mesh);
  return place.multiply(Matrix.Invert(worldOf(root)));
}

/** Where a node is now, all above it too. */
function worldOf(node: Node): Matrix {
  if (node.parent) worldOf(node.parent);
  return node.computeWorldMatrix(true);
}
