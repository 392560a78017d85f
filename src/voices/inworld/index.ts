/** Inworld as a voice source. */
export { INWORLD_URL, type InworldOptions, inworldVoices } from './inworld-voices.ts';
