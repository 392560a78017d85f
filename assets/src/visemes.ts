/**
 * The 15 Oculus/OVR visemes as mixes of MakeHuman expression units.
 *
 * Keys are unit names below `expression/units/caucasian/mouth-`, or one of the helpers of morphs.ts:
 * `upper` (upper lip rises), `rollLower`/`rollUpper` (lips roll in), `tongueOut`, `tongueTipUp`,
 * `tongueBackUp`. Weights were set by eye on renders of both characters. Shapes that close the lips are sealed
 * afterwards (lips.ts).
 */
export const visemes: Record<string, Record<string, number>> = {
  sil: {},
  PP: { compression: 0.18, pursing: 0.16, rollLower: 0.55, rollUpper: 0.5 },
  FF: { upper: 0.36, parling: 0.1, rollLower: 0.72, open: 0.03 },
  TH: { open: 0.17, parling: 0.42, tongueOut: 0.55, tongueTipUp: 0.8 },
  DD: { open: 0.12, parling: 0.5, retraction: 0.15, tongueTipUp: 1 },
  kk: { open: 0.22, upper: 0.25, retraction: 0.15, tongueBackUp: 1 },
  CH: { protusion: 0.42, pursing: 0.42, open: 0.05 },
  SS: { 'upward-retraction': 0.25, 'part-later': 0.2, retraction: 0.28, open: 0.02 },
  nn: { open: 0.1, parling: 0.42, retraction: 0.18, tongueTipUp: 1 },
  RR: { protusion: 0.25, pursing: 0.5, open: 0.07, tongueTipUp: 0.5 },
  aa: { open: 0.56, upper: 0.34 },
  E: { open: 0.25, 'upward-retraction': 0.3, retraction: 0.28 },
  I: { open: 0.09, 'upward-retraction': 0.52, retraction: 0.32 },
  O: { open: 0.38, pursing: 0.62, protusion: 0.08 },
  U: { pursing: 0.95, open: 0.07 },
};

/** Morphs with closed lips: their lip gap is removed after mixing. */
export const sealed: readonly string[] = [
  'viseme_PP',
  'mouthSmileLeft',
  'mouthSmileRight',
  'mouthFrownLeft',
  'mouthFrownRight',
  'mouthPressLeft',
  'mouthPressRight',
  'mouthDimpleLeft',
  'mouthDimpleRight',
  'mouthStretchLeft',
  'mouthStretchRight',
  'mouthLeft',
  'mouthRight',
  'mouthPucker',
  'cheekPuff',
  'mouthRollLower',
  'mouthRollUpper',
];
