import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { SpeechRequest, VoiceSource } from '../../src/speech/source.ts';
import { type ElevenLabsOptions, elevenLabsVoices } from '../../src/voices/elevenlabs/index.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { timedVoices } from '../../src/voices/timed/timed-voices.ts';
import { charactersOf } from '../emulators/elevenlabs/alignment.ts';
import {
  type ElevenLabsEmulator,
  type ElevenLabsServeOptions,
  serveElevenLabs,
} from '../emulators/elevenlabs.ts';
import { Speech, type SpokenText } from '../emulators/spoken-text.ts';
import { type Collected, collect } from '../kit/collect.ts';

const TEXT = 'Welcome, traveller. The bridge is out, but the ferry runs until dusk.';
let speech: Speech;
let truth: SpokenText;

beforeAll(async () => {
  speech = new Speech();
  truth = await speech.speak(TEXT, { sampleRate: 24_000, voice: 'M1' });
});
afterAll(() => speech.dispose());
async function serve(options?: ElevenLabsServeOptions): Promise<ElevenLabsEmulator> {
  const server = await serveElevenLabs(options);
  onTestFinished(() => server.close());
  return server;
}

function voices(url: string, options: ElevenLabsOptions = {}): VoiceSource {
  const source = elevenLabsVoices({ url, apiKey: 'sk-secret', openSocket: openNodeSocket, ...options });
  onTestFinished(() => source.dispose());
  return source;
}

function say(
  source: VoiceSource,
  request: Partial<SpeechRequest> = {},
  signal = new AbortController().signal,
): Promise<Collected> {
  return collect(source.speak({ text: TEXT, ...request }, signal));
}

/** Every character's cue and word stand where the sound has them. */
function expectTruth({ samples, words, cues, error }: Collected): void {
  expect(error).toBeUndefined();
  expect(samples).toEqual([...truth.samples]);
  expect(words.map(({ text }) => text)).toEqual(truth.words.map(({ text }) => text));
  for (const [nth, { start, end, from, to }] of words.entries()) {
    const own = truth.words[nth]!;
    expect([from, to]).toEqual([own.from, own.to]);
    expect(Math.abs(start - own.start)).toBeLessThan(0.002);
    expect(Math.abs(end - own.end)).toBeLessThan(0.002);
  }
  const lips = cues.filter(({ viseme }) => viseme === 'PP');
  const spelled = charactersOf(TEXT, truth).filter(({ char }) => /[mpb]/.test(char));
  expect(lips).toHaveLength(spelled.length);
  for (const [nth, { start, from }] of lips.entries()) {
    expect(Math.abs(start - spelled[nth]!.start)).toBeLessThan(0.002);
    expect(TEXT[from!]).toBe(spelled[nth]!.char);
  }
  for (const [nth, cue] of cues.entries()) expect(cue.start).toBeGreaterThanOrEqual(cues[nth - 1]?.end ?? 0);
}

