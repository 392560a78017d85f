import { InputError } from './errors.ts';
import type { ShapesPart } from './part.ts';

/**
 * Numbers in a frame of a face: the 52 face parts of ARKit in its documented order (weights, 0 to 1), then the angles
 * `headRoll`, `leftEyeRoll` and `rightEyeRoll` (radians). Azure Speech has named them so.
 */
export const SHAPE_COUNT = 55;

/** The frames of a line's face, from line time 0 on. */
export interface FaceShapes {
  /** Frames a second. */
  readonly fps: number;
  /** {@link SHAPE_COUNT} numbers a frame, one frame after another. */
  readonly frames: Float32Array;
}

/** Most frames of a line: 20 minutes at 60 a second. */
const MOST_FRAMES = 72_000;

/** Frames whose place is this near to a whole one are laid there as they are. */
const ROUNDING = 1e-3;

/** Puts the frames of a line together as they come. */
export class ShapeFrames {
  #frames = new Float32Array(0);
  #count = 0;
  #fps = 0;

  /** Frames a second; 0 before the first part. */
  get fps(): number {
    return this.#fps;
  }

  /** Frames so far, from line time 0 on. */
  get count(): number {
    return this.#count;
  }

  /** All numbers; those behind the last frame are left over. Valid until the next {@link add}. */
  get numbers(): Float32Array {
    return this.#frames;
  }

  /** What has come, or nothing. A copy. */
  get shapes(): FaceShapes | undefined {
    return this.#count > 0
      ? { fps: this.#fps, frames: this.#frames.slice(0, this.#count * SHAPE_COUNT) }
      : undefined;
  }

  /**
   * Lays frames in their places, over what was there; a gap before them holds the frame before it. What lies before line
   * time 0 is left out. Throws {@link InputError} for frames that are none, and for another rate than before.
   */
  add({ fps, from, frames }: Omit<ShapesPart, 'type'>): void {
    check(fps, from, frames, this.#fps);
    this.#fps = fps;
    const given = frames.length / SHAPE_COUNT;
    if (given === 0) return;
    const nearest = Math.round(from);
    const start = Math.abs(from - nearest) < ROUNDING ? nearest : from;
    const first = Math.max(0, Math.ceil(start));
    const end = Math.floor(start + given - 1) + 1;
    if (end <= first) return;
    this.#reserve(end);
    for (let frame = this.#count; frame < first; frame++) this.#hold(frame);
    for (let frame = first; frame < end; frame++) {
      const before = Math.floor(frame - start);
      const share = frame - start - before;
      const after = Math.min(before + 1, given - 1);
      for (let shape = 0; shape < SHAPE_COUNT; shape++) {
        const one = frames[before * SHAPE_COUNT + shape]!;
        const other = frames[after * SHAPE_COUNT + shape]!;
        this.#frames[frame * SHAPE_COUNT + shape] = share === 0 ? one : one + (other - one) * share;
      }
    }
    this.#count = Math.max(this.#count, end);
  }

  #hold(frame: number): void {
    if (frame === 0) this.#frames.fill(0, 0, SHAPE_COUNT);
    else this.#frames.copyWithin(frame * SHAPE_COUNT, (frame - 1) * SHAPE_COUNT, frame * SHAPE_COUNT);
  }

  #reserve(frames: number): void {
    if (this.#frames.length >= frames * SHAPE_COUNT) return;
    const grown = new Float32Array(Math.max(frames, Math.ceil(this.#count * 1.5)) * SHAPE_COUNT);
    grown.set(this.#frames);
    this.#frames = grown;
  }
}

function check(fps: number, from: number, frames: Float32Array, known: number): void {
  if (!(fps > 0 && fps <= 240)) throw new InputError('Frames of a face', 'fps from 1 to 240', String(fps));
  if (known > 0 && fps !== known) {
    throw new InputError('Frames of a face', `${known} a second throughout`, `${fps} a second`);
  }
  if (frames.length % SHAPE_COUNT !== 0) {
    throw new InputError('Frames of a face', `${SHAPE_COUNT} numbers a frame`, `${frames.length} numbers`);
  }
  const end = from + frames.length / SHAPE_COUNT;
  if (!(end <= MOST_FRAMES)) {
    throw new InputError('Frames of a face', `at most ${MOST_FRAMES} of them`, `frame ${end}`);
  }
  if (!frames.every(Number.isFinite)) throw new InputError('Frames of a face', 'finite numbers', 'others');
}

/** The frames from `seconds` on, of a line that lasts `duration` seconds from there. */
export function cutShapes({ fps, frames }: FaceShapes, seconds: number, duration: number): FaceShapes {
  const cut = new ShapeFrames();
  const most = Math.ceil((seconds + duration) * fps) + 1;
  cut.add({ fps, from: -seconds * fps, frames: frames.subarray(0, most * SHAPE_COUNT) });
  return cut.shapes ?? { fps, frames: new Float32Array(0) };
}
