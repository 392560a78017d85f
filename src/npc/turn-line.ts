import type { FaceFrames } from '../pose/face-frames.ts';
import type { Following } from './following.ts';
import type { Line } from './line.ts';
import type { Addressee, OpenPlayer } from './line-types.ts';

/** A line as the NPC's own parts see it: how it is fetched, played when its turn comes, and read once a frame. */
export interface TurnLine extends Line {
  priority: number;
  to: Addressee | undefined;
  /** What is heard at the last frame, in the fields of `READING`. For the mouth; do not change it. */
  readonly reading: Float64Array;
  /** Frames of the face over line time; none where lines of this kind have no such thing. */
  readonly face?: FaceFrames;
  /**
   * About how long it lasts, seconds, where it may pass without anybody hearing it; undefined where it must be played.
   */
  readonly lasts?: number | undefined;
  /** Before its turn: all of it has passed, unheard; it is finished. */
  pass?(): void;
  /** Before its turn: so much of it has passed unheard, seconds; it will begin there. */
  joinAt?(seconds: number): void;
  /**
   * Performance time, milliseconds, at which its last sound is heard, by what is known now: also while that is to come.
   * Undefined while it does not go on, its length is not known, and where nothing of it was heard.
   */
  readonly soundEndMs: number | undefined;
  /** Before its turn: it will begin at its moment after another line, or at once where there is none. */
  follow?(following: Following): void;
  /** What it follows. */
  readonly following?: Following | undefined;
  /** Asks for the line, if that has not been done. Audio waits until {@link play}. */
  fetch(): Promise<void>;
  /** Plays the line; settles {@link finished} and then resolves. Never rejects. */
  play(openPlayer: OpenPlayer): Promise<void>;
  /**
   * Reads the playhead for the frame shown at `performanceMs` and writes the 15 viseme weights to `out[0..14]`.
   * Called once a frame while the line is the current one.
   */
  sample(performanceMs: number, out: Float32Array): void;
}
