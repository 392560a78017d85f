import type { MorphTarget } from '@babylonjs/core/Morph/morphTarget.js';
import { MorphTargetManager } from '@babylonjs/core/Morph/morphTargetManager.js';
import type { LiveRig } from './inspect.ts';
import type { Drive } from './plan.ts';

/**
 * What a target that was in use stays at until rest: a weight that passes 0 makes Babylon mark every sub-mesh of the
 * manager and scan all meshes of the scene (five times the cost of the frame, measured with 20 characters).
 */
const FLOOR = 1e-4;

/** How a manager was set before it was bound. */
interface Pin {
  readonly manager: MorphTargetManager;
  readonly optimizeInfluencers: boolean;
  readonly numMaxInfluencers: number;
}

/** Writes the weights of a pose to morph targets. */
export class MorphWriter {
  readonly #targets: MorphTarget[] = [];
  /** Influence of each target when it was bound. */
  readonly #before: number[];
  /** Lowest influence of each target while in use. */
  readonly #floor: Float64Array;
  /** Drives of target `i` are those from `#first[i]` to before `#first[i + 1]`. */
  readonly #first: Int32Array;
  readonly #channels: Int16Array;
  readonly #gains: Float32Array;
  readonly #pins: Pin[] = [];

  constructor(live: LiveRig, drives: readonly Drive[]) {
    const sorted = [...drives].sort((a, b) => a.mesh - b.mesh || a.target - b.target);
    const first: number[] = [];
    const floors: number[] = [];
    sorted.forEach(({ mesh, target }, index) => {
      const previous = sorted[index - 1];
      if (previous?.mesh === mesh && previous.target === target) return;
      const manager = live.managers[mesh]!;
      if (previous?.mesh !== mesh) this.#pin(manager);
      first.push(index);
      this.#targets.push(manager.getTarget(target));
      floors.push(isPinnable(manager) ? FLOOR : 0);
    });
    this.#first = Int32Array.from([...first, sorted.length]);
    this.#floor = Float64Array.from(floors);
    this.#channels = Int16Array.from(sorted, (drive) => drive.channel);
    this.#gains = Float32Array.from(sorted, (drive) => drive.gain);
    this.#before = this.#targets.map((target) => target.influence);
  }

  /** Writes a pose. Influences are kept within 0 to 1, and set only where they change. Allocates nothing. */
  write(pose: Float32Array): void {
    let drive = 0;
    for (let i = 0; i < this.#targets.length; i++) {
      const next = this.#first[i + 1]!;
      let weight = 0;
      for (; drive < next; drive++) weight += this.#gains[drive]! * pose[this.#channels[drive]!]!;
      const target = this.#targets[i]!;
      const floor = target.influence === 0 ? 0 : this.#floor[i]!;
      target.influence = weight > 1 ? 1 : weight > FLOOR ? weight : floor;
    }
  }

  /** Puts every target to exactly 0. */
  rest(): void {
    for (const target of this.#targets) target.influence = 0;
  }

  /** Gives the targets and their managers back as they were. */
  restore(): void {
    this.#targets.forEach((target, index) => {
      target.influence = this.#before[index]!;
    });
    for (const { manager, optimizeInfluencers, numMaxInfluencers } of this.#pins) {
      manager.optimizeInfluencers = optimizeInfluencers;
      manager.numMaxInfluencers = numMaxInfluencers;
    }
  }

  /**
   * Keeps the number of targets in the shader fixed, so that a weight that leaves 0 never compiles a shader. The glTF
   * loader does the same, but a cloned manager has lost it.
   */
  #pin(manager: MorphTargetManager): void {
    if (!isPinnable(manager)) return;
    const { optimizeInfluencers, numMaxInfluencers } = manager;
    this.#pins.push({ manager, optimizeInfluencers, numMaxInfluencers });
    manager.optimizeInfluencers = false;
    manager.numMaxInfluencers = manager.numTargets;
  }
}

/** Without textures only the first 8 targets above 0 are drawn: there, targets out of use must be exactly 0. */
function isPinnable(manager: MorphTargetManager): boolean {
  return (
    manager.isUsingTextureForTargets ||
    manager.numTargets <= MorphTargetManager.MaxActiveMorphTargetsInVertexAttributeMode
  );
}
