import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeWav } from '../../src/pcm/wav.ts';
import type { SpeechRequest, VoiceSource } from '../../src/speech/source.ts';
import { type PcmVoicesOptions, pcmVoices } from '../../src/voices/pcm/index.ts';
import { PcmLine } from '../../src/voices/pcm/pcm-line.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { type PcmEmulator, servePcm, voiceOf } from '../emulators/pcm.ts';
import { bytesOfSamples, endSpeech, speech } from '../emulators/speech.ts';
import { type Collected, collect } from '../kit/collect.ts';

const TEXT = 'The bridge is out. Take the ferry.';
const never = new AbortController().signal;

let server: PcmEmulator;
const sources: VoiceSource[] = [];

beforeAll(async () => {
  server = await servePcm();
});
afterEach(() => {
  for (const source of sources.splice(0)) source.dispose();
});
afterAll(async () => {
  await server.close();
  endSpeech();
});

function voices(options: Partial<PcmVoicesOptions>): VoiceSource {
  const source = pcmVoices({ sampleRate: 24_000, openSocket: openNodeSocket, ...options });
  sources.push(source);
  return source;
}

function say(
  source: VoiceSource,
  request: string | SpeechRequest = TEXT,
  signal = never,
): Promise<Collected> {
  return collect(source.speak(typeof request === 'string' ? { text: request } : request, signal));
}

async function spoken(rate = 24_000): Promise<number[]> {
  return [...(await speech(TEXT, voiceOf({}), rate)).samples];
}

/** The same line by each way of asking. */
function ways(query: string, options: Partial<PcmVoicesOptions> = {}): VoiceSource[] {
  const ends = /end=(\w+)/.exec(query)?.[1];
  const end = ends && ends !== 'none' && ends !== 'close' ? { end: ends } : {};
  return [
    voices({ url: `${server.url}?${query}`, ...end, ...options }),
    voices({ url: `${server.http}?${query}`, ...options }),
  ];
}

describe('raw sound from a server', () => {
  it.each(['end=close', 'end=EOS', 'odd=1', 'end=EOS&odd=1'])(
    'is what it spoke, sample for sample: %s',
    async (query) => {
      for (const source of ways(query)) {
        const line = await say(source);
        expect(line.error).toBeUndefined();
        expect(line.samples).toEqual(await spoken());
        expect(line.types.at(-1)).toBe('end');
      }
    },
  );

  it('comes in any encoding, told by the app or by the head of a WAV file', async () => {
    const wanted = await spoken(8_000);
    for (const encoding of ['s16le', 'f32le', 'mulaw', 'alaw'] as const) {
      for (const channels of encoding === 's16le' ? [1, 2] : [1]) {
        const query = `rate=8000&encoding=${encoding}&channels=${channels}&odd=1`;
        const told = { sampleRate: 8_000, encoding, channels };
        const sources = [...ways(query, told), ...ways(`${query}&wav=1`), ...ways(`${query}&wav=open`)];
        for (const source of [...sources, ...ways(`${query}&wav=more`)]) {
          const { samples, error } = await say(source);
          expect(error).toBeUndefined();
          expect(samples).toHaveLength(wanted.length);
          const law = encoding === 'mulaw' || encoding === 'alaw';
          for (const [index, sample] of samples.entries()) {
            // G.711 keeps some 5 bits of each sample.
            const slack = law ? 16 + Math.abs(wanted[index]!) / 30 : 0;
            if (Math.abs(sample - wanted[index]!) > slack) expect(sample).toBe(wanted[index]);
          }
        }
      }
    }
  });

  it('is asked for by JSON, or as the app likes', async () => {
    server.asked.length = 0;
    for (const source of ways('end=EOS'))
      await say(source, { text: TEXT, voice: 'Ada', lang: 'en', speed: 1.2 });
    expect(server.asked).toEqual(Array(2).fill({ text: TEXT, voice: 'Ada', lang: 'en', speed: 1.2 }));
    const get = voices({ url: `${server.http}?text=${encodeURIComponent(TEXT)}`, ask: () => undefined });
    expect((await say(get, 'Never said.')).samples).toEqual(await spoken());
    const own = voices({ url: server.url, ask: ({ text }) => JSON.stringify({ text, voice: 'Bo' }) });
    await say(own);
    expect(server.asked.at(-1)).toEqual({ text: TEXT, voice: 'Bo' });
  });

  it('keeps its socket where a message ends the line, and takes a new one where a close does', async () => {
    const [kept] = ways('end=EOS');
    const before = server.sockets();
    for (let n = 0; n < 3; n++) expect((await say(kept!)).error).toBeUndefined();
    expect(server.sockets() - before).toBe(1);
    const [closing] = ways('end=close');
    for (let n = 0; n < 2; n++) expect((await say(closing!)).error).toBeUndefined();
    expect(server.sockets() - before).toBe(3);
  });

  it('may be two lines at once, and is given up at any time', async () => {
    for (const source of ways('end=EOS')) {
      const both = await Promise.all([say(source), say(source)]);
      for (const { samples } of both) expect(samples).toEqual(await spoken());
      for (const ms of [0, 5, 30]) {
        const abort = new AbortController();
        setTimeout(() => abort.abort(), ms);
        const { error, types } = await say(source, TEXT, abort.signal);
        if (types.at(-1) !== 'end') expect(error).toMatchObject({ code: 'aborted' });
      }
      expect((await say(source)).samples).toEqual(await spoken());
    }
  });
});

