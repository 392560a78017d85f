import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';

/** What rooms add to the voices in them. Made by `reverbZones`; serves one Parley. */
export interface Reverb {
  /**
   * Called by Parley: what it makes is heard at `output` from now on, `delaySeconds` late, as the voices are. Throws
   * `InputError` where it serves another.
   */
  begin(output: AudioNode, delaySeconds: number): void;
  /** A way into the rooms for a voice that comes from `source`. */
  createSend(source: AudioNode): ReverbSend;
  /** Once a frame, before the voices: `ears` are in the world, `now` is the context's time. Allocates nothing. */
  update(ears: Vector3, now: number): void;
  /** Rings no more: for when nothing sounds. */
  forget(): void;
  dispose(): void;
}

/** The way of one voice into the rooms. */
export interface ReverbSend {
  /** Once a frame while it is heard: it is at `position`, as loud as `gain`. Allocates nothing but in a room that is new to it. */
  follow(position: Vector3, gain: number, now: number): void;
  /** The same at once: for when nothing sounds. */
  jumpTo(position: Vector3, gain: number): void;
  /** Nothing of the voice is sent any more: for when it says nothing. */
  rest(): void;
  dispose(): void;
}
