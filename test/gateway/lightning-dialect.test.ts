import { afterEach, describe, expect, it } from 'vitest';
import { createGateway, type GatewayOptions } from '../../src/gateway/index.ts';
import { decodeWav } from '../../src/pcm/wav.ts';
import { type Frame, LightningClient } from '../kit/lightning-client.ts';
import { TONE_SECONDS, type ToneVoices, toneAt, toneVoices } from '../kit/tone-voices.ts';

const V2 = '/waves/v1/lightning-v2/get_speech/stream';
const V31 = '/waves/v1/tts/live';
const PATHS = [
  '/api/v1/lightning-v2/get_speech/stream',
  V2,
  '/api/v1/lightning-v3.1/get_speech/stream',
  '/waves/v1/lightning-v3.1/get_speech/stream',
  V31,
];
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(options: Partial<GatewayOptions> = {}, source: ToneVoices = toneVoices()) {
  const faults: unknown[] = [];
  const gateway = createGateway({ source, onError: (error) => faults.push(error), ...options });
  await gateway.listen({ port: 0 });
  closing.push(() => gateway.close());
  const base = `ws://127.0.0.1:${gateway.address.port}`;
  const connect = async (path = V31) => {
    const client = await LightningClient.open(base + path);
    closing.push(() => client.close());
    return client;
  };
  return { source, faults, base, connect };
}

/** A request that ends as soon as it is spoken. */
function say(text: string, more: Record<string, unknown> = {}) {
  return { voice_id: 'F1', text, complete_backoff_ms: 0, ...more };
}

function tone(seconds: number, rate: number): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * rate) }, (_, index) => toneAt(index, rate));
}

function samplesOf(pcm: Buffer): Int16Array {
  return Int16Array.from({ length: pcm.length / 2 }, (_, index) => pcm.readInt16LE(index * 2));
}

