import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { MorphTargetManager } from '@babylonjs/core/Morph/morphTargetManager.js';
import { strangersOf } from './inspect.ts';

/** A manager that was put in the place of a shared one. */
interface Replaced {
  readonly mesh: AbstractMesh;
  readonly shared: MorphTargetManager;
  readonly own: MorphTargetManager;
}

/**
 * Weights of a character's own. `Mesh.clone()` leaves two characters with one manager between them, so that both move
 * their lips when one speaks; here each shared manager is replaced by a copy until {@link restore}. The shapes are
 * shared still, but their texture is made once more.
 */
export class OwnMorphs {
  readonly #replaced: readonly Replaced[];

  /** `meshes`: all of the character. */
  constructor(meshes: readonly AbstractMesh[]) {
    const copies = new Map<MorphTargetManager, MorphTargetManager>();
    this.#replaced = meshes.flatMap((mesh) => {
      const shared = mesh.morphTargetManager;
      if (!shared) return [];
      if (!shared.isUsingTextureForTargets) leaveGeometry(mesh, meshes);
      if (!copies.has(shared) && strangersOf(shared, meshes).length > 0) copies.set(shared, copyOf(shared));
      const own = copies.get(shared);
      return own ? [{ mesh, shared, own }] : [];
    });
    for (const { mesh, own } of this.#replaced) mesh.morphTargetManager = own;
  }

  /** Gives the shared managers back and frees the copies. */
  restore(): void {
    for (const { mesh, shared, own } of this.#replaced) {
      if (!mesh.isDisposed() && mesh.morphTargetManager === own) mesh.morphTargetManager = shared;
    }
    for (const own of new Set(this.#replaced.map((each) => each.own))) own.dispose();
  }
}

/** A copy that is set as its original: `clone()` forgets how influences are counted and where shapes are kept. */
function copyOf(shared: MorphTargetManager): MorphTargetManager {
  const own = shared.clone();
  own.optimizeInfluencers = shared.optimizeInfluencers;
  own.numMaxInfluencers = shared.numMaxInfluencers;
  own.useTextureToStoreTargets = shared.useTextureToStoreTargets;
  return own;
}

/** Where shapes are vertex attributes they lie in the geometry, which clones share: each needs one of its own. */
function leaveGeometry(mesh: AbstractMesh, own: readonly AbstractMesh[]): void {
  const { geometry } = mesh as Mesh;
  if (geometry?.meshes.some((other) => !own.includes(other))) (mesh as Mesh).makeGeometryUnique();
}
