import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { bindFace, type FaceBinding, type FaceReport } from '../face/binding.ts';
import { addAccents } from '../pose/accent.ts';
import { createPose } from '../pose/channels.ts';
import { Life } from '../pose/life.ts';
import { addVisemes, clearPose, settleMouth } from '../pose/mix.ts';
import { mouthGain } from '../pose/mouth-gain.ts';
import { Remnant } from '../pose/remnant.ts';
import { VISEME_COUNT } from '../speech/viseme.ts';
import type { Line } from './line.ts';

/** A character's face in motion: a line's mouth over the signs of life, written to its morph targets once a frame. */
export class Puppet {
  readonly #face: FaceBinding;
  readonly #seed: number;
  readonly #life: Life;
  /** What is left of the mouth of a line that gave way to another. */
  readonly #remnant = new Remnant();
  readonly #pose = createPose();
  readonly #visemes = new Float32Array(VISEME_COUNT);
  /** The line that has, or last had, the mouth. */
  #line: Line | undefined;
  #gain = 0;

  /** Binds the face below `root`; characters of different names do not move alike. */
  constructor(root: TransformNode, name: string) {
    this.#face = bindFace(root);
    this.#seed = seedOf(name);
    this.#life = new Life(this.#seed);
  }

  /** What the face offers and what was missing. */
  get report(): FaceReport {
    return this.#face.report;
  }

  /** The node that turns with the head: where the voice is heard from. */
  get head(): TransformNode | undefined {
    return this.#face.head;
  }

  /** One frame, shown at `performanceMs`, with the line whose turn it is. Allocates nothing. */
  update(line: Line | undefined, performanceMs: number): void {
    const pose = this.#pose;
    const seconds = performanceMs / 1000;
    if (line && line !== this.#line) {
      this.#remnant.leave(this.#visemes, this.#gain, seconds);
      this.#line = line;
    }
    this.#line?.sample(performanceMs, this.#visemes);
    this.#gain = this.#line ? mouthGain(this.#line.reading) : 0;

    clearPose(pose);
    this.#life.add(pose, seconds, this.#gain);
    if (this.#line) {
      addVisemes(pose, this.#visemes, this.#gain);
      addAccents(pose, this.#seed, this.#line.words, this.#line.playhead, this.#gain);
      this.#remnant.add(pose, seconds);
      if (!line && this.#gain === 0) this.#letGo();
    }
    settleMouth(pose);
    this.#face.write(pose);
  }

  /** The line is over: targets that were held a hair above 0, which is cheaper while they move, go to exactly 0. */
  #letGo(): void {
    this.#line = undefined;
    this.#face.rest();
  }

  /** Leaves the face as it was found. */
  dispose(): void {
    this.#line = undefined;
    this.#face.dispose();
  }
}

/** A whole number from a name: the FNV-1a hash (Fowler, Noll and Vo), 24 bits of it. */
function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index++)
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash >>> 8;
}
