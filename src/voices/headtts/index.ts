/** HeadTTS: a free server of one's own, with visemes in time. */
export { HEADTTS_URL, type HeadTtsOptions, headTtsVoices } from './headtts-voices.ts';
