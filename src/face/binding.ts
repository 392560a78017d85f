import { Matrix, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { atSize } from './at-size.ts';
import { ExpressionMixer } from './expressions.ts';
import { type FaceMap, readFaceMap } from './face-map.ts';
import { facingOf } from './facing.ts';
import { HeadJoints } from './head.ts';
import { inspectRig, meshesOf } from './inspect.ts';
import { MorphWriter } from './morph-writer.ts';
import { OwnMorphs } from './own-morphs.ts';
import { type FacePlan, planFace } from './plan.ts';
import type { FaceReport } from './report.ts';

export type { FaceReport } from './report.ts';

/**
 * Binds poses to the character at and below `root`, the root node of a loaded glTF. Names are resolved once, here.
 * What the face lacks stands in {@link FaceBinding.report}, and the rest of it works. Throws `InputError` only for a
 * `map` that is none, or names what the character does not have; `mapName` stands before its words.
 */
export function bindFace(root: TransformNode, map?: FaceMap, mapName?: string): FaceBinding {
  return atSize(root, () => new FaceBinding(root, map, mapName));
}

/** What a face offers, what is made of it, and what is missing, without touching it. Throws as {@link bindFace} does. */
export function inspectFace(root: TransformNode, map?: FaceMap): FaceReport {
  return planned(root, map).report;
}

/** What {@link inspectFace} found, as a map to be changed by hand, kept as JSON, and given back. Throws as it does. */
export function faceMapOf(root: TransformNode, map?: FaceMap): FaceMap {
  return planned(root, map).map;
}

function planned(root: TransformNode, map: FaceMap | undefined, mapName?: string): FacePlan {
  const checked = map === undefined ? undefined : readFaceMap(map, mapName);
  return atSize(root, () => planFace(inspectRig(root).rig, checked, mapName));
}

/**
 * A character's face, resolved to flat lists of targets and nodes. Write once a frame, after the animations of the
 * scene (`scene.onBeforeRenderObservable`). Poses come on top of what the animations of the game do: weights are added
 * to those they write, turns to where they have the joints.
 */
export class FaceBinding {
  /** What the face offers, and what was missing. */
  readonly report: FaceReport;
  /** The node that turns with the head, where one was found: the place of the mouth for sound and camera. */
  readonly head: TransformNode | undefined;
  /** Where the character looked when it was bound, in the space of its root; unit length. glTF has +Z. */
  readonly facing: Vector3;

  readonly #root: TransformNode;
  readonly #own: OwnMorphs;
  readonly #morphs: MorphWriter;
  readonly #expressions: ExpressionMixer | undefined;
  readonly #head: HeadJoints;
  #disposed = false;

  /** Use {@link bindFace}. */
  constructor(root: TransformNode, map?: FaceMap, mapName?: string) {
    const plan = planned(root, map, mapName);
    this.#own = new OwnMorphs(meshesOf(root));
    const live = inspectRig(root);
    const node = (index: number | undefined): TransformNode | undefined => live.nodes[index ?? -1];
    const { chest, neck, head, leftEye, rightEye, jaw } = plan.joints;
    const nodes = {
      chest: node(chest),
      neck: node(neck),
      head: node(head),
      leftEye: node(leftEye),
      rightEye: node(rightEye),
      jaw: node(jaw),
    };
    const facing = facingOf(root, { ...nodes, nodes: live.nodes });
    this.#root = root;
    this.report = plan.report;
    this.head = nodes.head;
    this.facing = Vector3.TransformNormal(facing.forward, Matrix.Invert(root.getWorldMatrix())).normalize();
    this.#morphs = new MorphWriter(live.managers, plan.drives);
    this.#expressions = plan.expressions.length > 0 ? new ExpressionMixer(plan.expressions) : undefined;
    this.#head = new HeadJoints(root, facing, nodes, plan);
  }

  /** Whether a mesh has more targets than can be shown at once: the weakest of a pose are left out. */
  get isCrowded(): boolean {
    return this.#morphs.isCrowded;
  }

  /**
   * Shows a pose, as `createPose` makes it, over what the animations of the game do to the same targets and joints.
   * `room` says how much of their weights is left, 0 to 1 by channel; all of it by default. Allocates nothing; does
   * nothing after {@link dispose}.
   */
  write(pose: Float32Array, room?: Float32Array): void {
    if (this.#disposed) return;
    this.#morphs.write(this.#expressions ? this.#expressions.mix(pose) : pose, room);
    this.#head.write(pose);
  }

  /**
   * The same for what the visemes of a pose move, or its "aa" alone; all else stays as it was last written. For faces too
   * far away for more.
   */
  writeMouth(pose: Float32Array, room: Float32Array, jawOnly: boolean): void {
    if (this.#disposed) return;
    this.#morphs.writeMouth(this.#expressions ? this.#expressions.mix(pose) : pose, room, jawOnly);
    this.#head.writeMouth(pose);
  }

  /**
   * Where a point of the world is, seen from the head where the animations have it, without the turns of a pose: in the
   * fields of `SIGHT`. False where that is nowhere: of a point at no number, and of a head scaled to nothing. Allocates
   * nothing.
   */
  locate(point: Vector3, out: Float64Array): boolean {
    return this.#head.locate(point, out);
  }

  /** Writes the place between the eyes, in the world, to `out`. Allocates nothing. */
  eyesToRef(out: Vector3): void {
    this.#head.eyesToRef(out);
  }

  /**
   * Brings the whole face to rest: every target and joint to where the animations have it, exactly 0 where there are
   * none. While poses are written, targets once used stay a hair above 0, which is cheaper; call this at the end of a
   * line.
   */
  rest(): void {
    if (this.#disposed) return;
    this.#morphs.rest();
    this.#head.rest();
  }

  /** Gives the character back as it was found, unless it is gone already. May be called twice. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (!this.#root.isDisposed()) {
      this.#head.restore();
      this.#morphs.restore();
    }
    this.#own.restore();
  }
}
