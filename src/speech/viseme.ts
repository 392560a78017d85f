/**
 * The 15 mouth shapes of Meta's OVRLipSync, in its index order, which is also that of
 * OpenXR's XR_META_face_tracking_visemes. Spelled as the vowels of the viseme reference table (I, O, U).
 */
export const VISEMES = [
  'sil',
  'PP',
  'FF',
  'TH',
  'DD',
  'kk',
  'CH',
  'SS',
  'nn',
  'RR',
  'aa',
  'E',
  'I',
  'O',
  'U',
] as const;

/** A mouth shape: one of {@link VISEMES}. */
export type Viseme = (typeof VISEMES)[number];

/** Number of visemes: 15. */
export const VISEME_COUNT = VISEMES.length;

/** Index of each viseme in {@link VISEMES}, for code that works on flat arrays. */
export const VISEME_INDEX: Readonly<Record<Viseme, number>> = Object.freeze(
  Object.fromEntries(VISEMES.map((viseme, index) => [viseme, index])) as Record<Viseme, number>,
);
