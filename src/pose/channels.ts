import { VISEME_COUNT, VISEMES } from '../speech/viseme.ts';

/** The 52 face parts of Apple's ARKit, in its documented order: weights from 0 (neutral) to 1. */
export const FACE_PARTS = [
  'eyeBlinkLeft',
  'eyeLookDownLeft',
  'eyeLookInLeft',
  'eyeLookOutLeft',
  'eyeLookUpLeft',
  'eyeSquintLeft',
  'eyeWideLeft',
  'eyeBlinkRight',
  'eyeLookDownRight',
  'eyeLookInRight',
  'eyeLookOutRight',
  'eyeLookUpRight',
  'eyeSquintRight',
  'eyeWideRight',
  'jawForward',
  'jawLeft',
  'jawRight',
  'jawOpen',
  'mouthClose',
  'mouthFunnel',
  'mouthPucker',
  'mouthLeft',
  'mouthRight',
  'mouthSmileLeft',
  'mouthSmileRight',
  'mouthFrownLeft',
  'mouthFrownRight',
  'mouthDimpleLeft',
  'mouthDimpleRight',
  'mouthStretchLeft',
  'mouthStretchRight',
  'mouthRollLower',
  'mouthRollUpper',
  'mouthShrugLower',
  'mouthShrugUpper',
  'mouthPressLeft',
  'mouthPressRight',
  'mouthLowerDownLeft',
  'mouthLowerDownRight',
  'mouthUpperUpLeft',
  'mouthUpperUpRight',
  'browDownLeft',
  'browDownRight',
  'browInnerUp',
  'browOuterUpLeft',
  'browOuterUpRight',
  'cheekPuff',
  'cheekSquintLeft',
  'cheekSquintRight',
  'noseSneerLeft',
  'noseSneerRight',
  'tongueOut',
] as const;

/** A part of the face: one of {@link FACE_PARTS}. */
export type FacePart = (typeof FACE_PARTS)[number];

/**
 * Whole faces, under VRM's names: weights from 0 to 1. For rigs that offer such a shape and not the parts of which it
 * is made; others leave them alone.
 */
export const EXPRESSIONS = ['happy', 'angry', 'sad', 'relaxed', 'surprised'] as const;

/** A whole face: one of {@link EXPRESSIONS}. */
export type Expression = (typeof EXPRESSIONS)[number];

/**
 * Angles in radians, 0 straight ahead. Yaw turns to the character's own left, pitch up, roll leans the head to its own
 * left shoulder. Yaw and pitch together are one turn, about an axis between theirs. Those of the head are shared by all
 * joints of the neck. Eye angles are relative to the head; `eyeVergence` turns each eye inwards by that much.
 * `chestPitch` lifts the chest, as in a breath.
 */
export const ANGLES = [
  'headYaw',
  'headPitch',
  'headRoll',
  'eyeYaw',
  'eyePitch',
  'eyeVergence',
  'chestPitch',
] as const;

/** One of {@link ANGLES}. */
export type Angle = (typeof ANGLES)[number];

/** Everything a face can do, in the order of a pose: 15 visemes (0 to 14), 52 face parts, 5 expressions, 7 angles. */
export const CHANNELS = [...VISEMES, ...FACE_PARTS, ...EXPRESSIONS, ...ANGLES] as const;

/** The name of a channel. */
export type Channel = (typeof CHANNELS)[number];

/** Length of a pose: 79. */
export const CHANNEL_COUNT = CHANNELS.length;

/** Index of the first face part in a pose: those before it are visemes. */
export const FIRST_PART = VISEME_COUNT;

/** Index of the first angle in a pose: those before it are weights. */
export const FIRST_ANGLE = FIRST_PART + FACE_PARTS.length + EXPRESSIONS.length;

/** Index of each channel in a pose. Look indexes up once, outside the frame. */
export const CHANNEL: Readonly<Record<Channel, number>> = Object.freeze(
  Object.fromEntries(CHANNELS.map((name, index) => [name, index])) as Record<Channel, number>,
);

/** A pose at rest: {@link CHANNEL_COUNT} zeros. */
export function createPose(): Float32Array {
  return new Float32Array(CHANNEL_COUNT);
}