describe('a stream of the app itself', () => {
  async function* pieces(length: number): AsyncGenerator<Uint8Array> {
    const bytes = bytesOfSamples((await speech(TEXT, voiceOf({}), 24_000)).samples);
    for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
  }

  it('is spoken, and left when nobody wants it', async () => {
    let left = 0;
    const source = voices({
      open: async function* () {
        try {
          yield* pieces(1_001);
        } finally {
          left++;
        }
      },
    });
    expect((await say(source)).samples).toEqual(await spoken());
    for await (const part of source.speak({ text: TEXT }, never)) if (part.type === 'audio') break;
    await expect.poll(() => left).toBe(2);
  });

  it('fails with a reason when it throws, stands still, or holds nothing', async () => {
    const patience = { timeouts: { connect: 0.1, firstAudio: 0.1, stall: 0.1 } };
    const codes: unknown[] = [];
    const streams: NonNullable<PcmVoicesOptions['open']>[] = [
      () => Promise.reject(new Error('no')),
      () => new Promise(() => {}),
      async function* () {},
      async function* () {
        await new Promise(() => {});
      },
      async function* () {
        yield new Uint8Array(4);
        await new Promise(() => {});
      },
      async function* () {
        yield new Uint8Array(4);
        throw new Error('gone');
      },
    ];
    for (const open of streams) codes.push((await say(voices({ open, ...patience }))).error?.code);
    expect(codes).toEqual([
      'connect-failed',
      'first-audio-timeout',
      'empty',
      'first-audio-timeout',
      'stalled',
      'closed-early',
    ]);
  });
});

describe('a server that sends elsewhere', () => {
  const asked: (string | string[] | undefined)[] = [];
  const there = createServer((request, response) => {
    asked.push(request.headers['x-api-key']);
    response.end(new Uint8Array(4_800));
  });
  const here = createServer((_, response) => {
    const { port } = there.address() as AddressInfo;
    response.writeHead(307, { location: `http://localhost:${port}/` }).end();
  });
  beforeAll(async () => {
    for (const each of [there, here]) await new Promise<void>((done) => each.listen(0, done));
  });
  afterAll(() => {
    for (const each of [there, here]) each.close();
  });
  const url = () => `http://127.0.0.1:${(here.address() as AddressInfo).port}/`;

  it('is followed, but never with a key', async () => {
    const keyed = voices({ url: url(), apiKey: 'sk-canary', keyPlace: { header: 'X-API-Key' } });
    const { error } = await say(keyed);
    expect(error).toMatchObject({ code: 'refused', refusal: 'retired' });
    expect(error!.message).toContain('another address');
    expect(asked).toEqual([]);
    expect((await say(voices({ url: url() }))).error).toBeUndefined();
    expect(asked).toEqual([undefined]);
  });
});

