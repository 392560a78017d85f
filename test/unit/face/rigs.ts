import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import {
  InternalTexture,
  InternalTextureSource,
} from '@babylonjs/core/Materials/Textures/internalTexture.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Logger } from '@babylonjs/core/Misc/logger.js';
import { MorphTarget } from '@babylonjs/core/Morph/morphTarget.js';
import { MorphTargetManager } from '@babylonjs/core/Morph/morphTargetManager.js';
import { Scene } from '@babylonjs/core/scene.js';
import { FACE_PARTS } from '../../../src/pose/channels.ts';
import { VISEMES } from '../../../src/speech/viseme.ts';

Logger.LogLevels = Logger.WarningLogLevel | Logger.ErrorLogLevel;

export const OCULUS = VISEMES.map((viseme) => `viseme_${viseme}`);
export const ARKIT: readonly string[] = FACE_PARTS;

/**
 * A scene without pictures. `textures`: morph targets live in a texture, as on a real GPU, so that a mesh may have more
 * than 8 in use; the engine without pictures lacks the one call that fills it.
 */
export function createScene({ textures = false } = {}): Scene {
  const engine = new NullEngine();
  if (textures) {
    Object.assign(engine.getCaps(), {
      canUseGLVertexID: true,
      textureFloat: true,
      maxVertexTextureImageUnits: 16,
      texture2DArrayMaxLayerCount: 256,
    });
    engine.createRawTexture2DArray = () => new InternalTexture(engine, InternalTextureSource.Raw2DArray);
  }
  return new Scene(engine);
}

/** A mesh of one triangle with morph targets that each move it a little. */
export function addMesh(
  scene: Scene,
  name: string,
  targets: readonly string[],
  parent?: TransformNode,
): Mesh {
  const mesh = new Mesh(name, scene);
  const data = new VertexData();
  data.positions = [0, 0, 0, 1, 0, 0, 0, 1, 0];
  data.indices = [0, 1, 2];
  data.applyToMesh(mesh);
  mesh.parent = parent ?? null;
  if (targets.length > 0) mesh.morphTargetManager = managerOf(scene, targets);
  return mesh;
}

function managerOf(scene: Scene, targets: readonly string[]): MorphTargetManager {
  const manager = new MorphTargetManager(scene);
  manager.areUpdatesFrozen = true;
  for (const name of targets) {
    const target = new MorphTarget(name, 0, scene);
    target.setPositions([0, 0, 1, 1, 0, 1, 0, 1, 1]);
    manager.addTarget(target);
  }
  manager.areUpdatesFrozen = false;
  return manager;
}

/** A node as the glTF loader makes it. */
export function addNode(scene: Scene, name: string, parent?: TransformNode): TransformNode {
  const node = new TransformNode(name, scene);
  node.parent = parent ?? null;
  return node;
}

/** Influence of the target `name` of a mesh. */
export function influenceOf(mesh: Mesh, name: string): number {
  const target = mesh.morphTargetManager?.getTargetByName(name);
  if (!target) throw new Error(`no target ${name} on ${mesh.name}`);
  return target.influence;
}
