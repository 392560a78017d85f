/** `openAiVoices` against the emulator of the service. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { openAiVoices } from '../../../src/voices/openai/index.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { type OpenAiEmulator, serveOpenAi } from '../../emulators/openai.ts';
import { endSpeech } from '../../emulators/speech.ts';

const key = 'sk-openai-canary';
let emulator: OpenAiEmulator;

beforeAll(async () => {
  emulator = await serveOpenAi({ key });
});
afterAll(async () => {
  await emulator.close();
  endSpeech();
});

const checks = conformanceChecks({
  name: 'openai',
  key,
  request: { lang: 'en', speed: 1 },
  others: { voice: 'cedar', lang: 'es', speed: 1.25 },
  open: (url, { timeouts }) => openAiVoices({ url, timeouts, apiKey: key, openSocket: openNodeSocket }),
  serve: () => ({ url: emulator.url }),
  variants: { odd: 'odd=1', noEnd: 'end=none', orders: ['order=late', 'old=1'] },
});

describe('openai', () => {
  for (const check of checks) it(check.name, check.run, check.seconds * 1000);
});
