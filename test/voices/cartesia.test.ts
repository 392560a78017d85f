import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { cuesOfPhones } from '../../src/lipsync/phones.ts';
import type { SpeechRequest, VoiceSource } from '../../src/speech/source.ts';
import { type CartesiaOptions, cartesiaVoices } from '../../src/voices/cartesia/index.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { type CartesiaEmulator, type CartesiaServeOptions, serveCartesia } from '../emulators/cartesia.ts';
import { Speech, type SpokenText } from '../emulators/spoken-text.ts';
import { type Collected, collect } from '../kit/collect.ts';

const TEXT = 'Welcome, traveller. The bridge is out, but the ferry runs until dusk.';
/** Of several messages. */
const LONG = 'The gate closes at dusk, and the lamps are lit by then. '.repeat(9).trim();
let speech: Speech;
let truth: SpokenText;

beforeAll(async () => {
  speech = new Speech();
  truth = await speech.speak(TEXT, { sampleRate: 24_000, voice: 'F1' });
});
afterAll(() => speech.dispose());
async function serve(options?: CartesiaServeOptions): Promise<CartesiaEmulator> {
  const server = await serveCartesia(options);
  onTestFinished(() => server.close());
  return server;
}

function voices(url: string, options: CartesiaOptions = {}): VoiceSource {
  const source = cartesiaVoices({ url, apiKey: 'sk_car_secret', openSocket: openNodeSocket, ...options });
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

function expectWords({ samples, words, error }: Collected): void {
  expect(error).toBeUndefined();
  expect(samples).toEqual([...truth.samples]);
  expect(words).toEqual(truth.words);
}

/** The mouth is that of the synth's own sounds. */
function expectTruth(line: Collected): void {
  expectWords(line);
  const own = cuesOfPhones(truth.phones).filter(({ viseme }) => viseme !== 'sil');
  const cues = line.cues.filter(({ viseme }) => viseme !== 'sil');
  expect(cues.map(({ viseme }) => viseme)).toEqual(own.map(({ viseme }) => viseme));
  for (const [nth, { start, end }] of cues.entries()) {
    expect(start).toBeCloseTo(own[nth]!.start, 2);
    expect(end).toBeCloseTo(own[nth]!.end, 2);
  }
  expect(line.cues.at(-1)!.end).toBeCloseTo(truth.samples.length / 24_000, 6);
  for (const [nth, { start }] of line.cues.entries())
    expect(start).toBeGreaterThanOrEqual((line.cues[nth - 1]?.end ?? 0) - 1e-9);
}

describe('a line through Cartesia', () => {
  it('is the sound of the service, bit for bit, with its words and sounds', async () => {
    const server = await serve({ keys: ['sk_car_secret'] });
    const source = voices(server.url);
    expectTruth(await say(source));
    expect(server.handshakes).toEqual(['/tts/websocket?cartesia_version=2026-08-14']);
    expect(server.told).toEqual([
      {
        model_id: 'sonic-3.5',
        voice: { mode: 'id', id: 'e07c00bc-4134-4eae-9ea4-1a55fb45746b' },
        context_id: server.told[0]!.context_id,
        output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: 24_000 },
        add_timestamps: true,
        add_phoneme_timestamps: true,
        transcript: TEXT,
        continue: false,
      },
    ]);
    expect(source).toMatchObject({
      timing: { origin: 'service' },
      traits: { gives: ['phones', 'words'], timesFrom: 'context', cancel: 'message' },
      lookAheadSeconds: 0.12,
    });
  });

  it.each([
    ['sound in odd bytes', 'odd=1'],
    ['times before their sound', 'order=early'],
    ['times after their sound', 'order=late'],
  ])('is whole with %s', async (_, query) => {
    const server = await serve();
    expectTruth(await say(voices(`${server.url}?${query}`)));
  });

  it('has a mouth of its words where the service tells no sounds', async () => {
    const server = await serve();
    for (const order of ['with', 'early', 'late']) {
      const line = await say(voices(`${server.url}?times=words&order=${order}`));
      expectWords(line);
      // b of bridge, b of but, both told before the end.
      const lips = line.cues.filter(({ viseme }) => viseme === 'PP');
      expect(lips.map(({ from }) => TEXT[from!])).toEqual(['m', 'b', 'b']);
      expect(line.types.indexOf('cues')).toBeLessThan(line.types.lastIndexOf('audio'));
    }
    const { samples, words, cues } = await say(voices(`${server.url}?times=none`));
    expect(samples).toEqual([...truth.samples]);
    expect(words).toEqual([]);
    expect(cues).toEqual([]); // Nobody told that the mouth rests.
  });

  it('tells words alone where no sounds are asked for', async () => {
    const server = await serve();
    const source = voices(server.url, { phonemes: false });
    const line = await say(source);
    expectWords(line);
    expect(server.told[0]).toMatchObject({ add_timestamps: true, add_phoneme_timestamps: false });
    expect(source).toMatchObject({ timing: { origin: 'words' }, traits: { gives: ['words'] } });
    expect(line.cues.filter(({ viseme }) => viseme === 'PP')).toHaveLength(3);
    // Each with its word, before its sound.
    expect(line.types.slice(0, 3)).toEqual(['words', 'cues', 'audio']);
  });

  it('asks for voice, language, model, rate and manner as the service takes them', async () => {
    const server = await serve();
    const source = voices(`${server.url}?cartesia_version=2025-04-16`, {
      model: 'sonic-2',
      sampleRate: 48_000,
      emotion: 'calm',
      volume: 1.2,
      pronunciationDict: 'd-1',
    });
    const { samples, error } = await say(source, {
      text: 'Hello there.',
      voice: 'c961b81c-a935-4c17-bfb3-ba2239de8c2f',
      lang: 'en-GB',
      speed: 1.25,
    });
    expect(error).toBeUndefined();
    const own = await speech.speak('Hello there.', { sampleRate: 48_000, voice: 'M2', speed: 1.25 });
    expect(samples).toEqual([...own.samples]);
    expect(server.handshakes).toEqual(['/tts/websocket?cartesia_version=2025-04-16']);
    expect(server.told[0]).toMatchObject({
      model_id: 'sonic-2',
      language: 'en',
      generation_config: { speed: 1.25, emotion: 'calm', volume: 1.2 },
      pronunciation_dict_id: 'd-1',
    });
    await expect(say(source, { speed: 2 })).resolves.toMatchObject({ error: { code: 'invalid-input' } });
    await expect(say(source, { text: ' ' })).resolves.toMatchObject({ error: { code: 'invalid-input' } });
  });

  it('goes in pieces where it is long, whose times count from the first', async () => {
    const server = await serve();
    const { samples, words, error } = await say(voices(server.url), { text: LONG });
    expect(error).toBeUndefined();
    const pieces = server.told.map(({ transcript }) => String(transcript));
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(LONG);
    expect(server.told.map((message) => message.continue)).toEqual(
      pieces.map((_, nth) => nth < pieces.length - 1),
    );
    expect(words.map(({ text }) => text)).toEqual(LONG.match(/\w+/g));
    const own = await Promise.all(
      pieces.map((piece) => speech.speak(piece, { sampleRate: 24_000, voice: 'F1' })),
    );
    expect(samples).toEqual(own.flatMap((piece) => [...piece.samples]));
    expect(words.at(-1)!.end).toBeGreaterThan(samples.length / 24_000 - 0.5);
  });
});

