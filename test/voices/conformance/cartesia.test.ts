/** `cartesiaVoices` against the emulator of its service. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { localVoices } from '../../../src/gateway/index.ts';
import { cartesiaVoices } from '../../../src/voices/cartesia/index.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { type CartesiaEmulator, serveCartesia } from '../../emulators/cartesia.ts';
import { rememberedVoices } from '../../kit/remembered-voices.ts';

const key = 'sk-cartesia/+"canary"';
const truth = rememberedVoices(localVoices({ sampleRate: 24_000 }));
let server: CartesiaEmulator;

beforeAll(async () => {
  server = await serveCartesia({ keys: [key], concurrency: 100 });
});
afterAll(async () => {
  await server.close();
  truth.dispose();
});

function checksWith(keyIn: 'header' | 'query') {
  return conformanceChecks({
    name: `cartesia, key in the ${keyIn}`,
    key,
    truth,
    request: { voice: 'F1', lang: 'en', speed: 1 },
    others: { voice: 'M1', lang: 'es', speed: 1.25 },
    open: (url, { timeouts, sampleRate }) =>
      cartesiaVoices({ url, timeouts, sampleRate, keyIn, apiKey: key, openSocket: openNodeSocket }),
    serve: () => ({ url: server.url }),
    rates: [8_000, 16_000, 22_050, 24_000, 44_100, 48_000],
    variants: { odd: 'odd=1', orders: ['order=early', 'order=late'], noEnd: 'end=none' },
  });
}

const ofKeys = checksWith('query').filter(({ name }) => /the key is|page/.test(name));
describe('cartesia', () => {
  for (const { name, run, seconds } of [...checksWith('header'), ...ofKeys]) it(name, run, seconds * 1000);
});
