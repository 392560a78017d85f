import { afterEach, describe, expect, it } from 'vitest';
import type { ClientOptions } from 'ws';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import { SpeechError } from '../../src/speech/errors.ts';
import { DialectClient } from '../kit/dialect-client.ts';
import { TONE_SECONDS, type ToneVoices, toneAt, toneVoices } from '../kit/tone-voices.ts';

const RATE = 44_100;
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(source: ToneVoices = toneVoices(), pingSeconds = 20) {
  const faults: unknown[] = [];
  const gateway: Gateway = createGateway({ source, pingSeconds, onError: (error) => faults.push(error) });
  await gateway.listen({ port: 0 });
  closing.push(() => gateway.close());
  const url = `ws://127.0.0.1:${gateway.address.port}/ws`;
  return { source, url, faults, gateway };
}

async function connect(url: string, options?: ClientOptions): Promise<DialectClient> {
  const client = await DialectClient.open(url, options);
  closing.push(() => client.close());
  return client;
}

function tone(seconds: number, rate = RATE): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * rate) }, (_, index) => toneAt(index, rate));
}

function samplesOf(pcm: Buffer): Int16Array {
  return Int16Array.from({ length: pcm.length / 2 }, (_, index) => pcm.readInt16LE(index * 2));
}

describe('the stream of a line', () => {
  it.each(['/ws', '/ws/tts'])('is the sound in frames of 20 to 40 ms and then EOS, on %s', async (path) => {
    const { url } = await serve();
    const client = await connect(url.replace('/ws', path));
    const { pcm, frames, ending } = await client.ask({ text: 'mama', speed: 1 });
    expect(ending).toBe('EOS');
    expect(samplesOf(pcm)).toEqual(tone(4 * TONE_SECONDS));
    for (const frame of frames) {
      const seconds = frame.length / 2 / RATE;
      expect(seconds).toBeGreaterThanOrEqual(0.02);
      expect(seconds).toBeLessThanOrEqual(0.04);
    }
  });

  it.each([1, 3, 19, 20, 31, 47, 111])(
    'is whole and well cut however the source cuts it: %i ms',
    async (ms) => {
      const { url } = await serve(toneVoices({ partSeconds: ms / 1000 }));
      const { pcm, frames } = await (await connect(url)).ask({ text: 'mama mia', speed: 1 });
      expect(samplesOf(pcm)).toEqual(tone(8 * TONE_SECONDS));
      expect(Math.min(...frames.map((frame) => frame.length))).toBeGreaterThanOrEqual(0.02 * RATE * 2);
      expect(Math.max(...frames.map((frame) => frame.length))).toBeLessThanOrEqual(0.04 * RATE * 2);
    },
  );

  it('is brought to 44,100 Hz from whatever the source gives', async () => {
    const { url } = await serve(toneVoices({ sampleRate: 16_000 }));
    const samples = samplesOf((await (await connect(url)).ask({ text: 'mama mia', speed: 1 })).pcm);
    const wanted = tone(8 * TONE_SECONDS);
    expect(samples.length).toBe(wanted.length);
    const middle = samples.subarray(2_000, -2_000).map((sample, index) => sample - wanted[2_000 + index]!);
    expect(Math.max(...middle.map(Math.abs))).toBeLessThan(20);
  });

  it('has visemes only where they are wanted, each just before the frame that it falls into', async () => {
    const { url } = await serve();
    const client = await connect(url);
    expect((await client.ask({ text: 'pam', speed: 1 })).visemes).toEqual([]);
    const { frames, visemes } = await client.ask({ text: 'Pa, Sam', speed: 1, visemes: true });
    expect(visemes).toEqual([
      { v: 0, c: 'p', t: 0 },
      { v: 1, c: 'a', t: 0.06 },
      { v: 2, c: 'sil', t: 0.12 },
      { v: 3, c: 'sil', t: 0.18 },
      { v: 4, c: 's', t: 0.24 },
      { v: 5, c: 'a', t: 0.3 },
      { v: 6, c: 'm', t: 0.36 },
    ]);
    let seconds = 0;
    for (const [index, frame] of frames.entries()) {
      if (typeof frame !== 'string') {
        seconds += frame.length / 2 / RATE;
        continue;
      }
      const sound = frames[index + 1]!;
      expect(typeof sound).not.toBe('string');
      for (const { t } of JSON.parse(frame)) {
        expect(t).toBeGreaterThanOrEqual(seconds - 1e-4);
        expect(t).toBeLessThan(seconds + sound.length / 2 / RATE);
      }
    }
  });

  it('passes on voice, language and speed, with the defaults of the protocol', async () => {
    const { url, source } = await serve();
    const client = await connect(url);
    await client.ask({ text: 'ma', voice: 'F4', lang: 'es', speed: 2 });
    await client.ask({ text: 'ma' });
    expect(source.requests).toEqual([
      { text: 'ma', voice: 'F4', lang: 'es', speed: 2 },
      { text: 'ma', voice: 'M1', lang: 'en', speed: 1.05 },
    ]);
  });
});

