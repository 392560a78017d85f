/** Frames of the whole face, for which the dialects of the services have no room. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway/index.ts';
import { SHAPE_COUNT } from '../../src/speech/face-shapes.ts';
import type { SpeechPart } from '../../src/speech/part.ts';
import type { VoiceSource } from '../../src/speech/source.ts';
import { lightningVoices } from '../../src/voices/lightning/lightning-voices.ts';
import { lokutorVoices } from '../../src/voices/lokutor/lokutor-voices.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { type Collected, say } from '../kit/collect.ts';

const RATE = 44_100;
const TEXT = 'Map it.';
let framed = false;

/** Tells cues, words and, where it shall, frames of the face. */
const source: VoiceSource = {
  name: 'faces',
  home: 'both',
  timing: { origin: 'service', confidence: 1 },
  async *speak(): AsyncGenerator<SpeechPart> {
    const frames = new Float32Array(30 * SHAPE_COUNT).fill(0.5);
    if (framed) yield { type: 'shapes', fps: 60, from: 0, frames };
    const cues = [
      { viseme: 'PP', start: 0, end: 0.2, weight: 1 },
      { viseme: 'aa', start: 0.2, end: 0.5, weight: 1 },
    ] as const;
    yield { type: 'cues', cues };
    yield { type: 'words', words: [{ text: 'Map', start: 0, end: 0.5, from: 0, to: 3 }] };
    const samples = Int16Array.from({ length: RATE / 2 }, (_, at) => 900 * Math.sin(at / 9));
    yield { type: 'audio', samples, sampleRate: RATE };
    yield { type: 'end' };
  },
  dispose() {},
};
const gateway = createGateway({ source });
const address = (path: string) => `ws://127.0.0.1:${gateway.address.port}${path}`;

beforeAll(() => gateway.listen({ port: 0 }));
afterAll(() => gateway.close());

it.each([
  ['Lokutor', () => lokutorVoices({ url: address('/ws'), openSocket: openNodeSocket })],
  [
    'Lightning',
    () => lightningVoices({ url: address('/waves/v1/tts/live'), openSocket: openNodeSocket, apiKey: 'any' }),
  ],
] as const)('are left out in the %s dialect: all else is as without them', async (_name, open) => {
  const voices = open();
  const lines: Collected[] = [];
  for (framed of [false, true]) lines.push(await say(voices, { text: TEXT, voice: 'F1' }));
  voices.dispose();
  const [plain, other] = lines as [Collected, Collected];
  expect(plain.error).toBeUndefined();
  expect(plain.cues.some(({ viseme }) => viseme === 'PP')).toBe(true);
  expect(plain.samples.length).toBeGreaterThan(4_000);
  expect(other).toEqual(plain);
});
