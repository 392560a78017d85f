import { VISEMES, type Viseme } from '../speech/viseme.ts';

/**
 * How the mouth makes a shape.
 *
 * `vowel`: lips and jaw are its own; vowels pass into each other, also under the consonants between them.
 * `tongue`: made behind the lips; it lies over the vowels and leaves them a good part of the face.
 * `near`: the teeth must nearly meet. `contact`: lips on lips, or lip on teeth.
 */
export type Manner = 'rest' | 'vowel' | 'tongue' | 'near' | 'contact';

/** What the curve knows of a shape. */
export interface Gesture {
  readonly manner: Manner;
  /** Weight of the shape when it is held, 0 to 1. */
  readonly strength: number;
  /** Of a consonant: how much of the face it takes from the vowels it lies over, 0 to 1. */
  readonly hold: number;
  /** How much of a louder or softer voice goes into the opening of this shape, 0 to 1. */
  readonly voiced: number;
  /** Opening of the inner lips at weight 1, millimetres. */
  readonly openMm: number;
  /** Lowering of the lower front teeth at weight 1, millimetres. */
  readonly jawMm: number;
  /** Rounding (positive) or spreading (negative) of the lips at weight 1, relative to U and I. */
  readonly round: number;
}

/*
 * openMm, jawMm: measured on the two characters of this repository (they differ by less than 0.8 mm in openMm), rounded
 * to half a millimetre. People open their lips by 10 to 15 mm for the vowel of "father" in clear speech (Fromkin 1964):
 * hence a strength of 0.68 and not more. The other strengths were set on renders of both characters.
 * hold: the weighting of a consonant against the vowels in Öhman's numerical model (1967), ranked as deformable
 * consonants are by Pelachaud, Badler & Steedman (1996) and Cohen & Massaro (1993): k and g least, n l t d more, th, r,
 * then s and sh; p b m f v wholly.
 * round: rounding of lips as their width narrows on the characters (U 8 mm, O 6, CH 6, RR 5.5).
 */
const shape = (
  manner: Manner,
  strength: number,
  hold: number,
  voiced: number,
  openMm: number,
  jawMm: number,
  round: number,
): Gesture => ({ manner, strength, hold, voiced, openMm, jawMm, round });

/** The gesture of each viseme. */
export const GESTURES: Readonly<Record<Viseme, Gesture>> = {
  sil: shape('rest', 0, 0, 0, 0, 0, 0),
  PP: shape('contact', 0.9, 1, 0, 0, 0, 0),
  FF: shape('contact', 0.9, 1, 0, 2, 1, 0),
  TH: shape('tongue', 0.8, 0.75, 0, 7.5, 4, 0),
  DD: shape('tongue', 0.7, 0.6, 0, 6.5, 3, 0),
  kk: shape('tongue', 0.65, 0.45, 0, 8.5, 5, 0),
  CH: shape('near', 0.8, 0.75, 0, 10, 1, 0.75),
  SS: shape('near', 0.8, 0.7, 0, 7, 0.5, -0.4),
  nn: shape('tongue', 0.7, 0.55, 0, 5.5, 2.5, 0),
  RR: shape('vowel', 0.75, 0, 0.3, 7.5, 1.5, 0.7),
  aa: shape('vowel', 0.68, 0, 1, 20, 13, 0),
  E: shape('vowel', 0.72, 0, 0.8, 11, 6, -0.5),
  I: shape('vowel', 0.78, 0, 0.5, 8, 2, -1),
  O: shape('vowel', 0.75, 0, 0.7, 14.5, 9, 0.75),
  U: shape('vowel', 0.88, 0, 0.3, 4, 1.5, 1),
};

/** Weight of PP and FF while they are held. */
export const CONTACT_STRENGTH = GESTURES.PP.strength;

const column = (of: (gesture: Gesture) => number): Float64Array =>
  Float64Array.from(VISEMES, (viseme) => of(GESTURES[viseme]));

/** {@link GESTURES} by viseme index. */
export const STRENGTH = column((g) => g.strength);
export const HOLD_SHARE = column((g) => g.hold);
export const VOICED = column((g) => g.voiced);
export const OPEN_MM = column((g) => g.openMm);
export const JAW_MM = column((g) => g.jawMm);
export const ROUND = column((g) => Math.max(g.round, 0));
export const SPREAD = column((g) => Math.max(-g.round, 0));

/** The manner of each viseme, by index. */
export const MANNERS: readonly Manner[] = VISEMES.map((viseme) => GESTURES[viseme].manner);
