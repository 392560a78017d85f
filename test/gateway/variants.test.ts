import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { LIGHTNING_VARIANTS, LOKUTOR_VARIANTS, readVariants } from '../../src/gateway/dialects/variants.ts';
import { createGateway, type VariantSettings } from '../../src/gateway/index.ts';
import { DialectClient } from '../kit/dialect-client.ts';
import { type Frame, LightningClient } from '../kit/lightning-client.ts';
import { TONE_SECONDS, toneVoices } from '../kit/tone-voices.ts';

const LIVE = '/waves/v1/tts/live';
const V2 = '/waves/v1/lightning-v2/get_speech/stream';
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(variants: VariantSettings = {}) {
  const gateway = createGateway({ source: toneVoices(), variants });
  await gateway.listen({ port: 0 });
  closing.push(() => gateway.close());
  return `ws://127.0.0.1:${gateway.address.port}`;
}

async function lokutor(query: string, variants?: VariantSettings) {
  const client = await DialectClient.open(`${await serve(variants)}/ws?api_key=x&${query}`);
  closing.push(() => client.close());
  return client;
}

async function lightning(query: string, path = LIVE) {
  const client = await LightningClient.open(`${await serve()}${path}?${query}`);
  closing.push(() => client.close());
  return client;
}

/** Messages up to a JSON one of this type, the bytes as they are. */
async function until(client: DialectClient, ended: (message: Record<string, unknown>) => boolean) {
  const messages: (Buffer | Record<string, unknown>)[] = [];
  for (;;) {
    const frame = await client.frame();
    const message = typeof frame === 'string' ? JSON.parse(frame) : frame;
    messages.push(message);
    if (typeof frame === 'string' && ended(message)) return messages;
  }
}

const PA = { text: 'pa', speed: 1, visemes: true };
const SHORT = [
  { v: 0, c: 'p', t: 0 },
  { v: 1, c: 'a', t: 0.06 },
];

describe('Lokutor', () => {
  it.each([
    [
      'wrapped',
      [
        { type: 'visemes', data: [SHORT[0]] },
        { type: 'visemes', data: [SHORT[1]] },
      ],
    ],
    ['nested', SHORT.map((one) => ({ type: 'visemes', data: { visemes: [one] } }))],
    ['single', SHORT.map((one) => ({ type: 'viseme', data: one }))],
    ['array', SHORT.map((one) => [one])],
  ])('writes visemes %s', async (form, expected) => {
    const client = await lokutor(`visemes=${form}&end=json`);
    client.send(PA);
    const messages = await until(client, ({ type }) => type === 'eos');
    expect(messages.slice(0, -1).filter((message) => !Buffer.isBuffer(message))).toEqual(expected);
  });

  it('writes their fields in full', async () => {
    const { visemes } = await (await lokutor('names=long')).ask(PA);
    expect(visemes[1]).toEqual({ id: 1, char: 'a', timestamp: 0.06 });
  });

  it('writes letters of the text, where sounds of the reduced set are usual', async () => {
    const text = { text: 'aysa', speed: 1, visemes: true };
    const letters = async (client: DialectClient) => (await client.ask(text)).visemes.map(({ c }) => c);
    expect(await letters(await lokutor('letters=sounds'))).toEqual(['a', 'sil', 's', 'a']);
    const written = await (await lokutor('letters=written')).ask({ ...text, text: 'Oup' });
    expect(written.visemes.map(({ c }) => c)).toEqual(['o', 'u', 'p']);
  });

  it('writes sounds in capitals, and leaves out silences', async () => {
    const { visemes } = await (await lokutor('letters=upper&silences=untold')).ask({ ...PA, text: 'pa. ma' });
    expect(visemes.map(({ c }) => c)).toEqual(['P', 'A', 'M', 'A']);
  });

  it('counts times from the first sound of the socket', async () => {
    const client = await lokutor('times=socket');
    await client.ask({ text: 'mama', speed: 1 });
    const { visemes } = await client.ask(PA);
    expect(visemes.map(({ t }) => t)).toEqual([4 * TONE_SECONDS, 5 * TONE_SECONDS]);
  });

  it('sends visemes after their sound', async () => {
    const { frames } = await (await lokutor('order=after')).ask(PA);
    expect(typeof frames[0]).toBe('object');
    expect(frames[1]).toBe(JSON.stringify([SHORT[0]]));
  });

  it('sends the same sound in base64, and in odd pieces', async () => {
    const { pcm } = await (await lokutor('')).ask(PA);
    const client = await lokutor('sound=base64&pieces=odd&end=json');
    client.send({ text: 'pa', speed: 1 });
    const messages = await until(client, ({ type }) => type === 'eos');
    const pieces = messages.slice(0, -1).map((message) => {
      if (Buffer.isBuffer(message)) throw new Error('bytes');
      expect(message.type).toBe('audio');
      return Buffer.from(message.data as string, 'base64');
    });
    expect(pieces.slice(0, -1).every((piece) => piece.length % 2 === 1)).toBe(true);
    expect(Buffer.concat(pieces).equals(pcm)).toBe(true);
  });

  it('sends at the older rate', async () => {
    const { pcm } = await (await lokutor('rate=24000')).ask(PA);
    expect(pcm.length / 2).toBe(Math.round(2 * TONE_SECONDS * 24_000));
  });

  it('leaves out the end', async () => {
    const client = await lokutor('end=none');
    client.send({ text: 'pa', speed: 1 });
    let bytes = 0;
    while (bytes < Math.round(2 * TONE_SECONDS * 44_100) * 2) bytes += (await client.frame()).length;
    const next = Promise.race([
      client.frame(),
      new Promise((resolve) => setTimeout(resolve, 300, 'nothing')),
    ]);
    expect(await next).toBe('nothing');
    client.send({ text: '', speed: 1 });
    expect(await client.frame()).toMatch(/^ERR/);
  });

  it.each([
    ['data', { type: 'error', data: { code: 'tts.voice_unavailable', retryable: true } }],
    ['flat', { type: 'error', code: 'tts.voice_unavailable', message: 'there is no voice "X1".' }],
  ])('tells errors as JSON: %s', async (form, expected) => {
    const client = await lokutor(`errors=${form}`);
    client.send({ text: 'a', voice: 'X1' });
    expect((await until(client, ({ type }) => type === 'error')).at(-1)).toMatchObject(expected);
  });

  it('sends what clients pass over', async () => {
    const { frames } = await (await lokutor('extras=on')).ask(PA);
    expect(JSON.parse(String(frames[0]))).toEqual({ type: 'timing', ttfb_ms: expect.any(Number) });
    expect(frames).toContain('[]');
  });

  it('rejects the first requests of a socket', async () => {
    const client = await lokutor('reject=2');
    expect((await client.ask(PA)).ending).toMatch(/^ERR: session limit/);
    expect((await client.ask(PA)).ending).toMatch(/^ERR: session limit/);
    expect((await client.ask(PA)).ending).toBe('EOS');
  });
});

