/** Deepgram Aura as a voice source. */
export { DEEPGRAM_URL, type DeepgramOptions, deepgramVoices } from './deepgram-voices.ts';