describe('lines at a time', () => {
  it('share one socket, and each gets its own', async () => {
    const server = await serve();
    const source = voices(`${server.url}?pace=1`);
    const texts = ['One.', 'Two, three.', 'Four.', 'Five, six, seven.', 'Eight.', 'Nine.', 'Ten and more.'];
    const lines = await Promise.all(
      texts.map((text, nth) => say(source, { text, voice: nth % 2 ? 'M3' : 'F2' })),
    );
    for (const [nth, { samples, words }] of lines.entries()) {
      const own = await speech.speak(texts[nth]!, { sampleRate: 24_000, voice: nth % 2 ? 'M3' : 'F2' });
      expect(samples).toEqual([...own.samples]);
      expect(words).toEqual(own.words);
    }
    expect(server.handshakes).toHaveLength(1);
  });

  it('are refused above what the account may have, which costs the others nothing', async () => {
    const server = await serve({ concurrency: 2 });
    const source = voices(`${server.url}?pace=3`);
    const lines = await Promise.all([say(source), say(source), say(source)]);
    expectTruth(lines[0]!);
    expectTruth(lines[1]!);
    expect(lines[2]!.error).toMatchObject({ code: 'refused', refusal: 'busy' });
    expectTruth(await say(source));
    expect(server.handshakes).toHaveLength(1);
  });

  it('find another socket when theirs was closed for idleness', async () => {
    const server = await serve();
    const source = voices(`${server.url}?idle=0.2`);
    expect((await say(source, { text: 'Hi.' })).error).toBeUndefined();
    await expect.poll(() => server.open.size).toBe(0);
    expect((await say(source, { text: 'Hi.' })).error).toBeUndefined();
    expect(server.handshakes).toHaveLength(2);
  });
});