describe('Lightning', () => {
  const MA = { voice_id: 'F1', text: 'mama mia', complete_backoff_ms: 0, word_timestamps: true };

  it.each([
    ['complete', {}],
    ['done', { status: 'complete', message: 'All chunks sent', done: true }],
    ['comp', { status: 'comp', done: true }],
  ])('ends with %s', async (end, expected) => {
    const { last } = await (await lightning(`end=${end}`, V2)).ask(MA);
    expect(last).toEqual({ status: 'complete', ...expected, request_id: expect.any(String) });
  });

  it('leaves out the end, and frees the unit all the same', async () => {
    const client = await lightning('end=none');
    client.send({ ...MA, word_timestamps: false });
    await client.frame();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await client.ask('nonsense')).last.status).toBe('error');
    client.send(MA);
    expect(((await client.frame()) as Frame).status).not.toBe('error');
  });

  it.each([
    ['message', { status: 'error', message: expect.any(String) }],
    ['list', { status: 'error', message: expect.any(String), errors: [expect.any(Object)] }],
  ])('tells errors as %s', async (form, expected) => {
    const { last } = await (await lightning(`errors=${form}`, V2)).ask('nonsense');
    expect(last).toEqual({ ...expected, request_id: expect.any(String) });
  });

  it('sends the same sound as bytes, and in odd pieces', async () => {
    const { pcm } = await (await lightning('')).ask(MA);
    const { frames, pcm: same } = await (await lightning('sound=binary&pieces=odd&words=none')).ask(MA);
    expect(frames.slice(0, -1).every((frame) => Buffer.isBuffer(frame) && frame.length % 2 === 1)).toBe(true);
    expect(same.equals(pcm)).toBe(true);
  });

  it('sends words late, or none', async () => {
    const { frames, words } = await (await lightning('words=late')).ask(MA);
    expect((frames[0] as Frame).status).toBe('chunk');
    expect(words.map(({ word }) => word)).toEqual(['mama', 'mia']);
    let seconds = 0;
    for (const frame of frames as Frame[]) {
      if (frame.status === 'chunk') seconds += Buffer.from(frame.data!.audio!, 'base64').length / 2 / 44_100;
      else expect(frame.data!.end).toBeLessThanOrEqual(seconds + 1e-4);
    }
    expect((await (await lightning('words=none')).ask(MA)).words).toEqual([]);
  });

  it('counts times from the first sound of the socket', async () => {
    const client = await lightning('times=socket');
    await client.ask(MA);
    expect((await client.ask(MA)).words[0]).toMatchObject({ id: 0, start: 8 * TONE_SECONDS });
  });

  it('lets a request wait for the one before on its socket', async () => {
    const client = await lightning('overlap=wait');
    client.send({ ...MA, text: 'ma'.repeat(400) });
    client.send(MA);
    const { frames, last } = await client.answer();
    expect(last.status).toBe('complete');
    expect(new Set((frames as Frame[]).map((frame) => frame.request_id)).size).toBe(2);
  });

  it('rejects the first requests of a socket', async () => {
    const client = await lightning('reject=1');
    expect((await client.ask(MA)).last.error!.code).toBe('RATE_LIMIT_EXCEEDED');
    expect((await client.ask(MA)).last.status).toBe('complete');
  });

  it('answers a retired model with HTTP 410 and where to go', async () => {
    const url = `${await serve()}${V2}?handshake=410`;
    const body = await new Promise<string>((resolve, reject) => {
      new WebSocket(url)
        .on('unexpected-response', (_request, response) =>
          response.setEncoding('utf8').on('data', (text) => resolve(`${response.statusCode} ${text}`)),
        )
        .on('error', reject);
    });
    expect(body.slice(0, 4)).toBe('410 ');
    expect(JSON.parse(body.slice(4))).toEqual({
      status: 'error',
      error_code: 'MODEL_DEPRECATED',
      message: expect.any(String),
      recommended_endpoint: '/waves/v1/tts/live',
    });
  });
});

