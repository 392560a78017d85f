import type { Scheme } from './scheme.ts';

/** Spellings of the SDKs and OpenXR beside those of the viseme reference; widely copied tables add `AA`. */
const names: Scheme['names'] = {
  sil: ['sil'],
  PP: ['PP', 'p'],
  FF: ['FF', 'f'],
  TH: ['TH'],
  DD: ['DD', 'd'],
  kk: ['kk', 'k'],
  CH: ['CH'],
  SS: ['SS', 's'],
  nn: ['nn', 'n'],
  RR: ['RR', 'r'],
  aa: ['aa'],
  E: ['E', 'eh'],
  I: ['I', 'ih'],
  O: ['O', 'oh'],
  U: ['U', 'ou'],
};

/** Meta's OVRLipSync viseme reference; Ready Player Me; MPFB's visemes02. */
export const OCULUS: Scheme = {
  id: 'oculus',
  title: 'Meta/Oculus visemes',
  prefixes: ['viseme_'],
  names,
};

/** VRChat's avatar descriptor writes them `vrc.v_aa`. */
export const VRCHAT: Scheme = { id: 'vrchat', title: 'VRChat visemes', prefixes: ['vrc.v_'], names };

/** The same fifteen without what stands before them, as avatar makers and older VRChat avatars have them. */
export const OCULUS_PLAIN: Scheme = {
  id: 'oculus-plain',
  title: 'visemes by their bare names',
  prefixes: ['', 'v_', 'vis_', 'phoneme_'],
  whole: true,
  needs: ['PP', 'FF', 'DD', 'kk', 'SS', 'nn', 'aa'],
  names,
};
