/** `pollyVoices`, with the vendor's own client in it, against the emulator of the service: HTTP/2, sound and marks apart. */
import { afterAll, beforeAll, it } from 'vitest';
import { pollyVoices } from '../../../src/voices/polly/index.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { ACCESS_KEY, type PollyEmulator, servePolly } from '../../emulators/polly.ts';

const key = 'canary/secret+7f3a';
let server: PollyEmulator;

beforeAll(async () => {
  server = await servePolly();
});
afterAll(() => server.close());

const checks = conformanceChecks({
  name: 'polly',
  key,
  open: (url, { timeouts, sampleRate }) => {
    const { origin, search } = new URL(url);
    return pollyVoices({
      endpoint: search ? `${origin}/${search.slice(1)}` : origin, // The vendor's client keeps no query.
      region: 'eu-west-1',
      credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: key },
      timeouts,
      sampleRate,
    });
  },
  others: { voice: 'Matthew', lang: 'es', speed: 1.25 },
  serve: () => ({ url: server.url }),
  rates: [16_000, 8_000],
  variants: { odd: 'odd=1' },
  rawSound: true,
  endsByClosing: true, // The sound is whole when its answer is.
});
for (const { name, run, seconds } of checks) it(name, run, seconds * 1000);