describe('a server that does not do as it should', () => {
  const patience = { timeouts: { connect: 5, firstAudio: 10, stall: 0.3 } };

  it('fails the line with its reason', async () => {
    for (const source of ways('end=none', { ...patience, end: 'EOS' }))
      expect((await say(source)).error).toMatchObject({ code: 'stalled' });
    for (const source of ways('die=3'))
      expect((await say(source)).error).toMatchObject({ code: 'closed-early' });
    const early = voices({ url: `${server.url}?end=close`, end: 'EOS' });
    expect((await say(early)).error).toMatchObject({ code: 'closed-early' });
    const bad = voices({ url: server.url, ask: () => '{}' });
    expect((await say(bad)).error).toMatchObject({ code: 'refused', refusal: 'request' });
    expect((await say(voices({ url: server.http, ask: () => '{}' }))).error).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('400'),
    });
    const told = voices({ url: server.url, errorIn: (message) => /^ERROR (.*)/.exec(message)?.[1] });
    expect((await say(told, '…')).error).toMatchObject({ code: 'refused', reason: 'nothing to say' });
    expect((await say(voices({ url: 'http://127.0.0.1:9/none' }))).error).toMatchObject({
      code: 'connect-failed',
    });
  });

  it('is told the key, which nobody sees', async () => {
    for (const source of ways('key=sk-canary', { apiKey: 'sk-canary' }))
      expect((await say(source)).error).toBeUndefined();
    for (const source of ways('key=other', { apiKey: 'sk-canary' })) {
      const { error } = await say(source);
      expect(error).toMatchObject({ code: 'refused', refusal: 'key' });
      expect(JSON.stringify([error, String(error?.cause)])).not.toContain('sk-canary');
    }
  });

  it('is not asked at all with options that do not fit', () => {
    const made = (options: Partial<PcmVoicesOptions>) => () => pcmVoices({ sampleRate: 24_000, ...options });
    expect(made({})).toThrow(/one of url and open, got neither/);
    expect(made({ url: 'ftp://x' })).toThrow(/http/);
    expect(made({ url: server.url, sampleRate: 96_000 })).toThrow(/8000 to 48000/);
    expect(made({ url: server.url, encoding: 'mp3' as never })).toThrow(/s16le/);
    expect(made({ url: server.url, channels: 0 })).toThrow(/channels/);
  });
});

describe('the sound of a line', () => {
  it('is the same however its bytes and its head are cut', () => {
    const samples = Int16Array.from({ length: 40 }, (_, index) => index * 7 - 140);
    const wav = encodeWav({ samples, sampleRate: 16_000 });
    const raw = new Uint8Array(samples.buffer);
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.nat(30), { maxLength: 12 }), (headed, cuts) => {
        const line = new PcmLine({ sampleRate: 24_000, encoding: 's16le', channels: 1 }, 'here');
        const bytes = headed ? wav : raw;
        const got: number[] = [];
        const rates = new Set<number>();
        let at = 0;
        for (const length of [...cuts, bytes.length]) {
          for (const part of line.push(bytes.subarray(at, at + length))) {
            if (part.type !== 'audio') continue;
            got.push(...part.samples);
            rates.add(part.sampleRate);
          }
          at = Math.min(at + length, bytes.length);
        }
        expect(line.end()).toEqual([{ type: 'end' }]);
        expect(got).toEqual([...samples]);
        expect([...rates]).toEqual([headed ? 16_000 : 24_000]);
      }),
      { seed: 3 },
    );
  });

  it('that begins like a head and is none is sound, and one of a head that never ends is refused', () => {
    const line = new PcmLine({ sampleRate: 24_000, encoding: 's16le', channels: 1 }, 'here');
    expect(line.push(new TextEncoder().encode('RI'))).toEqual([]);
    expect(line.end()).toMatchObject([{ type: 'audio' }, { type: 'end' }]);
    const endless = new PcmLine({ sampleRate: 24_000, encoding: 's16le', channels: 1 }, 'here');
    const junk = new Uint8Array(70_000);
    junk.set(encodeWav({ samples: new Int16Array(0), sampleRate: 8_000 }).subarray(0, 12));
    junk.set([0x4a, 0x55, 0x4e, 0x4b, 0, 0, 16, 0], 12);
    expect(() => endless.push(junk)).toThrow(/WAV head within/);
    const fast = encodeWav({ samples, sampleRate: 96_000 });
    expect(() =>
      new PcmLine({ sampleRate: 24_000, encoding: 's16le', channels: 1 }, 'here').push(fast),
    ).toThrow(/96000 Hz/);
  });
  const samples = new Int16Array(4);
});
