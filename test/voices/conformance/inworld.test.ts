/** `inworldVoices` against the emulator of the service. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { localVoices } from '../../../src/gateway/index.ts';
import { inworldVoices } from '../../../src/voices/inworld/index.ts';
import { openNodeSocket } from '../../../src/voices/session/node-socket.ts';
import { conformanceChecks } from '../../../src/voices/testing/index.ts';
import { type InworldEmulator, serveInworld } from '../../emulators/inworld.ts';
import { endSpeech } from '../../emulators/speech.ts';
import { rememberedVoices } from '../../kit/remembered-voices.ts';

const key = 'inworld-canary';
const truth = rememberedVoices(localVoices({ sampleRate: 24_000 }));
let emulator: InworldEmulator;

beforeAll(async () => {
  emulator = await serveInworld({ key });
});
afterAll(async () => {
  await emulator.close();
  truth.dispose();
  endSpeech();
});

const checks = conformanceChecks({
  name: 'inworld',
  key,
  truth,
  request: { voice: 'F1', lang: 'en', speed: 1 },
  others: { voice: 'M1', speed: 1.25 },
  open: (url, { timeouts, sampleRate }) =>
    inworldVoices({ url, timeouts, sampleRate, apiKey: key, openSocket: openNodeSocket }),
  serve: () => ({ url: emulator.url }),
  rates: [8_000, 16_000, 24_000, 48_000],
  variants: { odd: 'odd=1', noEnd: 'end=none', orders: ['order=late', 'times=chunk', 'partial=1'] },
});

describe('inworld', () => {
  for (const check of checks) it(check.name, check.run, check.seconds * 1000);
});
