import type { MorphTarget } from '@babylonjs/core/Morph/morphTarget.js';
import { MorphTargetManager } from '@babylonjs/core/Morph/morphTargetManager.js';
import { CHANNEL, CHANNEL_COUNT, FIRST_ANGLE, FIRST_PART } from '../pose/channels.ts';
import { Crowd, type CrowdedMesh } from './crowd.ts';
import type { Drive } from './links.ts';

/**
 * What a target that was in use stays at until rest: a weight that passes 0 makes Babylon mark every sub-mesh of the
 * manager and scan all meshes of the scene (five times the cost of the frame, measured with 20 characters).
 */
const FLOOR = 1e-4;

/** Targets that are written, each by one writer: a second one would take what the first wrote for an animation. */
const TAKEN = new WeakSet<MorphTarget>();

const ALL_ROOM = new Float32Array(CHANNEL_COUNT).fill(1);

/** How a manager was set before it was bound. */
interface Pin {
  readonly manager: MorphTargetManager;
  readonly optimizeInfluencers: boolean;
  readonly numMaxInfluencers: number;
}

/**
 * Writes the weights of a pose to morph targets, over what the animations of the game do to them. Nothing adds up from
 * frame to frame: where no animation has moved a target since it was written, what the animation had left still counts.
 */
export class MorphWriter {
  readonly #targets: MorphTarget[] = [];
  /** Influence of each target without what is written here. */
  readonly #base: Float64Array;
  /** Influence of each target as it was last written here. */
  readonly #written: Float64Array;
  /** The channel that each target is, for its room. */
  readonly #own: Int16Array;
  /** Lowest influence of each target while in use. */
  readonly #floor: Float64Array;
  /** Drives of target `i` are those from `#first[i]` to before `#first[i + 1]`. */
  readonly #first: Int32Array;
  readonly #channels: Int16Array;
  readonly #gains: Float32Array;
  readonly #pins: Pin[] = [];
  /** Weights of this frame. */
  readonly #weights: Float64Array;
  readonly #crowd: Crowd | undefined;
  /** Targets that visemes move, and those that the jaw's does. */
  readonly #mouth: Int32Array;
  readonly #jaw: Int32Array;

  constructor(managers: readonly MorphTargetManager[], drives: readonly Drive[]) {
    const sorted = [...drives]
      .sort((a, b) => a.mesh - b.mesh || a.target - b.target)
      .filter(({ mesh, target }) => !TAKEN.has(managers[mesh]!.getTarget(target)));
    const first: number[] = [];
    const own: number[] = [];
    const floors: number[] = [];
    const crowded: CrowdedMesh[] = [];
    sorted.forEach(({ mesh, target, channel, room = channel }, index) => {
      const previous = sorted[index - 1];
      if (previous?.mesh === mesh && previous.target === target) {
        own.push(ownOf(own.pop()!, room));
        return;
      }
      own.push(room);
      const manager = managers[mesh]!;
      if (previous?.mesh !== mesh) {
        this.#pin(manager);
        if (!isPinnable(manager)) {
          const driven = new Set(sorted.flatMap((drive) => (drive.mesh === mesh ? drive.target : [])));
          const from = this.#targets.length;
          crowded.push({ from, to: from + driven.size, most: roomIn(manager, driven) });
        }
      }
      first.push(index);
      this.#targets.push(manager.getTarget(target));
      floors.push(isPinnable(manager) ? FLOOR : 0);
    });
    this.#first = Int32Array.from([...first, sorted.length]);
    this.#floor = Float64Array.from(floors);
    this.#channels = Int16Array.from(sorted, (drive) => drive.channel);
    this.#gains = Float32Array.from(sorted, (drive) => drive.gain);
    this.#own = Int16Array.from(own);
    this.#base = Float64Array.from(this.#targets, (target) => target.influence);
    this.#written = this.#base.slice();
    this.#weights = this.#base.slice();
    this.#crowd = crowded.length > 0 ? new Crowd(crowded, own) : undefined;
    const movedBy = (moves: (channel: number) => boolean): Int32Array =>
      Int32Array.from(
        this.#targets.flatMap((_, index) =>
          this.#channels.subarray(this.#first[index], this.#first[index + 1]).some(moves) ? [index] : [],
        ),
      );
    this.#mouth = movedBy((channel) => channel < FIRST_PART);
    this.#jaw = movedBy((channel) => channel === CHANNEL.aa);
    for (const target of this.#targets) TAKEN.add(target);
  }