describe('a socket stays usable', () => {
  it.each<[string, unknown, RegExp]>([
    ['no JSON', 'hello', /^ERR: .*no JSON/],
    ['no object', [1, 2], /^ERR: .*an array/],
    ['no text', { voice: 'F1' }, /^ERR: text: expected a string, got nothing/],
    ['a wrong type', { text: 'a', visemes: 1 }, /^ERR: visemes: expected true or false, got 1/],
    ['an unknown voice', { text: 'a', voice: 'X9' }, /^ERR: .*there is no voice "X9"/],
    ['over-long text', { text: 'a'.repeat(5_001) }, /^ERR: text: expected at most 5000 characters/],
    [
      'as much as fits in a frame',
      { text: 'a'.repeat(262_000) },
      /^ERR: text: expected at most 5000 characters/,
    ],
    ['speed out of range', { text: 'a', speed: 3 }, /^ERR: speed: expected a number from 0.5 to 2, got 3/],
    ['bytes', Buffer.from([1, 2, 3]), /^ERR: .*binary/],
    [
      'a line that the source refuses in the middle',
      { text: '!refuse this' },
      /^ERR: [^\n]*I would rather not\.$/,
    ],
    ['a fault of ours', { text: '!break this' }, /^ERR: the gateway failed/],
  ])('after %s', async (_name, request, ending) => {
    const { url, faults } = await serve();
    const client = await connect(url);
    expect((await client.ask(request)).ending).toMatch(ending);
    expect((await client.ask({ text: 'ma' })).ending).toBe('EOS');
    expect(faults.map(String)).toEqual(ending.source.includes('failed') ? ['TypeError: a secret fault'] : []);
  });

  it('and a line goes on, when another is asked for too early', async () => {
    const { url } = await serve();
    const client = await connect(url);
    client.send({ text: 'ma'.repeat(500), speed: 1 });
    const first = await client.frame();
    client.send({ text: 'too early' });
    client.send('nonsense');
    const texts: string[] = [];
    let bytes = first.length;
    for (let frame = await client.frame(); frame !== 'EOS'; frame = await client.frame()) {
      if (typeof frame === 'string') texts.push(frame);
      else bytes += frame.length;
    }
    expect(texts).toEqual([expect.stringMatching(/^ERR: .*EOS/), expect.stringMatching(/^ERR: .*JSON/)]);
    expect(bytes / 2).toBe(1_000 * TONE_SECONDS * RATE);
    expect((await client.ask({ text: 'ma' })).ending).toBe('EOS');
  });

  it('but not for a message over 256 KiB', async () => {
    const { url } = await serve();
    const client = await connect(url);
    client.send({ text: 'a'.repeat(300_000) });
    await expect(client.frame()).rejects.toThrow('closed');
  });
});

describe('a client that goes', () => {
  it('cancels its line, and nobody else is harmed', async () => {
    const { url, source } = await serve();
    const [leaving, staying] = [await connect(url), await connect(url)];
    leaving.send({ text: '!hang on, please wait' });
    await leaving.frame();
    expect(source.running).toBe(1);
    leaving.close();
    await expect.poll(() => source.running).toBe(0);
    expect((await staying.ask({ text: 'ma' })).ending).toBe('EOS');
  });

  it('without a word is found by its missing pongs', async () => {
    const { url, source } = await serve(toneVoices(), 0.05);
    const [lost, quiet] = [await connect(url, { autoPong: false }), await connect(url)];
    lost.send({ text: '!hang on, please wait' });
    quiet.send({ text: '!hang on, please wait' });
    await expect.poll(() => source.running).toBe(2);
    await expect.poll(() => source.running, { timeout: 2_000 }).toBe(1);
    expect(quiet.socket.readyState).toBe(quiet.socket.OPEN);
  });
});

describe('a reader that does not read', () => {
  it('is waited for: the line stops being made, and ends when it is read again', async () => {
    const { url, source } = await serve();
    const client = await connect(url);
    const text = 'ma'.repeat(2_500);
    client.socket.pause();
    client.send({ text, speed: 0.5 });
    let before = -1;
    while (source.producedSeconds !== before) {
      before = source.producedSeconds;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(before).toBeLessThan(180); // Of 600: what the system's own buffers hold, and 256 KiB of ours.
    client.socket.resume();
    const { pcm, ending } = await client.answer();
    expect(ending).toBe('EOS');
    expect(pcm.length / 2).toBe(5_000 * 2 * TONE_SECONDS * RATE);
  });

  it('and goes on asking is dropped', async () => {
    const { url } = await serve();
    const client = await connect(url);
    client.socket.pause();
    const nonsense = JSON.stringify({ text: 'a', voice: { no: 'string' } });
    for (let wave = 0; wave < 400 && client.socket.readyState === client.socket.OPEN; wave++) {
      for (let count = 0; count < 500; count++) client.send(nonsense);
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.socket.resume();
    await expect.poll(() => client.socket.readyState, { timeout: 5_000 }).toBe(client.socket.CLOSED);
  });
});

describe('a fault of the source', () => {
  it('is told in one line, without what it says inside', async () => {
    const source = toneVoices();
    const failing = {
      ...source,
      speak: () => ({
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(SpeechError.empty('a\nb')) }),
      }),
    };
    const gateway = createGateway({ source: failing });
    await gateway.listen({ port: 0 });
    closing.push(() => gateway.close());
    const client = await connect(`ws://127.0.0.1:${gateway.address.port}/ws`);
    expect((await client.ask({ text: 'ma' })).ending).toBe('ERR: a b ended the line without any audio.');
  });
});
