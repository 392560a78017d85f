import { FACE_PARTS, type FacePart } from '../pose/channels.ts';
import type { Viseme } from '../speech/viseme.ts';

type Stem<Part> = Part extends `${infer S}Left` ? S : never;
/** A face part, or the common name of its two sides. */
type Part = FacePart | Stem<FacePart>;

/**
 * Visemes as mixes of ARKit parts, for faces that have only those. Composed on two faces that have both sets, each mix
 * next to the viseme it stands for: lips part as far (within 2 mm) and mouths are as wide (within 2 mm). A name without its
 * side means both sides.
 */
const MIXES: Readonly<Record<Viseme, Readonly<Partial<Record<Part, number>>>>> = {
  sil: {},
  PP: { mouthPress: 0.5, mouthRollLower: 0.35, mouthRollUpper: 0.3, mouthPucker: 0.12 },
  FF: { mouthRollLower: 0.75, mouthUpperUp: 0.3, mouthShrugUpper: 0.1, jawOpen: 0.02 },
  TH: { jawOpen: 0.16, mouthUpperUp: 0.2, mouthLowerDown: 0.22, tongueOut: 0.55 },
  DD: { jawOpen: 0.11, mouthUpperUp: 0.2, mouthLowerDown: 0.25 },
  kk: { jawOpen: 0.22, mouthUpperUp: 0.15, mouthLowerDown: 0.15, mouthStretch: 0.15 },
  CH: { jawOpen: 0.05, mouthFunnel: 0.4, mouthPucker: 0.3, mouthUpperUp: 0.1, mouthLowerDown: 0.1 },
  SS: { jawOpen: 0.04, mouthStretch: 0.35, mouthSmile: 0.15, mouthUpperUp: 0.3, mouthLowerDown: 0.4 },
  nn: { jawOpen: 0.1, mouthUpperUp: 0.15, mouthLowerDown: 0.2, mouthStretch: 0.1 },
  RR: { jawOpen: 0.09, mouthFunnel: 0.22, mouthPucker: 0.4, mouthLowerDown: 0.08 },
  aa: { jawOpen: 0.62, mouthUpperUp: 0.3, mouthLowerDown: 0.2 },
  E: { jawOpen: 0.25, mouthStretch: 0.3, mouthSmile: 0.25, mouthUpperUp: 0.25, mouthLowerDown: 0.25 },
  I: { jawOpen: 0.1, mouthStretch: 0.35, mouthSmile: 0.4, mouthUpperUp: 0.28, mouthLowerDown: 0.35 },
  O: { jawOpen: 0.28, mouthFunnel: 0.4, mouthPucker: 0.3 },
  U: { jawOpen: 0.05, mouthFunnel: 0.15, mouthPucker: 0.8 },
};

/** A viseme as a mix of other visemes. */
export type Neighbours = Readonly<Partial<Record<Viseme, number>>>;

/**
 * Visemes made of those that a face has, the nearest first; the last ones need no more than five vowels. Lips that
 * cannot be pressed together meet at rest. The shares of vowels are those of usage with VRM: consonants are a narrow
 * "ih", hissing ones a narrow "ou".
 */
export const NEIGHBOURS: Readonly<Record<Viseme, readonly Neighbours[]>> = {
  sil: [{}],
  PP: [{}],
  FF: [{ SS: 0.4 }, { DD: 0.35 }, { U: 0.2 }, { I: 0.2 }, { E: 0.12 }, { O: 0.1 }, { aa: 0.08 }],
  TH: [{ DD: 0.85 }, { nn: 0.9 }, { SS: 0.7 }, { I: 0.3 }, { E: 0.3 }, { aa: 0.2 }],
  DD: [{ nn: 0.95 }, { TH: 0.7 }, { SS: 0.8 }, { I: 0.3 }, { E: 0.3 }, { aa: 0.2 }],
  kk: [{ DD: 1 }, { nn: 1 }, { I: 0.3, aa: 0.1 }, { E: 0.4 }, { aa: 0.3 }],
  CH: [{ SS: 0.5, U: 0.3 }, { U: 0.4 }, { SS: 0.8 }, { O: 0.3 }, { I: 0.2 }, { aa: 0.15 }],
  SS: [{ DD: 0.7, I: 0.2 }, { nn: 0.8 }, { I: 0.3 }, { E: 0.3 }, { aa: 0.15 }],
  nn: [{ DD: 0.9 }, { TH: 0.6 }, { I: 0.3 }, { E: 0.3 }, { aa: 0.2 }],
  RR: [{ O: 0.2, U: 0.3 }, { U: 0.4 }, { O: 0.4 }, { CH: 0.6 }, { aa: 0.2 }],
  aa: [{ E: 0.8, O: 0.2 }, { E: 1 }, { O: 0.9 }],
  E: [{ I: 0.5, aa: 0.4 }, { aa: 0.5 }],
  I: [{ E: 0.6 }, { SS: 0.9 }, { aa: 0.25 }],
  O: [{ U: 0.5, aa: 0.45 }, { aa: 0.6 }],
  U: [{ O: 0.6 }, { aa: 0.25 }],
};

/** How far each viseme opens a mouth that can do nothing else: shares of a full opening. */
export const OPENING: Readonly<Record<Viseme, number>> = {
  sil: 0,
  PP: 0,
  FF: 0.06,
  TH: 0.22,
  DD: 0.2,
  kk: 0.28,
  CH: 0.2,
  SS: 0.14,
  nn: 0.2,
  RR: 0.24,
  aa: 0.8,
  E: 0.5,
  I: 0.32,
  O: 0.6,
  U: 0.32,
};

/**
 * A jaw that is wide open, radians: 13°. An "ah" is then as wide as that of Character Creator, whose jaw turns by 10.5°
 * for it (cc_blender_tools, shape key drivers of the neutral base).
 */
export const JAW_OPEN = (13 * Math.PI) / 180;

/** How far a head without a mouth is raised for a full opening, radians: 3°, a nod that is seen and not silly. */
export const HEAD_NOD = (3 * Math.PI) / 180;

const isPart = (name: string): name is FacePart => (FACE_PARTS as readonly string[]).includes(name);

/** The face parts that stand in for a viseme, with their weights at viseme weight 1. */
export function mixOf(viseme: Viseme): readonly (readonly [FacePart, number])[] {
  return Object.entries(MIXES[viseme]).flatMap(([name, weight]) =>
    [name, `${name}Left`, `${name}Right`].filter(isPart).map((part) => [part, weight] as const),
  );
}
