/** `deepgramVoices` against the emulator of the service. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { deepgramVoices } from '../../../src/voices/deepgram/index.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { type DeepgramEmulator, serveDeepgram } from '../../emulators/deepgram.ts';
import { endSpeech } from '../../emulators/speech.ts';

const key = 'sk-deepgram-canary';
let emulator: DeepgramEmulator;

beforeAll(async () => {
  emulator = await serveDeepgram({ key });
});
afterAll(async () => {
  await emulator.close();
  endSpeech();
});

const checks = conformanceChecks({
  name: 'deepgram',
  key,
  request: { lang: 'en', speed: 1 },
  others: { voice: 'aura-2-apollo-en', lang: 'es', speed: 1.25 },
  open: (url, { timeouts, sampleRate }) =>
    deepgramVoices({ url, timeouts, sampleRate, apiKey: key, openSocket: openNodeSocket }),
  serve: () => ({ url: emulator.url }),
  rates: [8_000, 16_000, 24_000, 44_100, 48_000],
  variants: { odd: 'odd=1', noEnd: 'end=none' },
});

describe('deepgram', () => {
  for (const check of checks) it(check.name, check.run, check.seconds * 1000);
});