/** ITU-T G.711, as every telephone reads it. */
function fromMuLaw(code: number): number {
  const bits = ~code & 0xff;
  const size = (((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4);
  return bits & 0x80 ? 0x84 - size : size - 0x84;
}

function fromALaw(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const mantissa = (bits & 0x0f) << 4;
  const size = segment === 0 ? mantissa + 8 : (mantissa + 0x108) << (segment - 1);
  return bits & 0x80 ? size : -size;
}

/** Largest difference between two runs of sound, away from their ends. */
function difference(one: Int16Array, other: Int16Array): number {
  expect(one.length).toBe(other.length);
  let largest = 0;
  for (let index = 200; index < one.length - 200; index++)
    largest = Math.max(largest, Math.abs(one[index]! - other[index]!));
  return largest;
}

describe('a request', () => {
  it.each(PATHS)('is answered with chunks and then complete, on %s', async (path) => {
    const { connect } = await serve();
    const client = await connect(path);
    const { frames, pcm, last } = await client.ask(say('mama mia'));
    const rate = path.includes('v2') ? 24_000 : 44_100;
    expect(difference(samplesOf(pcm), tone(8 * TONE_SECONDS, rate))).toBeLessThan(20);
    expect(last.status).toBe('complete');
    expect(last.request_id).toMatch(/\S/);
    for (const frame of frames as Frame[]) {
      expect(frame.request_id).toBe(last.request_id);
      expect(frame.status).toBe('chunk');
    }
    expect('session_id' in last).toBe(!path.includes('v2'));
  });

  it.each([8_000, 16_000, 24_000, 44_100])('has the sound at %i Hz where it asks for it', async (rate) => {
    const { connect } = await serve({}, toneVoices({ sampleRate: 22_050, partSeconds: 0.031 }));
    const { pcm } = await (await connect()).ask(say('mama mia', { sample_rate: rate }));
    expect(difference(samplesOf(pcm), tone(8 * TONE_SECONDS, rate))).toBeLessThan(40);
  });

  it('passes on voice, language and speed, with the defaults of each version', async () => {
    const { connect, source } = await serve({ voices: { emily: 'F4' } });
    const [old, live] = [await connect(V2), await connect(V31)];
    await old.ask(say('ma'));
    await live.ask(say('ma'));
    await live.ask(say('ma', { voice_id: 'emily', language: 'es', speed: 2 }));
    expect(source.requests).toEqual([
      { text: 'ma', voice: 'F1', lang: 'en', speed: 1 },
      { text: 'ma', voice: 'F1', lang: undefined, speed: 1 },
      { text: 'ma', voice: 'F4', lang: 'es', speed: 2 },
    ]);
  });

  it('gives back the names that the client gave it', async () => {
    const { connect } = await serve();
    const client = await connect();
    const { frames, last } = await client.ask(say('ma', { session_id: 'game.1', request_id: 'line_7' }));
    for (const frame of [...frames, last] as Frame[]) {
      expect(frame).toMatchObject({ external_session_id: 'game.1', external_request_id: 'line_7' });
    }
  });

  it('has words where they are wanted, in the order of the sound, counted and as they are written', async () => {
    const { connect } = await serve();
    const client = await connect();
    expect((await client.ask(say('mama mia'))).words).toEqual([]);
    const { words, frames } = await client.ask(say('Mama mia, si', { word_timestamps: true }));
    expect(words).toEqual([
      { id: 0, word: 'Mama', start: 0, end: 0.24 },
      { id: 1, word: 'mia', start: 0.3, end: 0.48 },
      { id: 2, word: 'si', start: 0.6, end: 0.72 },
    ]);
    let seconds = 0;
    for (const frame of frames as Frame[]) {
      if (frame.status === 'chunk') seconds += Buffer.from(frame.data!.audio!, 'base64').length / 2 / 44_100;
      else expect(frame.data!.start).toBeGreaterThanOrEqual(seconds - 1e-4);
    }
    expect((await (await connect(V2)).ask(say('ma', { word_timestamps: true }))).words).toEqual([]);
  });

  it('waits with complete for as long as it says, 4 s by default', async () => {
    const { connect } = await serve();
    const client = await connect();
    const started = performance.now();
    client.send(say('ma', { complete_backoff_ms: 300 }));
    await client.frame();
    await client.answer();
    expect(performance.now() - started).toBeGreaterThan(290);
    client.send({ voice_id: 'F1', text: 'ma' });
    await client.frame();
    const spoken = performance.now();
    await client.answer();
    expect(performance.now() - spoken).toBeGreaterThan(3_900);
  });

  it.each([
    ['ulaw', fromMuLaw],
    ['alaw', fromALaw],
  ])('comes as %s', async (format, decoded) => {
    const { connect } = await serve();
    const wanted = { output_format: format, sample_rate: 44_100 };
    const { pcm } = await (await connect()).ask(say('mama', wanted));
    const samples = Array.from(pcm, decoded);
    expect(samples).toHaveLength(4 * TONE_SECONDS * 44_100);
    for (const [index, sample] of samples.entries()) {
      const given = toneAt(index, 44_100);
      expect(Math.abs(sample - given)).toBeLessThanOrEqual(Math.abs(given) / 30 + 16);
    }
  });

  it.each([
    [V31, { output_format: 'wav' }],
    [V2, { add_wav_header: true }],
  ])('comes with a WAV header on %s', async (path, wanted) => {
    const { connect } = await serve();
    const { pcm } = await (await connect(path)).ask(say('mama', { ...wanted, sample_rate: 44_100 }));
    pcm.writeUInt32LE(pcm.length - 8, 4);
    pcm.writeUInt32LE(pcm.length - 44, 40);
    expect(decodeWav(pcm)).toEqual({ samples: tone(4 * TONE_SECONDS, 44_100), sampleRate: 44_100 });
  });
});

describe('text that is still being written', () => {
  it('is kept until it is flushed', async () => {
    const { connect, source } = await serve();
    const client = await connect();
    for (const text of ['Ma', 'ma ', 'mia']) client.send(say(text, { continue: true }));
    const { pcm, words } = await client.ask(say('', { flush: true, word_timestamps: true }));
    expect(source.requests.map((request) => request.text)).toEqual(['Mama mia']);
    expect(pcm.length / 2).toBe(Math.round(8 * TONE_SECONDS * 44_100));
    expect(words).toEqual([]); // What is wanted is said with the first piece.
  });

  it('is spoken as soon as it is enough, at clause ends; its words and times go on counting', async () => {
    const { connect, source } = await serve();
    const client = await connect();
    const sentence = 'mama mia, si si si, ';
    for (let count = 0; count < 9; count++)
      client.send(say(sentence, { continue: true, word_timestamps: true }));
    const { words, pcm, last } = await client.ask(say('si'));
    expect(source.requests.map((request) => request.text).join('')).toBe(`${sentence.repeat(9)}si`);
    expect(source.requests.length).toBeGreaterThan(1);
    expect(source.requests[0]!.text).toMatch(/,$/);
    expect(words.map((word) => word.id)).toEqual(Array.from({ length: 46 }, (_, index) => index));
    expect(words.every((word, index) => index === 0 || word.start >= words[index - 1]!.end)).toBe(true);
    expect(words.at(-1)!.end).toBeCloseTo(pcm.length / 2 / 44_100, 1);
    expect(last.status).toBe('complete');
  });

  it('is spoken after the time that it may be kept', async () => {
    const { connect, source } = await serve();
    const client = await connect();
    client.send(say('mama', { continue: true, max_buffer_flush_ms: 50 }));
    await client.frame();
    expect(source.requests.map((request) => request.text)).toEqual(['mama']);
    const { last } = await client.ask(say('mia'));
    expect(last.status).toBe('complete');
    expect(source.requests.map((request) => request.text)).toEqual(['mama', 'mia']);
  });

  it('joins the turn while its complete is waited for: one complete ends both', async () => {
    const { connect } = await serve();
    const client = await connect();
    client.send(say('mama', { complete_backoff_ms: 1_000, word_timestamps: true }));
    await client.frame();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { frames, words } = await client.ask(say('mia', { word_timestamps: true }));
    expect(new Set((frames as Frame[]).map((frame) => frame.request_id)).size).toBe(2);
    expect(words.at(-1)).toEqual({ id: 0, word: 'mia', start: 0, end: 0.18 });
  });

  it('is not begun by a blank text, which only keeps the connection', async () => {
    const { connect, source } = await serve();
    const client = await connect();
    client.send({ text: ' ' });
    expect((await client.ask(say('ma'))).last.status).toBe('complete');
    expect(source.requests).toHaveLength(1);
  });
});

describe('the account', () => {
  it('has one active request for each unit, on whatever socket, and rejects what is more', async () => {
    const { connect, source } = await serve({ units: 2 });
    const [one, two, three] = [await connect(V2), await connect(V31), await connect(V31)];
    one.send(say('!hang on, please wait'));
    two.send(say('!hang on, please wait'));
    await Promise.all([one.frame(), two.frame()]);
    const { last } = await three.ask(say('ma', { request_id: 'mine' }));
    expect(last).toMatchObject({
      status: 'error',
      external_request_id: 'mine',
      error: {
        code: 'RATE_LIMIT_EXCEEDED',
        message: expect.stringMatching(/429.*concurrency limit.*2 active/),
      },
    });
    expect(source.running).toBe(2);
    one.close();
    await expect.poll(() => source.running).toBe(1);
    expect((await three.ask(say('ma'))).last.status).toBe('complete');
  });

  it('counts a request until its complete, also on its own socket', async () => {
    const { connect } = await serve();
    const [one, two] = [await connect(), await connect()];
    one.send(say('mama', { complete_backoff_ms: 400 }));
    await one.frame();
    expect((await two.ask(say('ma'))).last.status).toBe('error');
    expect((await one.answer()).last.status).toBe('complete');
    expect((await two.ask(say('ma'))).last.status).toBe('complete');
    two.send(say('ma'.repeat(2_000)));
    two.send(say('too early'));
    expect((await two.answer()).last.status).toBe('error');
    expect((await two.answer()).last.status).toBe('complete');
  });

  it('gives the unit back when a request fails, and when a client goes before it spoke', async () => {
    const { connect } = await serve();
    const [one, two] = [await connect(), await connect()];
    expect((await one.ask(say('!refuse this line'))).last.status).toBe('error');
    one.send(say('kept', { continue: true }));
    await expect.poll(async () => (await two.ask(say('ma'))).last.status).toBe('error');
    one.close();
    await expect.poll(async () => (await two.ask(say('ma'))).last.status).toBe('complete');
  });

  it('has five sockets for each unit', async () => {
    const { connect, base } = await serve();
    const clients = await Promise.all(Array.from({ length: 5 }, () => connect()));
    await expect(LightningClient.open(base + V2)).rejects.toThrow('429');
    clients[0]!.close();
    await expect
      .poll(() => LightningClient.open(base + V2).then((client) => client.close(), String))
      .toBe(undefined);
  });
});

describe('a connection stays usable', () => {
  it.each<[string, unknown, RegExp]>([
    ['no JSON', 'hello', /no JSON/],
    ['bytes', Buffer.from([1, 2]), /binary/],
    ['no voice', { text: 'a' }, /voice_id: expected a string, got nothing/],
    ['no text', { voice_id: 'F1' }, /text: expected a string, got nothing/],
    ['an unknown voice', say('a', { voice_id: 'X9' }), /there is no voice "X9"/],
    ['a rate out of range', say('a', { sample_rate: 48_000 }), /sample_rate: expected one of 8000.*48000/],
    ['a form that is not made', say('a', { output_format: 'mp3' }), /output_format.*mp3 is not made/],
    ['a name of other characters', say('a', { request_id: 'a b' }), /request_id: expected up to 128/],
    ['over-long text', say('a'.repeat(5_001)), /at most 5000 characters/],
    ['a refusal in the middle', say('!refuse this'), /I would rather not/],
    ['a fault of ours', say('!break this'), /the gateway failed/],
  ])('after %s', async (name, request, reason) => {
    const { connect, faults } = await serve();
    const client = await connect();
    const { last } = await client.ask(request);
    expect(last.status).toBe('error');
    expect(last.error!.message).toMatch(reason);
    expect((await client.ask(say('ma'))).last.status).toBe('complete');
    expect(faults).toHaveLength(name.includes('fault') ? 1 : 0);
  });
});

describe('a connection with nothing to do', () => {
  it('is told and closed after the time that it asked for', async () => {
    const { connect } = await serve();
    const client = await connect(`${V31}?timeout=1`);
    const started = performance.now();
    expect(await client.frame()).toEqual({
      status: 'error',
      message: 'Connection timed out after 1 seconds of inactivity',
    });
    expect(performance.now() - started).toBeGreaterThan(950);
    await expect(client.frame()).rejects.toThrow('closed');
  });

  it('is not one that speaks, nor one that sends now and then', async () => {
    const { connect, source } = await serve({ units: 2 });
    const [speaking, sending] = [await connect(`${V2}?timeout=1`), await connect(`${V31}?timeout=1`)];
    speaking.send(say('!hang on, please wait'));
    for (let count = 0; count < 4; count++) {
      sending.send({ text: ' ' });
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect([speaking.closed, sending.closed, source.running]).toEqual([undefined, undefined, 1]);
  });

  it.each([`${V2}?timeout=61`, `${V2}?timeout=0`, `${V31}?timeout=soon`])(
    'is refused for %s',
    async (path) => {
      const { base } = await serve();
      await expect(LightningClient.open(base + path)).rejects.toThrow('400');
    },
  );
});

describe('a client that goes', () => {
  it('cancels its line', async () => {
    const { connect, source } = await serve();
    const client = await connect();
    client.send(say('!hang on, please wait'));
    await client.frame();
    client.close();
    await expect.poll(() => source.running).toBe(0);
  });
});
