import type { Sweep } from './hair.ts';
import type { PoseAngles } from './skeleton.ts';

/** The two characters, as data. All weights are MakeHuman target weights (0..1 unless noted). */

export interface Recipe {
  name: string;
  sex: 'female' | 'male';
  /** Standing height without shoes, metres; the whole figure is scaled to it. */
  height: number;
  /** Race macro weights; they sum to 1. */
  race: { caucasian: number; african: number };
  /** How old: 0, the default, is about 25, 1 about 90. */
  old?: number;
  /** How heavy, and how strong: -1 least, 0 average (default), 1 most. */
  weight?: number;
  muscle?: number;
  /** Weight of the ideal-proportions macro target. */
  ideal: number;
  /** Detail targets; `*` in a name stands for both `l` and `r`. */
  targets: Record<string, number>;
  /** Shapes baked into the neutral face to make it friendly. */
  neutral: Record<string, number>;
  /** Differences from the common standing pose, degrees. */
  pose: Partial<PoseAngles>;
  skin: SkinRecipe;
  eye: EyeRecipe;
  hair: HairRecipe;
  eyebrows: { proxy: string; color: Rgb; opacity: number };
  eyelashes: { proxy: string };
  outfit: OutfitRecipe;
  shoes?: { proxy: string; tint: Rgb };
}

/** sRGB, 0..1. */
export type Rgb = readonly [number, number, number];

export interface SkinRecipe {
  texture: string;
  /** Colour the mean of the face is moved to. */
  tone: Rgb;
  /** How strongly the source's own variation stays, 1 = as is. */
  contrast: number;
  lips: Rgb;
  /** Lip colour opacity. */
  lipStrength: number;
  blush: number;
  freckles: number;
  /** Beard shadow opacity. */
  beard: number;
  /** Pore depth factor. */
  pores: number;
}

export interface EyeRecipe {
  /** Colour at the rim, in the middle and around the pupil of the iris. */
  rim: Rgb;
  iris: Rgb;
  inner: Rgb;
}

export interface HairRecipe {
  proxy: string;
  /** File name, where it is not that of the proxy. */
  texture?: string;
  /** Colour ramp from shade to light. */
  dark: Rgb;
  mid: Rgb;
  light: Rgb;
  cutoff: number;
  sweep?: Sweep;
}

export interface OutfitRecipe {
  proxy: string;
  texture: string;
  normal: string;
  ao: string;
  /** Plain cloth that replaces the texture above the hips; `knit` 0 smooth .. 1 ribbed. */
  top?: { color: Rgb; knit: number };
  /** Multiplied over the rest of the texture. */
  tint: Rgb;
}

