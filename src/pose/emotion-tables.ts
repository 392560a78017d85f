import type { Expression } from './channels.ts';
import type { PartName } from './parts.ts';

/** What an emotion may move besides parts of the face: how the head is held, radians. */
export type Bearing = 'headPitch' | 'headRoll';

/** What of the face an emotion moves at intensity 1: weights of parts from 0 to 1, and the bearing of the head. */
export type EmotionWeights = Readonly<Partial<Record<PartName | Expression | Bearing, number>>>;

/*
 * Which parts: the prototypes of EMFACS (Friesen & Ekman 1983; Ekman, Friesen & Hager 2002, FACS Investigator's Guide),
 * action units in brackets, each as the ARKit part that shows it: 1 browInnerUp, 2 browOuterUp, 4 browDown, 5 eyeWide,
 * 6 cheekSquint, 7 eyeSquint, 9 noseSneer, 10 mouthUpperUp, 12 mouthSmile, 15 mouthFrown, 16 mouthLowerDown,
 * 17 mouthShrugLower, 20 mouthStretch, 23 and 24 mouthPress, 26 jawOpen, 53 and 54 headPitch, 55 headRoll.
 * How much: judged on renders of two faces at intensity 0.5 and 1. A whole expression of VRM stands in for the parts on
 * faces that have those only.
 */
export const EMOTION_TABLES = {
  /** A face at rest. */
  neutral: {},
  /** [6+12]: the smile of the eyes and the mouth. */
  happy: { cheekSquint: 0.65, eyeSquint: 0.2, mouthSmile: 0.6, browOuterUp: 0.1, happy: 1 },
  /** [1+4+15+17, head down 54]. */
  sad: {
    browInnerUp: 0.85,
    browDown: 0.2,
    mouthFrown: 0.65,
    mouthShrugLower: 0.25,
    eyeSquint: 0.15,
    headPitch: -0.07,
    sad: 1,
  },
  /** [4+5+7+23, with 9 and 17 a little, head down 54]. Brows and a stare tell it from disgust in speech. */
  angry: {
    browDown: 1,
    eyeWide: 0.5,
    eyeSquint: 0.3,
    noseSneer: 0.12,
    mouthPress: 0.5,
    mouthFrown: 0.25,
    mouthShrugLower: 0.15,
    headPitch: -0.07,
    angry: 1,
  },
  /** [1+2+4+5+20+26]. */
  afraid: {
    browInnerUp: 0.9,
    browOuterUp: 0.4,
    browDown: 0.3,
    eyeWide: 0.85,
    mouthStretch: 0.55,
    jawOpen: 0.1,
    headPitch: 0.03,
    surprised: 0.5,
    sad: 0.5,
  },
  /** [1+2+5+26]. */
  surprised: {
    browInnerUp: 0.6,
    browOuterUp: 0.45,
    eyeWide: 0.9,
    jawOpen: 0.28,
    headPitch: 0.04,
    surprised: 1,
  },
  /** [9+10+17, with 4 and 7 as they come with 9, head back and away]. Nose and narrow eyes tell it from anger in speech. */
  disgusted: {
    noseSneer: 1,
    mouthUpperUp: 0.45,
    mouthShrugLower: 0.3,
    mouthFrown: 0.3,
    browDown: 0.2,
    browInnerUp: 0.1,
    eyeSquint: 0.6,
    cheekSquint: 0.5,
    headPitch: 0.07,
    headRoll: -0.05,
    angry: 0.5,
  },
  /** No prototype: a smile of mouth and eyes [6+12 at C], inner brows up [1], head aside [55]. */
  warm: {
    cheekSquint: 0.5,
    eyeSquint: 0.25,
    mouthSmile: 0.5,
    browInnerUp: 0.45,
    browOuterUp: 0.1,
    headRoll: 0.09,
    relaxed: 1,
  },
} as const satisfies Record<string, EmotionWeights>;
