import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';

/** What stands between the ears and a voice. `rayOcclusion` and `physicsOcclusion` make one; a game may have its own. */
export interface Occlusion {
  /**
   * How much stands between two points of the world: 0 nothing, 1 a closed wall, more and less are taken as these. Asked
   * in turn for the voices that are heard, in a frame; keeps neither point.
   */
  between(ears: Vector3, mouth: Vector3): number;
  /** For how many voices it is asked in a frame, 1 or more. Default 2. */
  readonly voicesPerFrame?: number;
  /** Told of each character as it comes: what hangs on `root` is no wall. The result is called when it goes. */
  leaveOut?(root: TransformNode): () => void;
}

/** A voice that something may stand before. */
export interface OcclusionCandidate {
  /** Whether it is being heard; for another nothing is asked. */
  readonly heard: boolean;
  /** Metres to the listener. */
  readonly distance: number;
  /** Where it is in the world. */
  readonly position: Vector3;
  /** Context time at which it was last asked for, seconds. */
  occludedAt: number;
  /** Is heard through so much from now on, 0 to 1. */
  setOcclusion(amount: number): void;
}

const VOICES_PER_FRAME = 2;

/**
 * Asks for the voices that are heard, a few in a frame: who has waited longest for how near it is comes first, so that
 * one at twice the distance is asked for half as often, and none is forgotten. Allocates nothing.
 */
export function askOcclusion(
  occlusion: Occlusion,
  voices: readonly OcclusionCandidate[],
  ears: Vector3,
  now: number,
): void {
  const most = Math.max(1, occlusion.voicesPerFrame ?? VOICES_PER_FRAME);
  for (let asked = 0; asked < most; asked++) {
    let next: OcclusionCandidate | undefined;
    let urgency = 0;
    for (let index = 0; index < voices.length; index++) {
      const voice = voices[index]!;
      if (!voice.heard) continue;
      const waits = (now - voice.occludedAt) / Math.max(voice.distance, 1);
      if (!(waits > urgency)) continue;
      urgency = waits;
      next = voice;
    }
    if (!next) return;
    askFor(occlusion, next, ears, now);
  }
}

/** Asks for one voice, whoever waits. */
export function askFor(occlusion: Occlusion, voice: OcclusionCandidate, ears: Vector3, now: number): void {
  voice.occludedAt = now;
  const amount = occlusion.between(ears, voice.position);
  voice.setOcclusion(amount > 0 ? Math.min(amount, 1) : 0);
}

/**
 * What a closed wall takes, decibels, of low and of treble. From 2 kHz on that is within 5 dB of what Steam Audio's
 * "generic" material lets through; less of the low, since walls of games have doors and windows, and lines are to be
 * understood. Between them it falls by 6 dB an octave, as by the mass law of walls.
 */
const WALL_LOW_DB = -12;
const WALL_TREBLE_DB = -32;

/** Gain of what is low in a voice behind so much, 0 to 1; in between, half as much is half the decibels. */
export function occludedLow(amount: number): number {
  return amount === 0 ? 1 : 10 ** ((amount * WALL_LOW_DB) / 20);
}

/** Gain of its treble. */
export function occludedTreble(amount: number): number {
  return amount === 0 ? 1 : 10 ** ((amount * WALL_TREBLE_DB) / 20);
}