  /** Whether a mesh has more targets than it can show at once: the weakest are left out. */
  get isCrowded(): boolean {
    return this.#crowd !== undefined;
  }

  /**
   * Writes a pose, added to what the animations do, of which `room` leaves so much by channel; all of it by default.
   * Influences are kept within 0 to 1, or as far beyond as the animations have them, and set only where they change.
   * Allocates nothing.
   */
  write(pose: Float32Array, room: Float32Array = ALL_ROOM): void {
    for (let i = 0; i < this.#targets.length; i++) this.#weigh(i, pose, room);
    this.#crowd?.thin(this.#weights);
    for (let i = 0; i < this.#targets.length; i++) this.#set(i);
  }

  /**
   * Writes what the visemes of a pose move, or its "aa" alone, and leaves all other targets as they are. Where targets
   * crowd each other out, all of them are written.
   */
  writeMouth(pose: Float32Array, room: Float32Array, jawOnly: boolean): void {
    if (this.#crowd) {
      this.write(pose, room);
      return;
    }
    const targets = jawOnly ? this.#jaw : this.#mouth;
    for (let index = 0; index < targets.length; index++) {
      this.#weigh(targets[index]!, pose, room);
      this.#set(targets[index]!);
    }
  }

  /** Works out the weight of a target. */
  #weigh(i: number, pose: Float32Array, room: Float32Array): void {
    const now = this.#targets[i]!.influence;
    if (now !== this.#written[i]) this.#base[i] = now;
    const base = this.#base[i]!;
    const next = this.#first[i + 1]!;
    let weight = base * room[this.#own[i]!]!;
    for (let drive = this.#first[i]!; drive < next; drive++)
      weight += this.#gains[drive]! * pose[this.#channels[drive]!]!;
    const most = base > 1 ? base : 1;
    const least = base < 0 ? base : 0;
    const floor = now === 0 ? 0 : this.#floor[i]!;
    if (weight > most) weight = most;
    else if (weight < least) weight = least;
    this.#weights[i] = weight > FLOOR || weight < -FLOOR ? weight : floor;
    this.#written[i] = now;
  }

  /** Sets a target to its weight, if that is another. */
  #set(i: number): void {
    const weight = this.#weights[i]!;
    if (weight === this.#written[i]) return;
    this.#written[i] = weight;
    this.#targets[i]!.influence = weight;
  }

  /** Leaves every target to the animations; where there are none, at exactly what it was when it was bound. */
  rest(): void {
    this.#targets.forEach((target, index) => {
      if (target.influence === this.#written[index]) target.influence = this.#base[index]!;
      this.#written[index] = target.influence;
    });
  }

  /** Gives the targets and their managers back as they were, where no animation has them. */
  restore(): void {
    this.rest();
    for (const target of this.#targets) TAKEN.delete(target);
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

/** Of the channels that move a target, the one that it is: a part of the face rather than a shape mixed of it. */
function ownOf(one: number, other: number): number {
  const isPart = (channel: number): boolean => channel >= FIRST_PART && channel < FIRST_ANGLE;
  return isPart(other) && !isPart(one) ? other : one;
}

/** How many driven targets of a manager can be shown at once, beside those that the game has above 0 itself. */
function roomIn(manager: MorphTargetManager, driven: ReadonlySet<number>): number {
  let taken = 0;
  for (let target = 0; target < manager.numTargets; target++) {
    if (!driven.has(target) && manager.getTarget(target).influence !== 0) taken++;
  }
  return Math.max(0, MorphTargetManager.MaxActiveMorphTargetsInVertexAttributeMode - taken);
}

/** Without textures only the first 8 targets above 0 are drawn: there, targets out of use must be exactly 0. */
function isPinnable(manager: MorphTargetManager): boolean {
  return (
    manager.isUsingTextureForTargets ||
    manager.numTargets <= MorphTargetManager.MaxActiveMorphTargetsInVertexAttributeMode
  );
}
