import { describe, expect, it } from 'vitest';
import { InputError, lightningVoices, lokutorVoices } from '../../src/index.ts';

describe('a key in a page', () => {
  it.each([
    { url: 'wss://speech.example/ws', apiKey: 'sk-canary' },
    { url: 'wss://speech.example/ws?api_key=sk-canary' },
    { url: 'wss://user:sk-canary@speech.example/ws' },
  ])('is refused in words that name the gateway and not the key: %j', (options) => {
    try {
      lokutorVoices(options);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect(String(error)).toContain('gateway');
      expect(String(error)).not.toContain('sk-canary');
    }
  });

  it('is taken where the page says that it knows what it does, and never needed for a gateway', () => {
    lokutorVoices({ url: 'wss://speech.example/ws', apiKey: 'sk-canary', allowKeyInPage: true }).dispose();
    lokutorVoices({ url: 'ws://127.0.0.1:8790/ws' }).dispose();
  });
});

describe('Lightning in a page', () => {
  it.each([
    {},
    { apiKey: 'sk-canary' },
    { url: 'wss://api.smallest.ai/waves/v1/tts/live' },
    { url: 'ws://127.0.0.1:8790/waves/v1/tts/live?api_key=sk-canary' },
    { url: 'ws://127.0.0.1:8790/waves/v1/tts/live', apiKey: 'sk-canary' },
  ])('is refused in words that name the gateway and what to do: %j', (options) => {
    try {
      lightningVoices(options);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect(String(error)).toContain('parley serve --source lightning');
      expect(String(error)).not.toContain('sk-canary');
    }
  });

  it('may ask a gateway without a key, or go through a socket of the app', () => {
    lightningVoices({ url: 'ws://127.0.0.1:8790/waves/v1/tts/live' }).dispose();
    lightningVoices({
      openSocket: () => ({ send() {}, pause() {}, resume() {}, close() {} }),
    }).dispose();
  });
});
