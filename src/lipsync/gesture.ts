import { VISEMES, type Viseme } from '../speech/viseme.ts';

/** How the mouth makes a shape. */
export interface Gesture {
  /** Weight of the shape when it is held, 0 to 1. */
  readonly strength: number;
  /** Half the time the mouth needs to go into the shape or out of it, seconds. */
  readonly reach: number;
  /** How much the mouth is ahead of the sound, seconds. */
  readonly lead: number;
}

/*
 * Strength: 0.9 for the closed shapes is what TalkingHead drives (its other shapes: 0.6); shapes modelled at their
 * extreme look natural at 0.6 to 0.9, judged on renders of a face with all 15.
 * Reach: a lip or jaw movement of fluent speech takes 100 to 150 ms from rest to target (Löfqvist & Gracco 1997,
 * Gracco 1988); the jaw of a vowel is slower than the tongue and lips of a consonant.
 * Lead: visible movement is 20 to 50 ms ahead of the sound in connected speech (Schwartz & Savariaux 2014); lip
 * rounding starts earlier still (Abry & Lallouache 1995, Perkell & Matthies 1992).
 */
const vowel = (strength: number): Gesture => ({ strength, reach: 0.065, lead: 0.02 });
const round = (strength: number): Gesture => ({ strength, reach: 0.07, lead: 0.035 });
const consonant = (strength: number): Gesture => ({ strength, reach: 0.055, lead: 0.015 });

/** The gesture of each viseme. PP and FF are contacts: their times are those of `contact.ts`, only the strength counts. */
export const GESTURES: Readonly<Record<Viseme, Gesture>> = {
  sil: consonant(0),
  PP: consonant(0.9),
  FF: consonant(0.9),
  TH: consonant(0.75),
  DD: consonant(0.65),
  kk: consonant(0.6),
  CH: round(0.75),
  SS: consonant(0.75),
  nn: consonant(0.65),
  RR: round(0.7),
  aa: vowel(0.85),
  E: vowel(0.75),
  I: vowel(0.75),
  O: round(0.85),
  U: round(0.85),
};

/** Weight of PP and FF while they are held. */
export const CONTACT_STRENGTH = GESTURES.PP.strength;

const column = (key: keyof Gesture): Float64Array => Float64Array.from(VISEMES, (v) => GESTURES[v][key]);

/** {@link GESTURES} by viseme index, for the frame path. */
export const STRENGTH = column('strength');
/** {@link GESTURES} by viseme index, for the frame path. */
export const REACH = column('reach');
/** {@link GESTURES} by viseme index, for the frame path. */
export const LEAD = column('lead');
/** The furthest that any non-contact shape reaches beyond its cue, seconds. */
export const FURTHEST = Math.max(...VISEMES.map((v) => GESTURES[v].reach + GESTURES[v].lead));