describe('a line through ElevenLabs', () => {
  it('is the sound of the service, bit for bit, with words and mouth in line time', async () => {
    const server = await serve();
    const source = voices(server.url);
    expectTruth(await say(source));
    expect(server.handshakes).toEqual([
      '/v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb/multi-stream-input?model_id=eleven_flash_v2_5&output_format=pcm_24000&inactivity_timeout=180&sync_alignment=true',
    ]);
    const context = server.told[0]!.context_id;
    expect(server.told).toEqual([
      { text: ' ', context_id: context },
      { text: `${TEXT} `, context_id: context, flush: true },
      { context_id: context, close_context: true },
    ]);
    expect(source).toMatchObject({
      timing: { origin: 'service' },
      traits: { gives: ['characters'], timesFrom: 'chunk', cancel: 'message' },
    });
  });

  it.each([
    ['sound in odd bytes', '?odd=1'],
    ['times before their sound', '?order=early'],
    ['names in snake case', '?names=snake'],
    ['times of the normalized text alone', '?align=normalized'],
    ['all times with the first sound', '?sync_alignment=false'],
    ['a path of a proxy', '/proxied/eleven'],
  ])('is whole with %s', async (_, rest) => {
    const server = await serve();
    expectTruth(await say(voices(server.url + rest)));
  });

  it('has sound alone where no times come', async () => {
    const server = await serve();
    const { samples, words, cues } = await say(voices(`${server.url}?align=none`));
    expect(samples).toEqual([...truth.samples]);
    expect(words).toEqual([]);
    expect(cues).toEqual([]); // Nobody told that the mouth rests.
  });

  it('asks for voice, language, model, rate and speed as the service takes them', async () => {
    const server = await serve();
    const source = voices(server.url, {
      model: 'eleven_turbo_v2_5',
      sampleRate: 16_000,
      voiceSettings: { stability: 0.4, similarityBoost: 0.9 },
    });
    const { samples } = await say(source, {
      text: 'Hello there.',
      voice: 'EXAVITQu4vr4xnSDxMaL',
      lang: 'en-GB',
      speed: 1.1,
    });
    const own = await speech.speak('Hello there.', { sampleRate: 16_000, voice: 'F1', speed: 1.1 });
    expect(samples).toEqual([...own.samples]);
    expect(server.handshakes[0]).toContain('/EXAVITQu4vr4xnSDxMaL/');
    expect(server.handshakes[0]).toContain(
      'model_id=eleven_turbo_v2_5&output_format=pcm_16000&language_code=en&',
    );
    expect(server.told[0]!.voice_settings).toEqual({ stability: 0.4, similarity_boost: 0.9, speed: 1.1 });
    await expect(say(source, { speed: 2 })).resolves.toMatchObject({ error: { code: 'invalid-input' } });
    await expect(say(source, { text: ' ' })).resolves.toMatchObject({ error: { code: 'invalid-input' } });
  });

  it('goes through stream-input, one line a socket, for the third model', async () => {
    const server = await serve();
    const source = voices(server.url, { model: 'eleven_v3' });
    expectTruth(await say(source));
    expectTruth(await say(source));
    expect(server.handshakes).toHaveLength(2);
    expect(server.handshakes[0]).toContain('/stream-input?');
    expect(server.told.slice(0, 3)).toEqual([{ text: ' ' }, { text: `${TEXT} `, flush: true }, { text: '' }]);
    expect(source.traits).toMatchObject({ cancel: 'closing' });
  });

  it('tells words within which timedVoices finds the sounds', async () => {
    const server = await serve();
    const { cues, words } = await say(timedVoices(voices(server.url)));
    expect(words).toHaveLength(truth.words.length);
    const closed = truth.phones.filter(({ id }) => /^[pbm]$/.test(id));
    const found = closed.filter(({ start, end }) =>
      cues.some((cue) => cue.viseme === 'PP' && cue.start < end + 0.04 && cue.end > start - 0.04),
    );
    expect(found).toHaveLength(closed.length);
  });
});

describe('lines at a time', () => {
  it('share a socket, five of them, and each gets its own', async () => {
    const server = await serve();
    const source = voices(`${server.url}?pace=2`);
    const texts = ['One.', 'Two, three.', 'Four.', 'Five, six, seven.', 'Eight.', 'Nine.', 'Ten and more.'];
    const lines = await Promise.all(texts.map((text) => say(source, { text })));
    for (const [nth, { samples, error, words }] of lines.entries()) {
      const own = await speech.speak(texts[nth]!, { sampleRate: 24_000, voice: 'M1' });
      expect(error).toBeUndefined();
      expect(samples).toEqual([...own.samples]);
      expect(words.map(({ text }) => text)).toEqual(own.words.map(({ text }) => text));
    }
    expect(server.handshakes).toHaveLength(2);
    expect(server.mostContexts).toBe(5);
  });

  it('have a socket for each voice', async () => {
    const server = await serve();
    const source = voices(server.url);
    await Promise.all([
      say(source, { text: 'Hi.' }),
      say(source, { text: 'Hi.', voice: 'onwK4e9ZLuTAKqWW03F9' }),
      say(source, { text: 'Hi.', lang: 'en' }),
    ]);
    expect(server.handshakes).toHaveLength(3);
  });

  it('follow each other on a socket that was opened before', async () => {
    const server = await serve();
    const source = voices(server.url);
    source.prepare?.();
    await expect.poll(() => server.open.size).toBe(1);
    for (let nth = 0; nth < 3; nth++) expectTruth(await say(source));
    expect(server.handshakes).toHaveLength(1);
  });

  it('are spoken again on another socket when theirs was closed for idleness', async () => {
    const server = await serve();
    const source = voices(`${server.url}?inactivity_timeout=0.3`);
    expect((await say(source, { text: 'Hi.' })).error).toBeUndefined();
    await expect.poll(() => server.open.size).toBe(0);
    expect((await say(source, { text: 'Hi.' })).error).toBeUndefined();
    expect(server.handshakes).toHaveLength(2);
  });
});

