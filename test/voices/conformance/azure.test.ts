/** `azureVoices` against the emulator of the service. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { localVoices } from '../../../src/synth/local-voices.ts';
import { azureVoices } from '../../../src/voices/azure/index.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { type AzureEmulator, serveAzure } from '../../emulators/azure.ts';
import { rememberedVoices } from '../../kit/remembered-voices.ts';

const key = 'sk-azure/+"canary"';
const truth = rememberedVoices(localVoices({ sampleRate: 24_000 }));
let emulator: AzureEmulator;

beforeAll(async () => {
  emulator = await serveAzure();
});
afterAll(async () => {
  await emulator.close();
  truth.dispose();
});

describe.each([
  ['azure', false],
  ['azure with frames', true],
] as const)('%s', (name, shapes) => {
  const checks = conformanceChecks({
    name,
    key,
    truth,
    request: { lang: 'en', speed: 1 },
    others: { voice: 'en-US-GuyNeural', lang: 'en-GB', speed: 1.25 },
    open: (url, { timeouts, sampleRate }) =>
      azureVoices({ url, timeouts, sampleRate, shapes, apiKey: key, openSocket: openNodeSocket }),
    serve: () => ({ url: emulator.url }),
    rates: [16_000, 24_000, 48_000],
    variants: { odd: 'odd=1', orders: ['order=late'], noEnd: 'end=none' },
  });
  for (const check of checks) it(check.name, check.run, check.seconds * 1000);
});
