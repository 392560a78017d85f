export type { TokenSource } from '../session/access.ts';
export type { OpenSocket } from '../session/socket.ts';
export type { Timeouts } from '../session/socket-line.ts';
export { AZURE_VISEMES, type AzureShape, type AzureVisemeTable } from './azure-visemes.ts';
export { type AzureOptions, azureVoices } from './azure-voices.ts';
