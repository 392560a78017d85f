/** Services that tell the times of sounds truly, as their emulators do, are left alone by `timedVoices`. */
import { afterAll, describe, expect, it } from 'vitest';
import type { TimingRepair } from '../../src/lipsync/timing/mender.ts';
import type { Cue } from '../../src/speech/cue.ts';
import type { SpeechRequest, VoiceSource } from '../../src/speech/source.ts';
import { azureVoices } from '../../src/voices/azure/index.ts';
import { cartesiaVoices } from '../../src/voices/cartesia/index.ts';
import { headTtsVoices } from '../../src/voices/headtts/index.ts';
import { inworldVoices } from '../../src/voices/inworld/index.ts';
import { pollyVoices } from '../../src/voices/polly/index.ts';
import { openNodeSocket as openSocket } from '../../src/voices/session/node-socket.ts';
import { tellsSounds, timedVoices } from '../../src/voices/timed/timed-voices.ts';
import { serveAzure } from '../emulators/azure.ts';
import { serveCartesia } from '../emulators/cartesia.ts';
import { serveHeadTts } from '../emulators/headtts.ts';
import { serveInworld } from '../emulators/inworld.ts';
import { ACCESS_KEY, servePolly } from '../emulators/polly.ts';
import { endSpeech } from '../emulators/speech.ts';

const TEXTS = [
  'Hello Bob',
  'Hm, maybe.',
  'Help me!',
  'Papa.',
  'Have you been to the market by the harbour?',
  'Mind the stair, it is older than I am.',
];

const apiKey = 'k';
const emulators = {
  azure: await serveAzure(),
  cartesia: await serveCartesia({ keys: [apiKey], concurrency: 10 }),
  headtts: await serveHeadTts(),
  inworld: await serveInworld({ key: apiKey }),
  polly: await servePolly(),
};
const credentials = { accessKeyId: ACCESS_KEY, secretAccessKey: apiKey };
const SERVICES: readonly (readonly [string, () => VoiceSource])[] = [
  ['azure', () => azureVoices({ url: emulators.azure.url, apiKey, openSocket })],
  ['azure with frames', () => azureVoices({ url: emulators.azure.url, apiKey, shapes: true, openSocket })],
  ['cartesia', () => cartesiaVoices({ url: emulators.cartesia.url, apiKey, openSocket })],
  ['headtts', () => headTtsVoices({ url: emulators.headtts.url, openSocket })],
  ['inworld', () => inworldVoices({ url: emulators.inworld.url, apiKey, openSocket })],
  ['polly', () => pollyVoices({ endpoint: emulators.polly.url, region: 'eu-west-1', credentials })],
];

afterAll(async () => {
  await Promise.all(Object.values(emulators).map((emulator) => emulator.close()));
  endSpeech();
});

describe.each(SERVICES)('true times of %s', (_name, open) => {
  it('are given on as they are', async () => {
    const repairs: TimingRepair[] = [];
    const [plain, checked] = [open(), timedVoices(open(), { onRepair: (repair) => repairs.push(repair) })];
    expect(tellsSounds(plain)).toBe(true);
    try {
      for (const text of TEXTS) {
        const told = await mouthOf(plain, { text, lang: 'en' });
        expect(told.length).toBeGreaterThan(1);
        expect(await mouthOf(checked, { text, lang: 'en' }), text).toEqual(told);
        expect(repairs, text).toEqual([]);
      }
    } finally {
      plain.dispose();
      checked.dispose();
    }
  }, 30_000);
});

/** All cues of a line but silence, which is the same where nothing is told. */
async function mouthOf(source: VoiceSource, request: SpeechRequest): Promise<Cue[]> {
  const cues: Cue[] = [];
  for await (const part of source.speak(request, new AbortController().signal))
    if (part.type === 'cues') cues.push(...part.cues.filter(({ viseme }) => viseme !== 'sil'));
  return cues;
}
