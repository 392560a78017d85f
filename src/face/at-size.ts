import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';

/**
 * What `read` finds of the character at and below `root` as it is at its size: characters that pop in, or hide, are
 * scaled to nothing for a while, and then nothing about them has a direction. Scales of 0 are 1 meanwhile.
 */
export function atSize<T>(root: TransformNode, read: () => T): T {
  const nodes = [root, ...root.getChildTransformNodes(false)];
  for (let above = root.parent; above; above = above.parent) {
    if ('scaling' in above) nodes.unshift(above as TransformNode);
  }
  const vanished = nodes
    .filter(({ scaling }) => scaling.x === 0 || scaling.y === 0 || scaling.z === 0)
    .map((node) => ({ node, was: node.scaling.clone() }));
  if (vanished.length === 0) return read();
  for (const { node, was } of vanished) node.scaling.set(was.x || 1, was.y || 1, was.z || 1);
  for (const node of nodes) node.computeWorldMatrix(true);
  try {
    return read();
  } finally {
    for (const { node, was } of vanished) node.scaling.copyFrom(was);
    for (const node of nodes) node.computeWorldMatrix(true);
  }
}
