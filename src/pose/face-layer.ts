import { CONTACT_STRENGTH } from '../lipsync/gesture.ts';
import { SHAPE_COUNT } from '../speech/face-shapes.ts';
import { createCell, smooth } from './cell.ts';
import { CHANNEL, CHANNEL_COUNT, CHANNELS, FACE_PARTS, type FacePart, FIRST_PART } from './channels.ts';
import { FACE_GROUPS, FACE_ROW, FACE_SHARE, HEAD_ROLL_SHAPE } from './face-frames.ts';
import { MOMENT } from './moment.ts';

const { PP, FF, headRoll: HEAD_ROLL } = CHANNEL;

/** Parts that move the lips: those that contacts of the cues take from the frames. */
const MOUTH = /^(jaw|mouth|cheekPuff|noseSneer|tongueOut)/;
const MOUTH_PARTS = FACE_PARTS.filter((part) => MOUTH.test(part));

/** A face shows frames where it has so much of ARKit's mouth by itself: what is made of other shapes would not be alike. */
const ENOUGH = 2 / 3;

/** Signs of life that give way where the frames bring the same: by channel, the group of the frames; the mouth always does. */
const GIVES_WAY: readonly (readonly [RegExp, number])[] = [
  [/^eye(Blink|Squint|Wide)/, FACE_GROUPS.lids],
  [/^eye(Yaw|Pitch|Vergence)$/, FACE_GROUPS.looks],
  [/^brow/, FACE_GROUPS.brows],
  [/^headRoll$/, FACE_GROUPS.roll],
  [MOUTH, 4],
];
const ALWAYS = 4;

const GROUP_OF = Int8Array.from(CHANNELS, (name) => GIVES_WAY.find(([names]) => names.test(name))?.[1] ?? -1);

/** For each number of a frame, whether it is of the mouth. */
const IS_MOUTH = Uint8Array.from({ length: SHAPE_COUNT }, (_, shape) =>
  shape < FACE_PARTS.length && MOUTH.test(FACE_PARTS[shape]!) ? 1 : 0,
);

/** And whether it is a turn of an eye. */
const IS_LOOK = Uint8Array.from({ length: SHAPE_COUNT }, (_, shape) =>
  /^eyeLook/.test(FACE_PARTS[shape] ?? '') ? 1 : 0,
);

/** Farthest that a head leans by a frame, radians (20°). */
const MOST_ROLL = 0.35;

/** Time in which the face of a line that was cut off gives way, seconds: as its mouth does. */
const REMNANT_SECONDS = 0.1;

const cell = createCell();

/**
 * Lays the frames of a line's face over a pose, on faces that have ARKit's shapes; on others nothing of it happens. The
 * parts are shown as they are. Contacts stay the cues', which are sure to close the mouth; what else the cues say, and
 * the signs of life that the frames bring themselves, give way. Its functions are called in their order, once a frame.
 */
export class FaceLayer {
  /** Whether the face shows frames. */
  readonly able: boolean;
  /** Whether it shows all turns of the eyes by parts: else they are left to the gaze, which turns joints too. */
  readonly #looks: boolean;
  /** The frame of the moment, as `FaceFrames.sampleAt` writes it. */
  readonly row = new Float32Array(FACE_ROW);
  readonly #before = new Float32Array(CHANNEL_COUNT);
  /** What a line that was cut off has left, and since when. */
  readonly #left = new Float32Array(SHAPE_COUNT);
  readonly #since = createCell(Number.NEGATIVE_INFINITY);

  /** `has`: whether the face has a part of that name as ARKit means it; `opens`: whether it can open its mouth at all. */
  constructor(has: (part: FacePart) => boolean, opens: boolean) {
    this.able = opens && MOUTH_PARTS.filter(has).length >= ENOUGH * MOUTH_PARTS.length;
    this.#looks = has('eyeLookInLeft') && has('eyeLookOutLeft');
  }

  /** Another line takes the face: what stands in {@link row} fades. `moment` is the one before. */
  leave(moment: Float64Array): void {
    const framed = moment[MOMENT.framed]!;
    for (let shape = 0; shape < SHAPE_COUNT; shape++) this.#left[shape] = this.row[shape]! * framed;
    if (framed > 0) this.#since[0] = moment[MOMENT.time]!;
    this.row.fill(0);
  }

  /**
   * Tells the moment how much of the face {@link row} has, and takes from the row of the pose curve what gives way to it:
   * all but the contacts.
   */
  begin(visemes: Float32Array, moment: Float64Array): void {
    const share = this.able ? this.row[FACE_SHARE]! : 0;
    moment[MOMENT.framed] = share * moment[MOMENT.speaking]!;
    if (share === 0) return;
    for (let w = 0; w < visemes.length; w++) {
      if (w !== PP && w !== FF) visemes[w] = visemes[w]! * (1 - share);
    }
  }

  /** Remembers the pose as it is without signs of life. */
  hold(pose: Float32Array): void {
    for (let c = 0; c < CHANNEL_COUNT; c++) this.#before[c] = pose[c]!;
  }

  /** Takes away what life has done since {@link hold}, where the frames, which bring so much, do the same. */
  giveWay(pose: Float32Array, moment: Float64Array, brings: Uint8Array): void {
    const left = 1 - moment[MOMENT.framed]!;
    if (left === 1) return;
    for (let c = 0; c < CHANNEL_COUNT; c++) {
      const group = GROUP_OF[c]!;
      if (group < 0 || (group < ALWAYS && brings[group] === 0)) continue;
      if (group === FACE_GROUPS.looks && !this.#looks) continue;
      pose[c] = this.#before[c]! + (pose[c]! - this.#before[c]!) * left;
    }
  }

  /** Adds the frame to a pose whose mouth is settled; while lips or teeth are in contact, nothing of the mouth. */
  add(pose: Float32Array, moment: Float64Array): void {
    const framed = moment[MOMENT.framed]!;
    cell[0] = 1 - (moment[MOMENT.time]! - this.#since[0]!) / REMNANT_SECONDS;
    smooth(cell);
    const remnant = this.able ? Math.min(cell[0]!, 1 - framed) : 0;
    if (framed === 0 && remnant === 0) return;
    const free = 1 - Math.min((pose[PP]! + pose[FF]!) / CONTACT_STRENGTH, 1);
    for (let shape = 0; shape < FACE_PARTS.length; shape++) {
      if (IS_LOOK[shape] === 1 && !this.#looks) continue;
      const weight = this.row[shape]! * framed + this.#left[shape]! * remnant;
      const sum = pose[FIRST_PART + shape]! + (IS_MOUTH[shape] === 1 ? weight * free : weight);
      pose[FIRST_PART + shape] = sum < 0 ? 0 : sum > 1 ? 1 : sum;
    }
    const roll = this.row[HEAD_ROLL_SHAPE]! * framed + this.#left[HEAD_ROLL_SHAPE]! * remnant;
    pose[HEAD_ROLL] =
      pose[HEAD_ROLL]! + (roll > MOST_ROLL ? MOST_ROLL : roll < -MOST_ROLL ? -MOST_ROLL : roll);
  }
}
