/** `headTtsVoices` against the emulator of the server. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { headTtsVoices } from '../../../src/voices/headtts/index.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { type HeadTtsEmulator, serveHeadTts } from '../../emulators/headtts.ts';
import { endSpeech } from '../../emulators/speech.ts';

let emulator: HeadTtsEmulator;

beforeAll(async () => {
  emulator = await serveHeadTts();
});
afterAll(async () => {
  await emulator.close();
  endSpeech();
});

const checks = conformanceChecks({
  name: 'headtts',
  request: { lang: 'en', speed: 1 },
  others: { voice: 'am_adam', lang: 'es', speed: 1.25 },
  open: (url, { timeouts }) => headTtsVoices({ url, timeouts, openSocket: openNodeSocket }),
  serve: () => ({ url: emulator.url }),
  // Sound comes by the sentence: a check that holds back the last message wants some before it.
  texts: { line: 'Pam bought a map. Bob waves.' },
  variants: { orders: ['shuffle=1'], otherRate: { query: 'rate=16000', sampleRate: 16_000 } },
});

describe('headtts', () => {
  for (const check of checks) it(check.name, check.run, check.seconds * 1000);
});
