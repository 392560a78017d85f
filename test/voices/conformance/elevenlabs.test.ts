/** `elevenLabsVoices` against the emulator of its service: over shared sockets, and one line a socket. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { localVoices } from '../../../src/gateway/index.ts';
import { elevenLabsVoices } from '../../../src/voices/elevenlabs/index.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { type ElevenLabsEmulator, serveElevenLabs } from '../../emulators/elevenlabs.ts';
import { rememberedVoices } from '../../kit/remembered-voices.ts';

const key = 'sk-eleven/+"canary"';
const truth = rememberedVoices(localVoices({ sampleRate: 24_000 }));
let server: ElevenLabsEmulator;

beforeAll(async () => {
  server = await serveElevenLabs({ keys: [key] });
});
afterAll(async () => {
  await server.close();
  truth.dispose();
});

function checksOf(name: string, model: string, keyIn: 'header' | 'message') {
  return conformanceChecks({
    name,
    key,
    truth,
    request: { voice: 'F1', lang: 'en', speed: 1 },
    others: { voice: 'M1', lang: 'es', speed: 1.1 },
    open: (url, { timeouts, sampleRate }) =>
      elevenLabsVoices({ url, timeouts, sampleRate, model, keyIn, apiKey: key, openSocket: openNodeSocket }),
    serve: () => ({ url: server.url }),
    rates: [8_000, 16_000, 22_050, 24_000, 44_100],
    variants: { odd: 'odd=1', orders: ['order=early'], noEnd: 'end=none' },
  });
}

describe('elevenlabs', () => {
  for (const check of checksOf('elevenlabs', 'eleven_flash_v2_5', 'header'))
    it(check.name, check.run, check.seconds * 1000);
});

/** What a socket for each line may make otherwise, and a key in a message. */
describe('elevenlabs v3, key in the message', () => {
  const some = /sample by sample|dispose|cancel|leaves|at once|one after|end|cut|never|the key/;
  for (const check of checksOf('v3', 'eleven_v3', 'message').filter(({ name }) => some.test(name)))
    it(check.name, check.run, check.seconds * 1000);
});
