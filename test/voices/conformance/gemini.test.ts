/** `geminiVoices` against the emulator of the service. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { geminiVoices } from '../../../src/voices/gemini/index.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { type GeminiEmulator, serveGemini } from '../../emulators/gemini.ts';
import { endSpeech } from '../../emulators/speech.ts';

const key = 'gemini-canary';
let emulator: GeminiEmulator;

beforeAll(async () => {
  emulator = await serveGemini({ key });
});
afterAll(async () => {
  await emulator.close();
  endSpeech();
});

const checks = conformanceChecks({
  name: 'gemini',
  key,
  request: { lang: 'en', speed: 1 },
  others: { voice: 'Puck', lang: 'es', speed: 1.25 },
  open: (url, { timeouts }) => geminiVoices({ url, timeouts, apiKey: key, openSocket: openNodeSocket }),
  serve: () => ({ url: emulator.url }),
  variants: {
    odd: 'odd=1',
    noEnd: 'end=none',
    orders: ['text=1'],
    otherRate: { query: 'rate=16000', sampleRate: 16_000 },
  },
});

describe('gemini', () => {
  for (const check of checks) it(check.name, check.run, check.seconds * 1000);
});
