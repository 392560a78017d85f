/** What JavaScript lets through as a text is refused as input, before anything is sent. */
import { expect, it } from 'vitest';
import type { VoiceSource } from '../../src/speech/source.ts';
import { azureVoices } from '../../src/voices/azure/index.ts';
import { cartesiaVoices } from '../../src/voices/cartesia/index.ts';
import { deepgramVoices } from '../../src/voices/deepgram/index.ts';
import { elevenLabsVoices } from '../../src/voices/elevenlabs/index.ts';
import { geminiVoices } from '../../src/voices/gemini/index.ts';
import { headTtsVoices } from '../../src/voices/headtts/index.ts';
import { inworldVoices } from '../../src/voices/inworld/index.ts';
import { lightningVoices } from '../../src/voices/lightning/lightning-voices.ts';
import { lokutorVoices } from '../../src/voices/lokutor/lokutor-voices.ts';
import { openAiVoices } from '../../src/voices/openai/index.ts';
import { pcmVoices } from '../../src/voices/pcm/index.ts';
import { pollyVoices } from '../../src/voices/polly/index.ts';
import { collect } from '../kit/collect.ts';

const openSocket = () => {
  throw new Error('no socket is wanted');
};
const SOURCES: Readonly<Record<string, () => VoiceSource>> = {
  azure: () => azureVoices({ region: 'westeurope', openSocket }),
  cartesia: () => cartesiaVoices({ openSocket }),
  deepgram: () => deepgramVoices({ openSocket }),
  elevenlabs: () => elevenLabsVoices({ openSocket }),
  gemini: () => geminiVoices({ openSocket }),
  headtts: () => headTtsVoices({ openSocket }),
  inworld: () => inworldVoices({ openSocket }),
  lightning: () => lightningVoices({ openSocket }),
  lokutor: () => lokutorVoices({ url: 'ws://127.0.0.1:9/', openSocket }),
  openai: () => openAiVoices({ openSocket }),
  pcm: () => pcmVoices({ url: 'ws://127.0.0.1:9/', sampleRate: 24_000, openSocket }),
  polly: () => pollyVoices({ region: 'eu-west-1' }),
};

it.each(Object.keys(SOURCES))('%s', async (name) => {
  const source = SOURCES[name]!();
  const errorOf = async (text: unknown) =>
    (await collect(source.speak({ text: text as string }, new AbortController().signal))).error;
  expect(await errorOf(undefined)).toMatchObject({
    code: 'invalid-input',
    message: 'Text: expected a string, got undefined.',
  });
  expect(await errorOf({})).toMatchObject({ code: 'invalid-input' });
  expect(await errorOf(' \n')).toMatchObject({ message: 'Text: expected something to say, got nothing.' });
  source.dispose();
});