describe('both', () => {
  it.each(['401', '403', '429', '500', '503'])('answer the handshake with %s', async (status) => {
    const base = await serve({ handshake: status });
    for (const path of ['/ws', LIVE]) await expect(LightningClient.open(base + path)).rejects.toThrow(status);
  });

  it.each(['/ws', LIVE])('take any key, but not none, on %s', async (path) => {
    const base = await serve({ handshake: 'key' });
    await expect(LightningClient.open(base + path)).rejects.toThrow('401');
    await expect(LightningClient.open(`${base}${path}?api_key=`)).rejects.toThrow('401');
    const headers = [{ authorization: 'Bearer x' }, { 'x-api-key': 'x' }];
    const asked = [
      ...headers.map((each) => LightningClient.open(base + path, { headers: each })),
      LightningClient.open(`${base}${path}?token=x`),
    ];
    for (const client of await Promise.all(asked)) client.close();
  });

  it('close after the last message, or with 1008 at the first request', async () => {
    for (const [choice, code] of [
      ['after', 1000],
      ['policy', 1008],
    ] as const) {
      const [one, two] = [await lokutor(`close=${choice}`), await lightning(`close=${choice}`)];
      const codes = [one.socket, two.socket].map(
        (socket) => new Promise((resolve) => socket.on('close', resolve)),
      );
      one.send({ text: 'pa' });
      two.send({ voice_id: 'F1', text: 'pa', complete_backoff_ms: 0 });
      expect(await Promise.all(codes)).toEqual([code, code]);
    }
  });

  it('are set for all connections, and the address wins', async () => {
    const settings = { end: 'json', names: 'long', words: 'late' };
    const client = await lokutor('names=short', settings);
    client.send(PA);
    const messages = await until(client, ({ type }) => type === 'eos');
    expect(messages.find(Array.isArray)).toEqual([SHORT[0]]);
  });

  it('refuse a choice that does not exist', async () => {
    const base = await serve();
    await expect(LightningClient.open(`${base}/ws?end=never`)).rejects.toThrow('400');
    await expect(LightningClient.open(`${base}${LIVE}?end=json`)).rejects.toThrow('400');
    expect(() => createGateway({ source: toneVoices(), variants: { ends: 'json' } })).toThrow(
      /variant: expected one of handshake.*"ends"/,
    );
    expect(() => createGateway({ source: toneVoices(), variants: { end: 'x' } })).toThrow(/variant end/);
    expect(() => createGateway({ source: toneVoices(), units: 0 })).toThrow(/units/);
  });

  it('are the first choices unless asked otherwise', () => {
    for (const table of [LOKUTOR_VARIANTS, LIGHTNING_VARIANTS]) {
      const chosen = readVariants(table, new URLSearchParams('api_key=a&timeout=9'), {});
      expect(Object.values(chosen)).toEqual(Object.values(table).map(([first]) => first));
    }
  });
});
