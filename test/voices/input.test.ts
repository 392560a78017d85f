import { expect, it } from 'vitest';
import type { VoiceSource } from '../../src/speech/source.ts';
import { geminiVoices } from '../../src/voices/gemini/index.ts';
import { lokutorVoices } from '../../src/voices/lokutor/lokutor-voices.ts';
import { pcmVoices } from '../../src/voices/pcm/index.ts';
import { collect } from '../kit/collect.ts';

const url = 'ws://127.0.0.1:9';

it.each<[string, () => VoiceSource]>([
  ['lokutor', () => lokutorVoices({ url })],
  ['gemini', () => geminiVoices({ url })],
  ['pcm', () => pcmVoices({ url, sampleRate: 24_000 })],
])('a speed that is none is told before anything is asked: %s', async (_, make) => {
  const source = make();
  for (const speed of [Number.NaN, 0, -1, Number.POSITIVE_INFINITY, 'fast' as unknown as number]) {
    const { error } = await collect(source.speak({ text: 'Hi.', speed }, new AbortController().signal));
    expect(error).toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(/^speed: expected/),
    });
  }
  source.dispose();
});

it.each([Number.NaN, 0, -1, 1e9, 22_050.5, '24000' as unknown as number])(
  'a rate that is not read is told when the source is made: %s',
  (sampleRate) => {
    expect(() => lokutorVoices({ url, sampleRate })).toThrow(
      /^sampleRate: expected a whole number from 8000/,
    );
    lokutorVoices({ url, sampleRate: 24_000 }).dispose();
  },
);
