import { MMD, VOWELS, VRM_VOWELS, VROID } from './anime.ts';
import { ARKIT } from './arkit.ts';
import { MAKEHUMAN } from './makehuman.ts';
import { OCULUS, OCULUS_PLAIN, VRCHAT } from './oculus.ts';
import { DAZ, FUSE, PLAIN } from './others.ts';
import { REALLUSION, REALLUSION_EIGHT, REALLUSION_PARTS } from './reallusion.ts';
import type { Scheme } from './scheme.ts';
import { AZURE, MPFB_MICROSOFT, POLLY } from './services.ts';

export type { Scheme, Shape } from './scheme.ts';

/** Every scheme known, best first: where two of them have a shape for the same thing, the first is used. */
export const SCHEMES: readonly Scheme[] = [
  POLLY,
  OCULUS,
  VRCHAT,
  OCULUS_PLAIN,
  REALLUSION,
  AZURE,
  MPFB_MICROSOFT,
  DAZ,
  ARKIT,
  REALLUSION_PARTS,
  REALLUSION_EIGHT,
  VROID,
  MMD,
  VRM_VOWELS,
  VOWELS,
  MAKEHUMAN,
  FUSE,
  PLAIN,
];