export const mira: Recipe = {
  name: 'mira',
  sex: 'female',
  height: 1.66,
  race: { caucasian: 0.72, african: 0.28 },
  ideal: 0.75,
  targets: {
    'head/head-oval': 0.45,
    'head/head-scale-horiz-less': 0.1,
    'eyes/*-eye-size-big': 0.2,
    'cheek/*-cheek-bones-out': 0.25,
    'cheek/*-cheek-volume-inflate': 0.1,
    'chin/chin-width-min': 0.2,
    'nose/nose-width2-min': 0.25,
    'nose/nose-point-up': 0.2,
    'nose/nose-scale-vert-decr': 0.15,
    'mouth/mouth-upperlip-volume-inflate': 0.15,
    'neck/neck-scale-horiz-less': 0.2,
    'nose/nose-scale-horiz-decr': 0.15,
    'head/head-invertedtriangular': 0.18,
    'eyes/*-eye-height2-max': 0.15,
    'torso/torso-scale-horiz-decr': 0.35,
    'armslegs/*-upperarm-shoulder-muscle-decr': 0.6,
    'armslegs/*-upperarm-scale-horiz-decr': 0.2,
  },
  neutral: {
    mouthSmileLeft: 0.33,
    mouthSmileRight: 0.33,
    eyeSquintLeft: 0.12,
    eyeSquintRight: 0.12,
    browInnerUp: 0.34,
    browOuterUpLeft: 0.04,
    browOuterUpRight: 0.04,
  },
  pose: { arm: 27, armForward: -1, elbow: -17, shoulder: 6, leg: 2.5 },
  skin: {
    texture: 'young_caucasian_female/textures/young_lightskinned_female_diffuse.png',
    tone: [0.84, 0.655, 0.555],
    contrast: 0.8,
    lips: [0.76, 0.43, 0.41],
    lipStrength: 0.5,
    blush: 0.5,
    freckles: 0.35,
    beard: 0,
    pores: 0.8,
  },
  eye: { rim: [0.1, 0.12, 0.1], iris: [0.33, 0.38, 0.3], inner: [0.46, 0.37, 0.22] },
  hair: {
    proxy: 'hair/bob02',
    dark: [0.075, 0.045, 0.033],
    mid: [0.25, 0.15, 0.1],
    light: [0.5, 0.335, 0.225],
    cutoff: 0.5,
    sweep: { angle: -48, span: 115 },
  },
  eyebrows: { proxy: 'eyebrows/eyebrow010', color: [0.2, 0.115, 0.075], opacity: 0.9 },
  eyelashes: { proxy: 'eyelashes/Eyelashes01' },
  outfit: {
    proxy: 'clothes/male_casualsuit02',
    texture: 'male_casualsuit02_diffuse.png',
    normal: 'male_casualsuit02_normal.png',
    ao: 'male_casualsuit02_ao.png',
    top: { color: [0.6, 0.36, 0.28], knit: 1 },
    tint: [0.75, 0.78, 0.85],
  },
  shoes: { proxy: 'clothes/shoes01', tint: [0.8, 0.7, 0.65] },
};

export const tomas: Recipe = {
  name: 'tomas',
  sex: 'male',
  height: 1.8,
  race: { caucasian: 0.6, african: 0.4 },
  ideal: 0.6,
  targets: {
    'head/head-rectangular': 0.25,
    'head/head-square': 0.1,
    'chin/chin-width-max': 0.15,
    'chin/chin-prominent-more': 0.2,
    'nose/nose-hump-morehump': 0.2,
    'nose/nose-width2-min': 0.2,
    'eyes/*-eye-size-big': 0.12,
    'ears/*-ear-wing-out': 0.15,
    'forehead/forehead-scale-vert-more': 0.1,
    'armslegs/*-upperarm-shoulder-muscle-decr': 0.5,
  },
  neutral: {
    mouthSmileLeft: 0.24,
    mouthSmileRight: 0.24,
    eyeWideLeft: 0.3,
    eyeWideRight: 0.3,
    browInnerUp: 0.3,
    browOuterUpLeft: 0.04,
    browOuterUpRight: 0.04,
  },
  pose: {},
  skin: {
    texture: 'young_caucasian_male/textures/young_lightskinned_male_diffuse2.png',
    tone: [0.66, 0.47, 0.365],
    contrast: 0.75,
    lips: [0.56, 0.32, 0.29],
    lipStrength: 0.45,
    blush: 0.3,
    freckles: 0.15,
    beard: 0.55,
    pores: 1.2,
  },
  eye: { rim: [0.06, 0.03, 0.02], iris: [0.3, 0.16, 0.07], inner: [0.48, 0.28, 0.12] },
  hair: {
    proxy: 'hair/short01',
    dark: [0.025, 0.02, 0.018],
    mid: [0.12, 0.085, 0.065],
    light: [0.34, 0.25, 0.19],
    cutoff: 0.4,
  },
  eyebrows: { proxy: 'eyebrows/eyebrow012', color: [0.09, 0.06, 0.045], opacity: 1 },
  eyelashes: { proxy: 'eyelashes/Eyelashes01' },
  outfit: {
    proxy: 'clothes/male_casualsuit01',
    texture: 'male_casualsuit01_diffuse.png',
    normal: 'male_casualsuit01_normal.png',
    ao: 'male_casualsuit01_ao.png',
    tint: [1, 1, 1],
  },
  shoes: { proxy: 'clothes/shoes01', tint: [0.16, 0.13, 0.12] },
};

export const characters: readonly Recipe[] = [mira, tomas];
