/** `gatewayVoices` against the gateway's own protocol. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createGateway, type LineDesk, openLineDesk } from '../../../src/gateway/index.ts';
import { gatewayVoices } from '../../../src/voices/gateway/gateway-voices.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { quickVoices } from '../../kit/remembered-synth.ts';

const apiKey = 'parley/+"canary"';
const truth = quickVoices(44_100);
let lines: LineDesk;
let gateway: ReturnType<typeof createGateway>;

beforeAll(async () => {
  lines = await openLineDesk({ source: truth, maxTextLength: 5_000, maxSeconds: 600 });
  gateway = createGateway({ source: truth, lines });
  await gateway.listen({ port: 0 });
});
afterAll(async () => {
  await gateway.close();
  await lines.dispose();
  truth.dispose();
});

describe('the gateway', () => {
  const checks = conformanceChecks({
    name: 'gateway',
    key: apiKey,
    truth,
    request: { voice: 'F1', lang: 'en', speed: 1 },
    others: { voice: 'M1', lang: 'es', speed: 1.25 },
    open: (url, { timeouts }) => gatewayVoices(url, { apiKey, timeouts, openSocket: openNodeSocket }),
    serve: () => ({ url: `ws://127.0.0.1:${gateway.address.port}/v1/speech` }),
    errorMessage: (words) =>
      JSON.stringify({ type: 'error', line: 1, code: 'service-failed', message: words }),
  });
  for (const check of checks) it(check.name, check.run, check.seconds * 1000);
});
