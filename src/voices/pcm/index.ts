/** Raw sound from servers of your own. */
export type { PcmEncoding } from '../../pcm/encoding.ts';
export type { ByteStream } from './pcm-stream.ts';
export { type PcmVoicesOptions, pcmVoices } from './pcm-voices.ts';
