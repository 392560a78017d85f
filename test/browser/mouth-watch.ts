import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { MorphTarget } from '@babylonjs/core/Morph/morphTarget.js';
import type { Track } from '../../src/index.ts';
import { ROW } from '../../src/lipsync/grid.ts';
import { PoseCurve } from '../../src/lipsync/pose-curve.ts';
import { VISEME_INDEX } from '../../src/speech/viseme.ts';

const openAndClosed = (row: Float32Array): readonly number[] => [
  row[VISEME_INDEX.aa]!,
  row[VISEME_INDEX.PP]!,
];

/** What of the mouth of a track is asked for at a line time, as its curve has it: how open and how closed by default. */
export function mouthOfTrack(
  { cues, samples, sampleRate, duration }: Track,
  what = openAndClosed,
): (seconds: number) => readonly number[] {
  const curve = new PoseCurve();
  curve.addCues(cues);
  curve.addSound(samples, sampleRate);
  curve.end(duration);
  const row = new Float32Array(ROW);
  return (seconds) => {
    curve.sample(seconds, row);
    return what(row);
  };
}

/** The mouth of a character as its morph targets have it. */
export class MouthWatch {
  readonly #open: MorphTarget;
  readonly #closed: MorphTarget;
  readonly #all: readonly MorphTarget[];

  /** `root` is that of a character with visemes by their own names. */
  constructor(root: TransformNode) {
    const targets = root.getChildMeshes().flatMap(({ morphTargetManager: manager }) => {
      return Array.from({ length: manager?.numTargets ?? 0 }, (_, index) => manager!.getTarget(index));
    });
    this.#all = targets.filter(({ name }) => /^viseme_/.test(name));
    this.#open = this.#all.find(({ name }) => name === 'viseme_aa')!;
    this.#closed = this.#all.find(({ name }) => name === 'viseme_PP')!;
  }

  /** How open it is, and how closed: the two shapes of a `countingTrack`. */
  weights(): readonly number[] {
    return [this.#open.influence, this.#closed.influence];
  }

  /** Weight of the open mouth. */
  get open(): number {
    return this.#open.influence;
  }

  /** The strongest viseme. */
  get furthest(): number {
    return Math.max(...this.#all.map(({ influence }) => influence));
  }
}
