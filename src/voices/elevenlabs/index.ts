/** ElevenLabs: `babylon-parley/voices/elevenlabs`. */
export {
  ELEVENLABS_MODEL,
  ELEVENLABS_RATES,
  ELEVENLABS_URL,
  ELEVENLABS_VOICE,
  type ElevenLabsVoiceSettings,
} from './elevenlabs-request.ts';
export { type ElevenLabsOptions, elevenLabsVoices } from './elevenlabs-voices.ts';
