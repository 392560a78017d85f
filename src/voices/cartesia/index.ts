/** Cartesia: `babylon-parley/voices/cartesia`. */
export { CARTESIA_MODEL, CARTESIA_RATES, CARTESIA_URL, CARTESIA_VOICE } from './cartesia-request.ts';
export { type CartesiaOptions, cartesiaVoices } from './cartesia-voices.ts';
