/** `lightningVoices` against the gateway's own dialects. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createGateway } from '../../../src/gateway/index.ts';
import { lightningVoices } from '../../../src/voices/lightning/lightning-voices.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { quickVoices } from '../../kit/remembered-synth.ts';

const key = 'sk-lightning/+"canary"';
const truth = quickVoices(24_000);
const gateway = createGateway({ source: truth, units: 8 });

beforeAll(() => gateway.listen({ port: 0 }));
afterAll(async () => {
  await gateway.close();
  truth.dispose();
});

function checksOf(name: string, path: string, words: boolean) {
  return conformanceChecks({
    name,
    key,
    truth,
    request: { voice: 'F1', lang: 'en', speed: 1 },
    others: { voice: 'M1', lang: 'es', speed: 1.25 },
    open: (url, { timeouts, sampleRate }) =>
      lightningVoices({ url, timeouts, sampleRate, apiKey: key, openSocket: openNodeSocket }),
    serve: () => ({ url: `ws://127.0.0.1:${gateway.address.port}${path}?handshake=key` }),
    rates: [8_000, 16_000, 24_000, 44_100],
    variants: { odd: 'pieces=odd', noEnd: 'end=none', ...(words && { orders: ['words=late'] }) },
  });
}

describe.each([
  ['lightning v3.1', '/waves/v1/tts/live', true],
  ['lightning v2', '/waves/v1/lightning-v2/get_speech/stream', false],
] as const)('%s', (name, path, words) => {
  for (const check of checksOf(name, path, words)) it(check.name, check.run, check.seconds * 1000);
});

/** What depends on the address alone, on all others that the service has had. */
describe.each([
  '/waves/v1/lightning-v3.1/get_speech/stream',
  '/api/v1/lightning-v3.1/get_speech/stream',
  '/api/v1/lightning-v2/get_speech/stream',
])('%s', (path) => {
  const some = /sample by sample|key is|HTTP 401|gives what/;
  for (const check of checksOf(path, path, !path.includes('v2')).filter(({ name }) => some.test(name)))
    it(check.name, check.run, check.seconds * 1000);
});
