import { afterEach, describe, expect, it } from 'vitest';
import { commands } from 'vitest/browser';
import type { VoiceSource } from '../../src/speech/source.ts';
import { cartesiaVoices } from '../../src/voices/cartesia/index.ts';
import { elevenLabsVoices } from '../../src/voices/elevenlabs/index.ts';
import { collect } from '../kit/collect.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A source in this page that asks for a token at each opening, and how often it did. */
async function open(
  name: 'elevenlabs' | 'cartesia',
  tokens = ['tok-1', 'tok-2'],
): Promise<{ source: VoiceSource; asked: () => number }> {
  const url = await commands.emulate(name, tokens);
  let asked = 0;
  const options = { url, token: async () => `tok-${++asked}` };
  const source = name === 'cartesia' ? cartesiaVoices(options) : elevenLabsVoices(options);
  closing.push(
    () => commands.kill(url),
    () => source.dispose(),
  );
  return { source, asked: () => asked };
}

describe.each(['elevenlabs', 'cartesia'] as const)('%s in a page', (name) => {
  it('speaks by the page’s own sockets with a token, several lines at once, and can be cancelled', async () => {
    const { source, asked } = await open(name);
    const cancel = new AbortController();
    const speak = (text: string, signal = new AbortController().signal) =>
      collect(source.speak({ text }, signal));
    async function* first() {
      for await (const part of source.speak({ text: 'Never mind, forget about me.' }, cancel.signal)) {
        yield part;
        cancel.abort();
      }
    }
    const [map, bridge, cancelled] = await Promise.all([
      speak('Map it.'),
      speak('Mind the bridge.'),
      collect(first()),
    ]);
    expect(cancelled.error).toMatchObject({ code: 'aborted' });
    for (const [{ error, words, samples, cues }, spoken] of [
      [map, ['Map', 'it']],
      [bridge, ['Mind', 'the', 'bridge']],
    ] as const) {
      expect(error).toBeUndefined();
      expect(words.map(({ text }) => text)).toEqual(spoken);
      expect(samples.length / 24_000).toBeGreaterThan(words.at(-1)!.end - 0.01);
      expect(cues.filter(({ viseme }) => viseme === 'PP').length).toBeGreaterThan(0);
    }
    expect((await speak('Once more.')).error).toBeUndefined();
    expect(asked()).toBe(1);
  });
});

describe('a token that is not good', () => {
  const signal = new AbortController().signal;

  it('is refused by ElevenLabs, which tells so on the socket: each voice has its own, and wants its own', async () => {
    const { source } = await open('elevenlabs');
    const lines = [];
    for (const voice of ['F1', 'F2', 'F3'])
      lines.push(await collect(source.speak({ text: 'Hi.', voice }, signal)));
    expect(lines.map(({ error }) => error?.code)).toEqual([undefined, undefined, 'refused']);
    expect(lines[2]!.error).toMatchObject({ refusal: 'key' });
  });

  it('opens no socket of Cartesia, and pages are not told why', async () => {
    const { source } = await open('cartesia', ['another']);
    const { error } = await collect(source.speak({ text: 'Hi.' }, signal));
    expect(error).toMatchObject({ code: 'connect-failed' });
    expect(error!.message).not.toContain('tok-1');
  });
});
