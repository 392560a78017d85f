/** The adapters against the gateway's own dialects, which share nothing with them but the documents of the services. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createGateway, localVoices } from '../../src/gateway/index.ts';
import type { VoiceSource } from '../../src/speech/source.ts';
import { lightningVoices } from '../../src/voices/lightning/lightning-voices.ts';
import { lokutorVoices } from '../../src/voices/lokutor/lokutor-voices.ts';
import { poolVoices } from '../../src/voices/pool/pool.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { type Collected, collect } from '../kit/collect.ts';

const TEXT = 'Map the “river”, Tom: it costs $100.';
const LONG = `${TEXT} `.repeat(9).trim();
const ODD = 'Schön, naïve 👋🏽 café: welcome!';
const V2 = '/waves/v1/lightning-v2/get_speech/stream';
const V3 = '/waves/v1/tts/live';

const source = localVoices();
const gateway = createGateway({ source });
let base = '';
const opened: VoiceSource[] = [];

beforeAll(async () => {
  await gateway.listen({ port: 0 });
  base = `ws://127.0.0.1:${gateway.address.port}`;
});

afterEach(async () => {
  for (const voices of opened.splice(0)) voices.dispose();
  // The account allows five sockets, and those of the last test may still be closing.
  const health = `${base.replace('ws', 'http')}/healthz`;
  await expect.poll(async () => (await (await fetch(health)).json()).connections).toBe(0);
});

afterAll(async () => {
  await gateway.close();
  source.dispose();
});

/** A busy machine may pause for a while between two sentences. */
const timeouts = { connect: 5, firstAudio: 15, stall: 10 };

function timeoutsAt(path: string) {
  return path.includes('end=none') ? { ...timeouts, stall: 1 } : timeouts;
}

function lightning(path: string, sampleRate = 24_000): VoiceSource {
  const voices = lightningVoices({
    url: base + path,
    openSocket: openNodeSocket,
    sampleRate,
    timeouts: timeoutsAt(path),
  });
  opened.push(voices);
  return voices;
}

function lokutor(path: string, sampleRate = 44_100): VoiceSource {
  const voices = lokutorVoices({
    url: base + path,
    openSocket: openNodeSocket,
    sampleRate,
    timeouts: timeoutsAt(path),
  });
  opened.push(voices);
  return voices;
}

function say(voices: VoiceSource, text: string, signal = new AbortController().signal): Promise<Collected> {
  return collect(voices.speak({ text, voice: 'F1' }, signal));
}

function expectSame(line: Collected, other: Collected): void {
  expect(line.error).toBeUndefined();
  expect(line.samples.length).toBe(other.samples.length);
  expect(line.samples.findIndex((sample, index) => sample !== other.samples[index])).toBe(-1);
  expect(line.words.map(({ text, from, to }) => [text, from, to])).toEqual(
    other.words.map(({ text, from, to }) => [text, from, to]),
  );
  for (const [index, word] of line.words.entries()) {
    expect(word.start).toBeCloseTo(other.words[index]!.start, 2);
    expect(word.end).toBeCloseTo(other.words[index]!.end, 2);
  }
  expect(line.types.at(-1)).toBe('end');
}

describe('a service that wants a key', () => {
  const apiKey = 'sk-canary';
  const common = { apiKey, openSocket: openNodeSocket, timeouts };
  const key = 'handshake=key';

  it.each<[string, () => VoiceSource, () => VoiceSource]>([
    [
      'Lightning, in a header',
      () => lightningVoices({ ...common, url: `${base}${V3}?${key}` }),
      () => lightning(`${V3}?${key}`),
    ],
    [
      'Lightning, from the address',
      () => lightning(`${V3}?${key}&api_key=${apiKey}`),
      () => lightning(`${V2}?${key}`),
    ],
    [
      'Lokutor, in the query',
      () => lokutorVoices({ ...common, url: `${base}/ws?${key}` }),
      () => lokutor(`/ws?${key}`),
    ],
    [
      'Lokutor, in a header',
      () => lokutorVoices({ ...common, url: `${base}/ws?${key}`, keyIn: 'header' }),
      () => lokutor(`/ws/tts?${key}`),
    ],
  ])('is given it: %s', async (_name, having, lacking) => {
    const [one, other] = [having(), lacking()];
    opened.push(one, other);
    expect((await say(one, 'Hi.')).error).toBeUndefined();
    expect((await say(other, 'Hi.')).error).toMatchObject({ code: 'refused', refusal: 'key' });
  });
});