describe('a cancelled line', () => {
  async function cancelAfter(
    source: VoiceSource,
    parts: number,
    { told }: ElevenLabsEmulator,
  ): Promise<Collected> {
    const cancel = new AbortController();
    let seen = 0;
    async function* read() {
      if (parts === 0) void vi.waitUntil(() => told.length > 2, { interval: 5 }).then(() => cancel.abort());
      for await (const part of source.speak({ text: TEXT }, cancel.signal)) {
        yield part;
        if (++seen === parts) cancel.abort();
      }
    }
    return collect(read());
  }

  it.each([0, 1, 2, 6])('ends after %i parts, and its socket serves the next', async (parts) => {
    const server = await serve();
    const source = voices(`${server.url}?pace=${parts === 0 ? 30 : 5}`); // Slow enough to be cancelled before a part.
    const { error, types } = await cancelAfter(source, parts, server);
    expect(error).toMatchObject({ code: 'aborted' });
    expect(types).not.toContain('end');
    expectTruth(await say(source));
    expect(server.handshakes).toHaveLength(1);
    const closes = server.told.filter((message) => message.close_context);
    expect(closes.length).toBe(3); // Each line's own, and the one that cancels.
  });

  it('that was cancelled before it began asks for nothing', async () => {
    const server = await serve();
    const { error } = await say(voices(server.url), {}, AbortSignal.abort());
    expect(error).toMatchObject({ code: 'aborted' });
    expect(server.told).toEqual([]);
  });

  it('keeps its place until the service is done with it, so that none is ever too many', async () => {
    const server = await serve();
    const source = voices(`${server.url}?pace=8`);
    await Promise.all([1, 2, 3, 4, 5].map((parts) => cancelAfter(source, parts, server)));
    const lines = await Promise.all([1, 2, 3].map(() => say(source, { text: 'Here I am.' })));
    for (const { error } of lines) expect(error).toBeUndefined();
    expect(server.mostContexts).toBe(5);
  });

  it('that nobody reads on is cancelled', async () => {
    const server = await serve();
    const source = voices(`${server.url}?pace=5`);
    for await (const part of source.speak({ text: TEXT }, new AbortController().signal)) {
      if (part.type === 'audio') break;
    }
    await expect.poll(() => server.told.filter((message) => message.close_context).length).toBe(2);
    expectTruth(await say(source));
    expect(server.handshakes).toHaveLength(1);
  });

  it('ends with the source', async () => {
    const server = await serve();
    const source = voices(`${server.url}?pace=20`);
    const line = say(source);
    await expect.poll(() => server.told.length).toBe(3);
    source.dispose();
    source.dispose();
    expect((await line).error).toMatchObject({ code: 'aborted' });
    expect((await say(source, { voice: 'another' })).error).toMatchObject({ code: 'aborted' });
    await expect.poll(() => server.open.size).toBe(0);
  });
});

