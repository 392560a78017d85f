import { expect, it } from 'vitest';
import { decodeAnyWav } from '../../../src/pcm/wav.ts';
import silence from '../../../src/playback/silence.wav?url';
import { pcmVoices } from '../../../src/voices/pcm/index.ts';
import { collect } from '../../kit/collect.ts';

const never = new AbortController().signal;

it('reads raw sound from the answer to a request of the page', async () => {
  const url = new URL(silence, location.href).href;
  const file = decodeAnyWav(new Uint8Array(await (await fetch(url)).arrayBuffer()));
  const voices = pcmVoices({ url, sampleRate: 24_000, ask: () => undefined });
  const line = await collect(voices.speak({ text: 'Nothing.' }, never));
  expect(line.error).toBeUndefined();
  expect(line.samples).toEqual([...file.samples]);
  expect(line.types.at(-1)).toBe('end');
  const none = pcmVoices({ url: `${location.origin}/none/such`, sampleRate: 24_000 });
  expect((await collect(none.speak({ text: 'Nothing.' }, never))).error).toMatchObject({ code: 'refused' });
});

it('takes no key there', () => {
  const options = { url: 'wss://voice.example', sampleRate: 24_000, apiKey: 'sk-canary' };
  expect(() => pcmVoices(options)).toThrow(/gateway/);
  expect(() => pcmVoices(options)).not.toThrow(/sk-canary/);
  pcmVoices({ ...options, allowKeyInPage: true }).dispose();
});
