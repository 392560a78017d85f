import { SHAPE_COUNT, ShapeFrames } from '../speech/face-shapes.ts';
import type { ShapesPart } from '../speech/part.ts';
import { createCell, smooth } from './cell.ts';
import { FACE_PARTS } from './channels.ts';

/** Length of what {@link FaceFrames.sampleAt} writes: a frame, and how much of the face it has. */
export const FACE_ROW = SHAPE_COUNT + 1;

/** Index, in such a row, of how much of the face the frame has, 0 to 1. */
export const FACE_SHARE = SHAPE_COUNT;

/** Index of the head's roll in a frame. */
export const HEAD_ROLL_SHAPE = FACE_PARTS.length;

/** What of a face frames may bring besides the mouth. */
export const FACE_GROUPS = { lids: 0, looks: 1, brows: 2, roll: 3 } as const;

const GROUP_NAMES = [/^eye(Blink|Squint|Wide)/, /^eyeLook/, /^brow/];

/** The group of each number of a frame; -1 for those of none. */
const GROUP_OF = Int8Array.from({ length: SHAPE_COUNT }, (_, shape) => {
  if (shape >= FACE_PARTS.length) return shape === HEAD_ROLL_SHAPE ? FACE_GROUPS.roll : -1;
  return GROUP_NAMES.findIndex((names) => names.test(FACE_PARTS[shape]!));
});

/** A group that never goes beyond this is not in the frames. */
const NOTICED = 0.01;

/** Time in which frames take the face at the start of a line, and leave it at its end or where none are left, seconds. */
const TAKES = 0.08;
const LEAVES = 0.1;

const cell = createCell();

/**
 * The frames of a line's face over line time: between two frames what lies between them. At line time 0 and before, and
 * from the end on, they have nothing of the face; in between, all of it, but where none are there. A pure function of
 * line time as long as frames come before their moment; the face passes over to those that come late.
 */
export class FaceFrames {
  readonly frames = new ShapeFrames();
  /** Whether the frames bring what stands in `FACE_GROUPS`: 1, else 0. */
  readonly brings = new Uint8Array(4);
  #end = Number.POSITIVE_INFINITY;
  /** The last moment sampled, seconds. */
  readonly #seen = createCell();
  /** From when on the face passes over to frames that came late, and from how much of it. */
  readonly #joint = Float64Array.of(Number.NEGATIVE_INFINITY, 1);
  readonly #last = new Float32Array(FACE_ROW);

  /** Takes frames. Throws `InputError` for those that are none. */
  add(part: Omit<ShapesPart, 'type'>): void {
    const seen = this.#seen[0]!;
    const late = seen > 0 && seen > this.#until - LEAVES;
    this.frames.add(part);
    const { frames } = part;
    for (let index = 0; index < frames.length; index++) {
      const group = GROUP_OF[index % SHAPE_COUNT]!;
      if (group >= 0 && Math.abs(frames[index]!) > NOTICED) this.brings[group] = 1;
    }
    if (!late) return;
    this.#joint[0] = seen;
    this.#joint[1] = this.#last[FACE_SHARE]!;
  }

  /** The line is `duration` seconds long. */
  end(duration: number): void {
    this.#end = duration;
  }

  /** Writes the frame at the line time that stands in `times[field]` to `out`, {@link FACE_ROW} numbers. Allocates nothing. */
  sampleAt(times: Float64Array, field: number, out: Float32Array): void {
    const time = times[field]!;
    this.#seen[0] = time;
    const { count, fps } = this.frames;
    const until = count === 0 ? 0 : Math.min(count / fps, this.#end);
    if (!(time > 0 && time < until)) {
      for (let shape = 0; shape < FACE_ROW; shape++) out[shape] = 0;
      this.#last[FACE_SHARE] = 0;
      return;
    }
    const place = time * fps;
    const before = Math.min(Math.floor(place), count - 1);
    const after = Math.min(before + 1, count - 1);
    const share = place - before < 1 ? place - before : 1;
    const numbers = this.frames.numbers;
    for (let shape = 0; shape < SHAPE_COUNT; shape++) {
      const one = numbers[before * SHAPE_COUNT + shape]!;
      out[shape] = one + (numbers[after * SHAPE_COUNT + shape]! - one) * share;
    }
    cell[0] = time / TAKES;
    smooth(cell);
    let has = cell[0]!;
    cell[0] = (until - time) / LEAVES;
    smooth(cell);
    has *= cell[0]!;
    if (time >= this.#joint[0]!) {
      cell[0] = (time - this.#joint[0]!) / LEAVES;
      smooth(cell);
      has *= this.#joint[1]! + (1 - this.#joint[1]!) * cell[0]!;
    }
    out[FACE_SHARE] = has;
    this.#last[FACE_SHARE] = has;
  }

  get #until(): number {
    const { count, fps } = this.frames;
    return count === 0 ? 0 : Math.min(count / fps, this.#end);
  }
}
