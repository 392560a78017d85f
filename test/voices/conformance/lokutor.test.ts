/** `lokutorVoices` against the gateway's own dialect. */
import { afterAll, beforeAll, it } from 'vitest';
import { createGateway } from '../../../src/gateway/index.ts';
import { lokutorVoices } from '../../../src/voices/lokutor/lokutor-voices.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { quickVoices } from '../../kit/remembered-synth.ts';

const key = 'sk-lokutor/+"canary"';
const truth = quickVoices(44_100);
const gateway = createGateway({ source: truth });

beforeAll(() => gateway.listen({ port: 0 }));
afterAll(async () => {
  await gateway.close();
  truth.dispose();
});

function checksWith(keyIn: 'query' | 'header') {
  return conformanceChecks({
    name: `lokutor, key in the ${keyIn}`,
    key,
    truth,
    request: { voice: 'F1', lang: 'en', speed: 1 },
    others: { voice: 'M1', lang: 'es', speed: 1.25 },
    open: (url, { timeouts }) =>
      lokutorVoices({ url, timeouts, apiKey: key, keyIn, openSocket: openNodeSocket }),
    serve: () => ({ url: `ws://127.0.0.1:${gateway.address.port}/ws?handshake=key` }),
    variants: { odd: 'pieces=odd', orders: ['order=after'], noEnd: 'end=none' },
  });
}

const ofKeys = checksWith('header').filter(
  ({ name }) => name.includes('the key is') || name.includes('page'),
);
for (const { name, run, seconds } of [...checksWith('query'), ...ofKeys]) it(name, run, seconds * 1000);
