import { InputError } from '../../speech/errors.ts';

/** Rates at which the service sends raw sound, Hz, the default first: what its newer voices are made in. */
export const AZURE_RATES = [24_000, 16_000, 48_000] as const;

/** The voice of a request that names none: the one that the service's own client takes for American English. */
export const AZURE_VOICE = 'en-US-AvaMultilingualNeural';

/** Voices of the service that stand for the ten by which clients of a gateway ask: women for F, men for M. */
export const AZURE_STAND_INS: Readonly<Record<string, string>> = {
  F1: AZURE_VOICE,
  F2: 'en-US-JennyNeural',
  F3: 'en-US-EmmaMultilingualNeural',
  F4: 'en-US-AriaNeural',
  F5: 'en-GB-SoniaNeural',
  M1: 'en-US-AndrewMultilingualNeural',
  M2: 'en-US-GuyNeural',
  M3: 'en-US-BrianMultilingualNeural',
  M4: 'en-US-ChristopherNeural',
  M5: 'en-GB-RyanNeural',
};

/** Domains of the service's own addresses. */
export const AZURE_DOMAINS = ['speech.microsoft.com', 'speech.azure.cn', 'speech.azure.us'] as const;

/** The service's path; it is the same in every region. */
const PATH = '/tts/cognitiveservices/websocket/v1';

/** The service's address in a region. Throws {@link InputError} for what is no region's name. */
export function azureUrl(region: string): string {
  const name = region.trim().toLowerCase();
  if (!/^[a-z][a-z0-9]{2,40}$/.test(name)) {
    throw new InputError(
      'region',
      'the name of an Azure region, such as "westeurope"',
      JSON.stringify(region),
    );
  }
  const suffix = name.startsWith('china')
    ? 'azure.cn'
    : name.startsWith('usgov')
      ? 'azure.us'
      : 'microsoft.com';
  return `wss://${name}.tts.speech.${suffix}${PATH}`;
}

/** What is told once on a socket: who speaks with the service. */
export const SPEECH_CONFIG = JSON.stringify({
  context: {
    system: { name: 'babylon-parley', version: '1', build: 'JavaScript', lang: 'JavaScript' },
    os: { platform: 'any', name: 'any', version: 'any' },
  },
});

/** What is wanted of a line besides its sound, and in which form the sound. */
export function synthesisContext(sampleRate: number): string {
  return JSON.stringify({
    synthesis: {
      audio: {
        metadataOptions: {
          bookmarkEnabled: false,
          punctuationBoundaryEnabled: false,
          sentenceBoundaryEnabled: false,
          sessionEndEnabled: true,
          visemeEnabled: true,
          wordBoundaryEnabled: true,
        },
        outputFormat: `raw-${sampleRate / 1000}khz-16bit-mono-pcm`,
      },
      language: { autoDetection: false },
    },
  });
}

/** A new name of a request: 32 hexadecimal digits. */
export function newRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // `randomUUID` is not there in pages without https.
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}
