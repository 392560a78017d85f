export type { Timeouts } from '../session/socket-line.ts';
export type { PollyCredentials, PollyEngine } from './polly-request.ts';
export { type PollyOptions, pollyVoices } from './polly-voices.ts';
