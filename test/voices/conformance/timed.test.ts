/** Sources whose timing is made or checked by `timedVoices` keep all that a source must keep. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createGateway } from '../../../src/gateway/index.ts';
import { azureVoices } from '../../../src/voices/azure/index.ts';
import { lightningVoices } from '../../../src/voices/lightning/lightning-voices.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { timedVoices } from '../../../src/voices/timed/timed-voices.ts';
import { type AzureEmulator, serveAzure } from '../../emulators/azure.ts';
import { quickVoices } from '../../kit/remembered-synth.ts';

const key = 'sk-timed/+"canary"';
/** What a wrapper can spoil: the rest is the adapter's. */
const OURS =
  /sample by sample|gives what|once, and nothing after|dispose ends|cancel (at|in|after the request)|leaves|at once|while another|slow|missing end|speaks again/;
const truth = quickVoices(24_000);
const gateway = createGateway({ source: truth, units: 8 });

let emulator: AzureEmulator;

beforeAll(async () => {
  await gateway.listen({ port: 0 });
  emulator = await serveAzure();
});
afterAll(async () => {
  await emulator.close();
  await gateway.close();
  truth.dispose();
});

describe('timedVoices over lightning', () => {
  const checks = conformanceChecks({
    name: 'timed lightning',
    key,
    truth,
    request: { voice: 'F1', lang: 'en', speed: 1 },
    open: (url, { timeouts, sampleRate }) =>
      timedVoices(lightningVoices({ url, timeouts, sampleRate, apiKey: key, openSocket: openNodeSocket })),
    serve: () => ({ url: `ws://127.0.0.1:${gateway.address.port}/waves/v1/tts/live?handshake=key` }),
    rates: [24_000],
    variants: { odd: 'pieces=odd', noEnd: 'end=none' },
  });
  for (const check of checks.filter(({ name }) => OURS.test(name)))
    it(check.name, check.run, check.seconds * 1000);
});

describe('timedVoices over azure, whose times are checked', () => {
  const checks = conformanceChecks({
    name: 'checked azure',
    key,
    truth,
    request: { lang: 'en', speed: 1 },
    open: (url, { timeouts, sampleRate }) =>
      timedVoices(azureVoices({ url, timeouts, sampleRate, apiKey: key, openSocket: openNodeSocket })),
    serve: () => ({ url: emulator.url }),
    rates: [24_000],
    variants: { odd: 'odd=1', orders: ['order=late'], noEnd: 'end=none' },
  });
  for (const check of checks.filter(({ name }) => OURS.test(name)))
    it(check.name, check.run, check.seconds * 1000);
});