describe('what goes wrong', () => {
  it.each([
    ['max_active_conversations', 'refused', 'busy'],
    ['too_many_concurrent_requests', 'refused', 'busy'],
    ['quota_exceeded', 'refused', 'key'],
    ['internal_server_error', 'service-failed', undefined],
    ['something_new', 'refused', 'request'],
  ])('%s is told', async (code, errorCode, refusal) => {
    const server = await serve();
    for (const model of ['eleven_flash_v2_5', 'eleven_v3']) {
      const { error } = await say(voices(`${server.url}?error=${code}`, { model }));
      expect(error).toMatchObject({ code: errorCode, refusal });
    }
  });

  it.each([
    [401, 'key'],
    [403, 'key'],
    [429, 'busy'],
    [503, 'busy'],
  ])('a handshake answered with %i is told', async (status, refusal) => {
    const server = await serve();
    const { error } = await say(voices(`${server.url}?handshake=${status}`));
    expect(error).toMatchObject({ code: 'refused', refusal });
  });

  it('an unknown voice is told, and takes no other line with it', async () => {
    const server = await serve();
    const source = voices(server.url);
    const [bad, good] = await Promise.all([say(source, { voice: 'nobody' }), say(source)]);
    expect(bad.error).toMatchObject({ code: 'refused', refusal: 'request' });
    expectTruth(good);
  });

  it('a wrong key is told, and never shown', async () => {
    const server = await serve({ keys: ['another'] });
    for (const keyIn of ['header', 'message'] as const) {
      const { error } = await say(voices(server.url, { keyIn }));
      expect(error).toMatchObject({ code: 'refused', refusal: 'key' });
      expect(JSON.stringify(error) + error?.message + error?.stack).not.toContain('sk-secret');
    }
  });

  it('a line that never ends has stalled, and its socket is not used again', async () => {
    const server = await serve();
    const source = voices(`${server.url}?end=none`, { timeouts: { stall: 0.2 } });
    const lines = [await say(source, { text: 'Hi.' }), await say(source, { text: 'Hi.' })];
    for (const { error, samples } of lines) {
      expect(error).toMatchObject({ code: 'stalled' });
      expect(samples.length).toBeGreaterThan(1_000);
    }
    expect(server.handshakes).toHaveLength(2);
  });

  it('a text without a word ends empty', async () => {
    const server = await serve();
    expect((await say(voices(server.url), { text: '…' })).error).toMatchObject({ code: 'empty' });
  });
});

describe('who is asked for', () => {
  it('takes the key in the header, in the address or in the first message', async () => {
    const server = await serve({ keys: ['sk-secret'] });
    expect((await say(voices(server.url, { keyIn: 'message' }), { text: 'Hi.' })).error).toBeUndefined();
    expect(server.told.map((message) => message.xi_api_key)).toEqual(['sk-secret', undefined, undefined]);
    const inUrl = voices(`${server.url}?api_key=sk-secret`, { apiKey: undefined });
    expect((await say(inUrl, { text: 'Hi.' })).error).toBeUndefined();
    expect(server.handshakes.join()).not.toContain('sk-secret');
  });

  it('takes a single-use token for each socket', async () => {
    const server = await serve({ keys: [], tokens: ['tok-1', 'tok-2'] });
    let asked = 0;
    const source = voices(server.url, { apiKey: undefined, token: async () => `tok-${++asked}` });
    expect((await say(source, { text: 'Hi.' })).error).toBeUndefined();
    expect((await say(source, { text: 'Hi.', voice: 'EXAVITQu4vr4xnSDxMaL' })).error).toBeUndefined();
    expect(asked).toBe(2);
    const { error } = await say(source, { text: 'Hi.', lang: 'en' });
    expect(error).toMatchObject({ refusal: 'key' });
    expect(error!.message).not.toContain('tok-3');
  });

  it('refuses a key in a page, and a page without a token', async () => {
    Object.assign(globalThis, { document: {} });
    try {
      const page = (options: ElevenLabsOptions) => () => elevenLabsVoices(options).dispose();
      expect(page({ apiKey: 'sk-secret' })).toThrow(/parley serve --source elevenlabs/);
      expect(page({})).toThrow(/single-use token/);
      expect(page({ apiKey: 'sk-secret', allowKeyInPage: true, keyIn: 'message' })).not.toThrow();
      expect(page({ token: async () => 'x' })).not.toThrow();
      expect(page({ url: 'ws://127.0.0.1:1' })).not.toThrow();
    } finally {
      Reflect.deleteProperty(globalThis, 'document');
    }
    expect(() => elevenLabsVoices({ sampleRate: 11_025 })).toThrow(/24000, 16000/);
    expect(() => elevenLabsVoices({ url: 'http://x' })).toThrow(/ws:\/\/ or wss:/);
  });
});
