import { FACE_PARTS, type FacePart } from '../pose/channels.ts';
import type { Viseme } from '../speech/viseme.ts';

type Stem<Part> = Part extends `${infer S}Left` ? S : never;
/** A face part, or the common name of its two sides. */
type Part = FacePart | Stem<FacePart>;

/**
 * Visemes as mixes of ARKit parts, for faces that have only those. Composed on renders of a face that has both sets,
 * each mix next to the viseme it stands for; a name without its side means both sides.
 */
const MIXES: Readonly<Record<Viseme, Readonly<Partial<Record<Part, number>>>>> = {
  sil: {},
  PP: { mouthPress: 0.5, mouthRollLower: 0.35, mouthRollUpper: 0.3, mouthPucker: 0.12 },
  FF: { mouthRollLower: 0.75, mouthUpperUp: 0.55, mouthShrugUpper: 0.1, jawOpen: 0.04 },
  TH: { jawOpen: 0.2, mouthUpperUp: 0.25, mouthLowerDown: 0.3, tongueOut: 0.55 },
  DD: { jawOpen: 0.15, mouthUpperUp: 0.25, mouthLowerDown: 0.35 },
  kk: { jawOpen: 0.26, mouthUpperUp: 0.2, mouthLowerDown: 0.25, mouthStretch: 0.15 },
  CH: { jawOpen: 0.1, mouthFunnel: 0.75, mouthUpperUp: 0.25, mouthLowerDown: 0.3 },
  SS: { jawOpen: 0.05, mouthStretch: 0.35, mouthSmile: 0.15, mouthUpperUp: 0.35, mouthLowerDown: 0.5 },
  nn: { jawOpen: 0.13, mouthUpperUp: 0.2, mouthLowerDown: 0.3, mouthStretch: 0.1 },
  RR: { jawOpen: 0.12, mouthFunnel: 0.45, mouthPucker: 0.3, mouthLowerDown: 0.15 },
  aa: { jawOpen: 0.62, mouthUpperUp: 0.3, mouthLowerDown: 0.2 },
  E: { jawOpen: 0.3, mouthStretch: 0.3, mouthSmile: 0.25, mouthUpperUp: 0.3, mouthLowerDown: 0.3 },
  I: { jawOpen: 0.12, mouthStretch: 0.35, mouthSmile: 0.4, mouthUpperUp: 0.3, mouthLowerDown: 0.4 },
  O: { jawOpen: 0.42, mouthFunnel: 0.65, mouthPucker: 0.25 },
  U: { jawOpen: 0.14, mouthFunnel: 0.35, mouthPucker: 0.8 },
};

const isPart = (name: string): name is FacePart => (FACE_PARTS as readonly string[]).includes(name);

/** The face parts that stand in for a viseme, with their weights at viseme weight 1. */
export function mixOf(viseme: Viseme): readonly (readonly [FacePart, number])[] {
  return Object.entries(MIXES[viseme]).flatMap(([name, weight]) =>
    [name, `${name}Left`, `${name}Right`].filter(isPart).map((part) => [part, weight] as const),
  );
}
