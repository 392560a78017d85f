/** `azureVoices` against the emulator of the service. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localVoices } from '../../../src/synth/local-voices.ts';
import { azureVoices } from '../../../src/voices/azure/index.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { type AzureEmulator, serveAzure } from '../../emulators/azure.ts';
import { rememberedVoices } from '../../kit/remembered-voices.ts';

const key = 'sk-azure/+"canary"';
const truth = rememberedVoices(localVoices({ sampleRate: 24_000 }));
const IN_ORDER = ': times before or after their sound are the same times';
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
    open: (url, { timeouts, sampleRate }) =>
      azureVoices({ url, timeouts, sampleRate, shapes, apiKey: key, openSocket: openNodeSocket }),
    serve: () => ({ url: emulator.url }),
    rates: [16_000, 24_000, 48_000],
    variants: { odd: 'odd=1', orders: ['order=late'], noEnd: 'end=none' },
  });
  // With frames, the cues of a late order are not those of an early one.
  const given = checks.filter((each) => !shapes || !each.name.endsWith(IN_ORDER));
  it('leaves out nothing else', () => expect(checks.length - given.length).toBe(shapes ? 1 : 0));
  for (const check of given) it(check.name, check.run, check.seconds * 1000);
});
