/** Captions for all who speak: `babylon-parley/captions`. */
export { type Captions, showCaptions } from './page/captions.ts';
export type { CaptionLabels, CaptionOptions, CaptionSettings } from './page/settings.ts';