describe('a cancelled line', () => {
  it.each([0, 1, 2, 5])(
    'ends after %i parts, its late sound is dropped, its socket serves the next',
    async (parts) => {
      const server = await serve();
      const source = voices(`${server.url}?pace=4`);
      const cancel = new AbortController();
      let seen = 0;
      async function* read() {
        if (parts === 0) void vi.waitUntil(() => server.told.length > 1).then(() => cancel.abort());
        for await (const part of source.speak({ text: LONG }, cancel.signal)) {
          yield part;
          if (++seen === parts) cancel.abort();
        }
      }
      const [{ error, types }, other] = await Promise.all([collect(read()), say(source)]);
      expect(error).toMatchObject({ code: 'aborted' });
      expect(types).not.toContain('end');
      expectTruth(other);
      expectTruth(await say(source));
      expect(server.handshakes).toHaveLength(1);
      expect(server.told.filter((message) => message.cancel)).toHaveLength(1);
      // What had not begun was never spoken.
      expect(server.spoken.filter((text) => text !== TEXT).length).toBeLessThanOrEqual(1);
    },
  );
});

describe('what goes wrong', () => {
  it.each([
    ['model_not_found', 'refused', 'request', /Invalid model: The model is not valid/],
    ['plan_upgrade_required', 'refused', 'key', /out of credits/],
    ['internal_error', 'service-failed', undefined, /Something went wrong/],
    ['concurrency_limited', 'refused', 'busy', /concurrency limit/],
  ])('%s is told, in the new form and the old', async (code, errorCode, refusal, words) => {
    const server = await serve();
    for (const version of ['2026-08-14', '2025-04-16']) {
      const { error } = await say(voices(`${server.url}?error=${code}&cartesia_version=${version}`));
      expect(error).toMatchObject({ code: errorCode, refusal });
      expect(error!.message).toMatch(words);
    }
  });

  it.each([
    [401, 'key'],
    [429, 'busy'],
  ])('a handshake answered with %i is told', async (status, refusal) => {
    const server = await serve();
    const { error } = await say(voices(`${server.url}?handshake=${status}`));
    expect(error).toMatchObject({ code: 'refused', refusal });
  });

  it('an unknown voice costs no other line anything', async () => {
    const server = await serve();
    const source = voices(server.url);
    const [bad, good] = await Promise.all([say(source, { voice: 'nobody' }), say(source)]);
    expect(bad.error).toMatchObject({ code: 'refused', refusal: 'request' });
    expectTruth(good);
    expect(server.handshakes).toHaveLength(1);
  });

  it('a line that never ends has stalled, while others go on', async () => {
    const server = await serve();
    const source = voices(`${server.url}?end=none`, { timeouts: { stall: 0.2 } });
    const lines = await Promise.all([say(source, { text: 'Hi.' }), say(source)]);
    for (const { error } of lines) expect(error).toMatchObject({ code: 'stalled' });
    expect(lines[1]!.samples).toEqual([...truth.samples]);
    expect((await say(source, { text: 'Hi.' })).error).toMatchObject({ code: 'stalled' });
    expect(server.handshakes).toHaveLength(2);
  });
});

describe('who is asked for', () => {
  it('takes a key in the header or the query, and a token at each opening', async () => {
    const server = await serve({ keys: ['sk_car_secret'], tokens: ['tok-1'] });
    expect((await say(voices(server.url), { text: 'Hi.' })).error).toBeUndefined();
    expect(server.handshakes.join()).not.toContain('secret');
    expect((await say(voices(server.url, { keyIn: 'query' }), { text: 'Hi.' })).error).toBeUndefined();
    expect(server.handshakes[1]).toContain('api_key=sk_car_secret');
    const token = vi.fn(async () => 'tok-1');
    const page = voices(server.url, { apiKey: undefined, token });
    expect((await say(page, { text: 'Hi.' })).error).toBeUndefined();
    expect(server.handshakes[2]).toContain('access_token=tok-1');
    const { error } = await say(voices(server.url, { apiKey: 'sk_car_wrong' }));
    expect(error).toMatchObject({ refusal: 'key' });
    expect(error!.message).not.toContain('sk_car_wrong');
  });

  it('refuses a key in a page, and a page without a token', () => {
    Object.assign(globalThis, { document: {} });
    try {
      const page = (options: CartesiaOptions) => () => cartesiaVoices(options).dispose();
      expect(page({ apiKey: 'sk' })).toThrow(/parley serve --source cartesia/);
      expect(page({})).toThrow(/an access token/);
      expect(page({ apiKey: 'sk', allowKeyInPage: true })).not.toThrow();
      expect(page({ token: async () => 'x' })).not.toThrow();
      expect(page({ url: 'ws://127.0.0.1:1' })).not.toThrow();
    } finally {
      Reflect.deleteProperty(globalThis, 'document');
    }
    expect(() => cartesiaVoices({ sampleRate: 11_025 })).toThrow(/24000, 8000/);
  });
});