describe('Lightning', () => {
  it.each([
    'sound=binary',
    'words=late',
    'end=done',
    'end=comp',
    'pieces=odd',
    'close=after',
    'times=socket',
    'overlap=wait',
    'timeout=2',
  ])('gives the same lines with %s', async (variant) => {
    const plain = lightning(V3);
    const varied = lightning(`${V3}?${variant}`);
    for (const text of [TEXT, ODD]) expectSame(await say(varied, text), await say(plain, text));
  });

  it('gives words where they stand in the text, also in a text of many pieces, and a mouth that closes', async () => {
    const { words, cues, samples, error } = await say(lightning(V3), LONG);
    expect(error).toBeUndefined();
    expect(words.length).toBeGreaterThan(50);
    for (const word of words) expect(LONG.slice(word.from, word.to)).toBe(word.text);
    const seconds = samples.length / 24_000;
    expect(words.at(-1)!.end).toBeLessThanOrEqual(seconds);
    expect(words.at(-1)!.end).toBeGreaterThan(seconds - 1);
    expect(words.filter(({ text }) => text.startsWith('river'))).toHaveLength(9);
    expect(cues.filter(({ viseme }) => viseme === 'PP').length).toBeGreaterThanOrEqual(27);
    expect(cues.at(-1)!.viseme).toBe('sil');
  });

  it.each([8_000, 16_000, 24_000, 44_100])('at %i Hz lasts as long as at any other', async (rate) => {
    const [there, here] = await Promise.all([say(lightning(V2, rate), TEXT), say(lokutor('/ws'), TEXT)]);
    expect(there.error).toBeUndefined();
    expect(there.words).toEqual([]);
    expect(Math.abs(there.samples.length / rate - here.samples.length / 44_100)).toBeLessThan(0.01);
  });

  it.each([
    ['handshake=401', { code: 'refused', refusal: 'key' }],
    ['handshake=403', { code: 'refused', refusal: 'key' }],
    ['handshake=410', { code: 'refused', refusal: 'retired' }],
    ['handshake=429', { code: 'refused', refusal: 'busy' }],
    ['handshake=503', { code: 'refused', refusal: 'busy' }],
    ['handshake=500', { code: 'connect-failed' }],
    ['close=policy', { code: 'refused' }],
    ['end=none', { code: 'stalled' }],
    ['reject=1', { code: 'refused', refusal: 'busy' }],
    ['reject=1&errors=message', { code: 'refused', refusal: 'busy' }],
    ['reject=1&errors=list', { code: 'refused', refusal: 'busy' }],
  ])('tells its failure with %s', async (variant, wanted) => {
    const { error } = await say(lightning(`${V2}?${variant}`), TEXT);
    expect(error).toMatchObject(wanted);
    if (variant === 'handshake=410') expect(error!.message).toMatch(/MODEL_DEPRECATED.*tts\/live/);
  });

  it('is refused, and says why, for a voice that there is not', async () => {
    const { error } = await collect(
      lightning(V3).speak({ text: 'Hi', voice: 'X9' }, new AbortController().signal),
    );
    expect(error).toMatchObject({
      code: 'refused',
      refusal: 'request',
      reason: expect.stringContaining('X9'),
    });
  });

  it('speaks in its own default voices, which the service’s documents name', async () => {
    for (const path of [V2, V3]) {
      const line = await collect(lightning(path).speak({ text: 'Hi.' }, new AbortController().signal));
      expect(line.error).toBeUndefined();
    }
  });

  it('in a pool takes turns on an account of one unit, whatever is rejected, and no player hears of it', async () => {
    const pooled = poolVoices({ services: [{ source: lightning(`${V3}?reject=1`) }], coolDownSeconds: 0 });
    opened.push(pooled);
    const alone = await say(lightning(V3), TEXT);
    const lines = await Promise.all([1, 2, 3].map(() => say(pooled, TEXT)));
    for (const line of lines) expectSame(line, alone);
    expect(pooled.load[0]!.refusals).toBeGreaterThan(0);
  }, 60_000);

  it('frees the unit when a line is cancelled', async () => {
    const voices = lightning(V3);
    const controller = new AbortController();
    for await (const part of voices.speak({ text: LONG, voice: 'F1' }, controller.signal)) {
      if (part.type === 'audio') break;
    }
    await expect.poll(async () => (await say(voices, 'Hi.')).error, { timeout: 5_000 }).toBeUndefined();
  });
});

describe('Lokutor', () => {
  it.each([
    'visemes=wrapped',
    'visemes=nested',
    'visemes=single',
    'names=long',
    'letters=upper',
    'order=after',
    'sound=base64',
    'end=json',
    'extras=on',
    'pieces=odd',
    'times=socket',
    'close=after',
  ])('gives the same lines with %s', async (variant) => {
    const plain = lokutor('/ws/tts');
    const varied = lokutor(`/ws?${variant}`);
    for (const text of [TEXT, ODD]) {
      const [one, two] = [await say(varied, text), await say(plain, text)];
      expectSame(one, two);
      expect(one.cues.map(({ viseme }) => viseme)).toEqual(two.cues.map(({ viseme }) => viseme));
    }
  });

  it('keeps its words where silences are untold', async () => {
    const [one, two] = [await say(lokutor('/ws?silences=untold'), TEXT), await say(lokutor('/ws'), TEXT)];
    expect(one.error).toBeUndefined();
    expect(one.words.map(({ text }) => text)).toEqual(two.words.map(({ text }) => text));
    for (const [index, { start }] of one.words.entries())
      expect(start).toBeCloseTo(two.words[index]!.start, 2);
  });

  it('takes another rate, where it is told', async () => {
    const line = await say(lokutor('/ws?rate=24000', 24_000), TEXT);
    const other = await say(lokutor('/ws'), TEXT);
    expect(Math.abs(line.samples.length / 24_000 - other.samples.length / 44_100)).toBeLessThan(0.01);
  });

  it.each([
    ['handshake=401', { code: 'refused', refusal: 'key' }],
    ['handshake=429', { code: 'refused', refusal: 'busy' }],
    ['end=none', { code: 'stalled' }],
    ['reject=1', { code: 'refused', refusal: 'busy' }],
    ['reject=1&errors=data', { code: 'refused', refusal: 'busy' }],
    ['reject=1&errors=flat', { code: 'refused', refusal: 'busy' }],
  ])('tells its failure with %s', async (variant, wanted) => {
    expect((await say(lokutor(`/ws?${variant}`), TEXT)).error).toMatchObject(wanted);
  });
});
