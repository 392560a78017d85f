import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { CHANNEL } from '../pose/channels.ts';
import { inspectRig } from './inspect.ts';
import { JointWriter, type TurnChannels } from './joint-writer.ts';
import { MorphWriter } from './morph-writer.ts';
import { type FaceReport, planFace } from './plan.ts';

export type { FaceReport } from './plan.ts';

const HEAD = { yaw: CHANNEL.headYaw, pitch: CHANNEL.headPitch, roll: CHANNEL.headRoll };
const EYE = { yaw: CHANNEL.eyeYaw, pitch: CHANNEL.eyePitch };

/**
 * Binds poses to the character at and below `root`, the root node of a loaded glTF. Names are resolved once, here.
 * Never throws: what the face lacks stands in {@link FaceBinding.report}, and the rest of it works.
 */
export function bindFace(root: TransformNode): FaceBinding {
  return new FaceBinding(root);
}

/**
 * A character's face, resolved to flat lists of targets and nodes. Write once a frame, after the animations of the
 * scene (`scene.onBeforeRenderObservable`): what is written last is shown. Until {@link dispose}, the targets found
 * belong to the binding, and turns of head and eyes are added to what the animations do.
 */
export class FaceBinding {
  /** What the face offers, and what was missing. */
  readonly report: FaceReport;
  /** The node that turns with the head, where one was found: the place of the mouth for sound and camera. */
  readonly head: TransformNode | undefined;

  readonly #root: TransformNode;
  readonly #morphs: MorphWriter;
  readonly #head: JointWriter | undefined;
  readonly #leftEye: JointWriter | undefined;
  readonly #rightEye: JointWriter | undefined;
  #disposed = false;

  /** Use {@link bindFace}. */
  constructor(root: TransformNode) {
    const live = inspectRig(root);
    const plan = planFace(live.rig);
    const joint = (index: number, channels: TurnChannels): JointWriter | undefined =>
      index < 0 ? undefined : new JointWriter(live.nodes[index]!, root, channels);
    this.#root = root;
    this.report = plan.report;
    this.head = live.nodes[plan.head];
    this.#morphs = new MorphWriter(live, plan.drives);
    this.#head = joint(plan.head, HEAD);
    this.#leftEye = joint(plan.leftEye, EYE);
    this.#rightEye = joint(plan.rightEye, EYE);
  }

  /** Shows a pose, as `createPose` makes it. Allocates nothing; does nothing after {@link dispose}. */
  write(pose: Float32Array): void {
    if (this.#disposed) return;
    this.#morphs.write(pose);
    this.#head?.write(pose);
    this.#leftEye?.write(pose);
    this.#rightEye?.write(pose);
  }

  /**
   * Brings the whole face to rest: every target to exactly 0, head and eyes to where the animations have them. While
   * poses are written, targets once used stay a hair above 0, which is cheaper; call this at the end of a line.
   */
  rest(): void {
    if (this.#disposed) return;
    this.#morphs.rest();
    this.#rightEye?.rest();
    this.#leftEye?.rest();
    this.#head?.rest();
  }

  /** Gives the character back as it was found, unless it is gone already. May be called twice. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    if (this.#root.isDisposed()) return;
    this.#rightEye?.restore();
    this.#leftEye?.restore();
    this.#head?.restore();
    this.#morphs.restore();
  }
}
