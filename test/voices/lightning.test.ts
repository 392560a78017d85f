import { afterEach, describe, expect, it } from 'vitest';
import type { SpeechRequest, VoiceSource } from '../../src/speech/source.ts';
import {
  LIGHTNING_URL,
  type LightningOptions,
  lightningVoices,
} from '../../src/voices/lightning/lightning-voices.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { type Collected, collect } from '../kit/collect.ts';
import {
  rampBytes,
  type Script,
  type ScriptedOptions,
  type ScriptedServer,
  startScripted,
} from '../kit/scripted-server.ts';

const V2 = '/waves/v1/lightning-v2/get_speech/stream';
const V3 = '/waves/v1/tts/live';
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(script: Script, options: ScriptedOptions = {}): Promise<ScriptedServer> {
  const server = await startScripted(script, { path: V3, ...options });
  closing.push(() => server.close());
  return server;
}

function voices(url: string, options: Partial<LightningOptions> = {}): VoiceSource {
  const source = lightningVoices({ url, openSocket: openNodeSocket, ...options });
  closing.push(() => source.dispose());
  return source;
}

function say(source: VoiceSource, request: string | SpeechRequest, signal?: AbortSignal): Promise<Collected> {
  const asked = typeof request === 'string' ? { text: request } : request;
  return collect(source.speak(asked, signal ?? new AbortController().signal));
}

const chunk = (samples: number, first = 0, id = 'r1') =>
  JSON.stringify({
    session_id: 's',
    request_id: id,
    status: 'chunk',
    data: { audio: rampBytes(samples, first).toString('base64') },
  });

const word = (text: string, start: number, end: number, id = 'r1', nth = 0) =>
  JSON.stringify({ request_id: id, status: 'word_timestamp', data: { id: nth, word: text, start, end } });

const complete = JSON.stringify({ session_id: 's', request_id: 'r1', status: 'complete' });

/** A tenth of a second, once all of the text has come. */
const line: Script = (socket, request) => {
  if (request.continue) return;
  socket.send(chunk(2_400));
  socket.send(complete);
};

const ramp = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('a line through Lightning', () => {
  it('asks as today’s protocol says, with the key in the header alone', async () => {
    const server = await serve(line);
    const source = voices(server.url, { apiKey: 'sk-1', model: 'lightning_v3.1_pro' });
    expect((await say(source, { text: 'Hi', voice: 'meher', lang: 'hi', speed: 1.2 })).samples).toEqual(
      ramp(2_400),
    );
    expect(server.requests).toEqual([
      {
        voice_id: 'meher',
        text: 'Hi',
        language: 'hi',
        speed: 1.2,
        sample_rate: 24_000,
        model: 'lightning_v3.1_pro',
        word_timestamps: true,
        output_format: 'pcm',
        complete_backoff_ms: 100,
        continue: false,
        flush: true,
      },
    ]);
    expect(server.handshakes).toEqual([`${V3}?timeout=60`]);
    expect(server.headers[0]!.authorization).toBe('Bearer sk-1');
  });

  it('asks as v2 says where the path is v2’s', async () => {
    for (const path of [V2, '/api/v1/lightning-v2/get_speech/stream?timeout=20']) {
      const server = await serve(line, { path });
      const source = voices(server.url, { consistency: 0.3, enhancement: 2, sampleRate: 16_000 });
      expect((await say(source, 'Hi')).samples).toHaveLength(2_400);
      expect(server.requests).toEqual([
        {
          voice_id: 'emily',
          text: 'Hi',
          sample_rate: 16_000,
          consistency: 0.3,
          enhancement: 2,
          add_wav_header: false,
          complete_backoff_ms: 100,
          continue: false,
          flush: true,
        },
      ]);
      expect(server.handshakes[0]).toMatch(/\?timeout=(60|20)$/);
      expect(server.headers[0]!.authorization).toBeUndefined();
      expect(source).toMatchObject({
        traits: { gives: [] },
        timing: { confidence: 0 },
        lookAheadSeconds: 0.12,
      });
    }
  });

  it('sends a long text in pieces of at most 250 characters, and the last with flush', async () => {
    const server = await serve(line);
    const text = 'The gate closes at dusk, and the lamps are lit by then. '.repeat(12);
    await say(voices(server.url), text);
    expect(server.requests.map((request) => request.text).join('')).toBe(text);
    for (const [index, request] of server.requests.entries()) {
      const last = index === server.requests.length - 1;
      expect(String(request.text).length).toBeLessThanOrEqual(250);
      expect([request.continue, request.flush]).toEqual([!last, last]);
    }
    expect(server.requests.length).toBeGreaterThan(2);
    expect(server.requests.length).toBeLessThan(6);
  });

  it('gives sound, words and a mouth in line time', async () => {
    const server = await serve((socket) => {
      socket.send(word('Map', 0.1, 0.25));
      socket.send(chunk(7_200));
      socket.send(word('$100!', 0.3, 0.5));
      socket.send(chunk(7_200, 7_200));
      socket.send(complete);
    });
    const { samples, words, cues, types, error } = await say(voices(server.url), 'Map: $100!');
    expect(error).toBeUndefined();
    expect(samples).toEqual(ramp(14_400));
    expect(words).toEqual([
      { text: 'Map', start: 0.1, end: 0.25, from: 0, to: 3 },
      { text: '$100!', start: 0.3, end: 0.5, from: 5, to: 10 },
    ]);
    expect(
      cues.slice(0, 5).map(({ viseme, start, end }) => [viseme, +start.toFixed(3), +end.toFixed(3)]),
    ).toEqual([
      ['sil', 0, 0.1],
      ['PP', 0.1, 0.15],
      ['aa', 0.15, 0.2],
      ['PP', 0.2, 0.25],
      ['sil', 0.25, 0.3],
    ]);
    expect(cues.at(-1)).toMatchObject({ viseme: 'sil', end: 0.6 });
    expect(types.at(-1)).toBe('end');
  });

  it('moves times that begin anew with another request by the sound before it', async () => {
    const server = await serve((socket) => {
      socket.send(word('one', 0, 0.1, 'a'));
      socket.send(chunk(4_800, 0, 'a'));
      socket.send(word('two', 0.05, 0.1, 'b'));
      socket.send(chunk(4_800, 4_800, 'b'));
      socket.send(complete);
    });
    const { words } = await say(voices(server.url), 'one two');
    expect(words.map(({ text, start, end }) => [text, +start.toFixed(3), +end.toFixed(3)])).toEqual([
      ['one', 0, 0.1],
      ['two', 0.25, 0.3],
    ]);
  });

  it.each([8_000, 16_000, 24_000, 44_100])('at %i Hz, cut at any byte', async (sampleRate) => {
    const server = await serve((socket, request) => {
      expect(request.sample_rate).toBe(sampleRate);
      const bytes = rampBytes(3_000);
      for (let at = 0; at < bytes.length; at += 333) {
        const audio = bytes.subarray(at, at + 333).toString('base64');
        socket.send(JSON.stringify({ status: 'chunk', data: { audio } }));
      }
      socket.send(complete);
    });
    const { samples } = await say(voices(server.url, { sampleRate }), 'Hi');
    expect(samples).toEqual(ramp(3_000));
  });

  it.each<[string, (send: (frame: unknown) => void) => void]>([
    ['complete with done', (send) => send({ status: 'complete', message: 'All chunks sent', done: true })],
    ['comp with done', (send) => send({ status: 'comp', done: true })],
    ['a payload around it', (send) => send({ payload: { status: 'complete' } })],
    ['done alone', (send) => send({ done: true })],
    ['news between', (send) => [{ status: 'metrics', ttfb: 1 }, { status: 'complete' }].forEach(send)],
  ])('ends with %s', async (_name, play) => {
    const server = await serve((socket) => {
      socket.send(chunk(100));
      play((frame) => socket.send(JSON.stringify(frame)));
    });
    const { samples, error } = await say(voices(server.url), 'Hi');
    expect(error).toBeUndefined();
    expect(samples).toEqual(ramp(100));
  });

  it('takes sound in binary frames, in the last frame, and behind a WAV header', async () => {
    const header = Buffer.alloc(44);
    header.write('RIFF', 0);
    header.write('WAVEfmt ', 8);
    header.write('data', 36);
    const server = await serve((socket) => {
      socket.send(Buffer.concat([header, rampBytes(50)]));
      socket.send(JSON.stringify({ ...JSON.parse(chunk(50, 50)), done: true }));
    });
    expect((await say(voices(server.url), 'Hi')).samples).toEqual(ramp(100));
  });
});

describe('sockets', () => {
  it('are kept for the next line where the service leaves them open, and replaced where it closes them', async () => {
    const open = await serve(line);
    const source = voices(open.url);
    for (let nth = 0; nth < 3; nth++) expect((await say(source, 'Hi')).error).toBeUndefined();
    expect(open.handshakes).toHaveLength(1);
    const shut = await serve((socket, request, nth) => {
      line(socket, request, nth);
      socket.close(1000);
    });
    const other = voices(shut.url);
    for (let nth = 0; nth < 3; nth++) expect((await say(other, 'Hi')).error).toBeUndefined();
    expect(shut.handshakes).toHaveLength(3);
  });

  it('are not used when they have been idle for as long as the service may allow', async () => {
    const server = await serve(line, { path: `${V3}?timeout=2` });
    const source = voices(server.url);
    await say(source, 'one');
    await say(source, 'two');
    expect(server.handshakes).toHaveLength(2); // Two seconds, less the margin.
  });

  it('that time out while a line is asked for are replaced', async () => {
    const idle = { status: 'error', message: 'Connection timed out after 60 seconds of inactivity' };
    const server = await serve((socket, request, nth) => {
      if (nth === 1) socket.send(JSON.stringify(idle), () => socket.close());
      else line(socket, request, nth);
    });
    const source = voices(server.url);
    await say(source, 'one');
    expect(await say(source, 'two')).toMatchObject({ error: undefined, samples: { length: 2_400 } });
    expect(server.handshakes).toHaveLength(2);
  });

  it('that are told of their time-out while idle are dropped', async () => {
    const server = await serve((socket, request, nth) => {
      line(socket, request, nth);
      const message = 'Connection timed out after 20 seconds of inactivity';
      setTimeout(() => socket.send(JSON.stringify({ status: 'error', message })), 30);
    });
    const source = voices(server.url);
    await say(source, 'one');
    await expect.poll(() => server.open.size).toBe(0);
    expect((await say(source, 'two')).error).toBeUndefined();
  });

  it('are closed when a line is cancelled, at each stage', async () => {
    const server = await serve((socket, _request, nth) => {
      if (nth > 0) socket.send(chunk(100));
    });
    const source = voices(server.url);
    const atOnce = new AbortController();
    const early = say(source, 'Hi', atOnce.signal);
    atOnce.abort();
    expect((await early).error?.code).toBe('aborted');
    for (const wanted of [0, 100]) {
      const controller = new AbortController();
      const parts = source.speak({ text: 'Hi' }, controller.signal)[Symbol.asyncIterator]();
      const next = parts.next();
      if (wanted > 0) expect((await next).value).toMatchObject({ type: 'audio' });
      else await expect.poll(() => server.requests.length).toBe(1);
      controller.abort();
      await expect(wanted > 0 ? parts.next() : next).rejects.toMatchObject({ code: 'aborted' });
      await expect.poll(() => server.open.size).toBe(0);
    }
  });

  it('that do not answer pings are given up', async () => {
    const { nodeSockets } = await import('../../src/voices/session/node-socket.ts');
    for (const autoPong of [true, false]) {
      const server = await serve(() => {}, { autoPong });
      const source = voices(server.url, {
        openSocket: nodeSockets({ pingSeconds: 0.05 }),
        timeouts: { firstAudio: 0.6 },
      });
      const { error } = await say(source, 'Hi');
      expect(error?.code).toBe(autoPong ? 'first-audio-timeout' : 'closed-early');
    }
  });
});

describe('a line that fails does so once, with its reason', () => {
  const timeouts = { connect: 0.3, firstAudio: 0.4, stall: 0.2 };

  it.each<[string, Script, object]>([
    [
      'killed in the middle',
      (socket) => socket.send(chunk(9), () => socket.terminate()),
      { code: 'closed-early' },
    ],
    ['no answer', () => {}, { code: 'first-audio-timeout' }],
    ['no end', (socket) => socket.send(chunk(9)), { code: 'stalled' }],
    ['an end without sound', (socket) => socket.send(complete), { code: 'empty' }],
    ['text that is no JSON', (socket) => socket.send('{"oops'), { code: 'protocol' }],
    ['a list', (socket) => socket.send('[]'), { code: 'protocol' }],
    [
      'sound that is no base64',
      (socket) => socket.send('{"status":"chunk","data":{"audio":"%"}}'),
      { code: 'protocol' },
    ],
    ['a chunk without sound', (socket) => socket.send('{"status":"chunk","data":{}}'), { code: 'protocol' }],
    [
      'a word without times',
      (socket) => socket.send('{"status":"word_timestamp","data":{"word":"a"}}'),
      { code: 'protocol' },
    ],
    [
      'too many at a time, in a frame',
      (socket) =>
        socket.send('{"status":"error","error":{"message":"Concurrency limit exceeded","code":"429"}}'),
      { code: 'refused', refusal: 'busy' },
    ],
    [
      'too many at a time, in words',
      (socket) => socket.send('{"status":"error","message":"Too many concurrent requests"}'),
      { code: 'refused', refusal: 'busy' },
    ],
    [
      'another voice than there are',
      (socket) =>
        socket.send(
          '{"request_id":"r","status":"error","message":"Invalid input","errors":[{"message":"no voice x"}]}',
        ),
      { code: 'refused', refusal: 'request', reason: 'Invalid input: no voice x' },
    ],
    [
      'a fault of theirs',
      (socket) => socket.send('{"status":"error","error":{"message":"boom","code":500}}'),
      { code: 'service-failed' },
    ],
    [
      'a bad key',
      (socket) => socket.send('{"status":"error","error":{"message":"Invalid API key"}}'),
      { code: 'refused', refusal: 'key' },
    ],
  ])('%s', async (_name, script, wanted) => {
    const server = await serve((socket, request, nth) =>
      nth === 0 ? script(socket, request, nth) : line(socket, request, nth),
    );
    const source = voices(server.url, { timeouts });
    const { error, types } = await say(source, 'Hi');
    expect(error).toMatchObject({ name: 'SpeechError', ...wanted });
    expect(types).not.toContain('end');
    expect((await say(source, 'again')).error).toBeUndefined();
  });

  it.each([
    [401, 'refused', 'key'],
    [403, 'refused', 'key'],
    [429, 'refused', 'busy'],
    [503, 'refused', 'busy'],
    [500, 'connect-failed', undefined],
  ])('when the handshake is answered with %i', async (status, code, refusal) => {
    const server = await serve(() => {}, {
      handshake: () => ({ status, body: 'because', headers: { 'Retry-After': '7' } }),
    });
    const { error } = await say(voices(server.url), 'Hi');
    expect(error).toMatchObject({ code, ...(refusal && { refusal, retryAfterSeconds: 7 }) });
    if (refusal) expect(error!.message).toMatch(/because/);
  });

  it('when the address is retired, with what to do', async () => {
    const body = JSON.stringify({
      status: 'error',
      error_code: 'MODEL_DEPRECATED',
      message: 'lightning-v2 was retired.',
      recommended_endpoint: '/waves/v1/tts/live',
    });
    const server = await serve(() => {}, { path: V2, handshake: () => ({ status: 410, body }) });
    const { error } = await say(voices(server.url), 'Hi');
    expect(error).toMatchObject({ code: 'refused', refusal: 'retired' });
    expect(error!.message).toMatch(
      /HTTP 410.*MODEL_DEPRECATED: lightning-v2 was retired.*recommends \/waves/,
    );
    expect(error!.message).toContain(LIGHTNING_URL);
  });

  it('when a rate, a speed, an address or the idle time is none', async () => {
    expect(() => voices('ws://x/', { sampleRate: 48_000 })).toThrow(/24000/);
    expect(() => voices('http://x/')).toThrow(/ws:/);
    expect(() => voices('ws://x/', { idleSeconds: 0 })).toThrow(/idleSeconds/);
    const server = await serve(line);
    const { error } = await say(voices(server.url), { text: 'Hi', speed: 4 });
    expect(error).toMatchObject({ code: 'invalid-input' });
    expect(error!.message).toContain('0.5 to 2');
    expect((await say(voices(server.url), ' ')).error).toMatchObject({ code: 'invalid-input' });
    expect(server.handshakes).toEqual([]);
  });
});

describe('keys', () => {
  const key = 'sk-canary/+ 1&2';
  const query = new URLSearchParams({ api_key: key }).toString();

  it('reach the service in the header, and no message', async () => {
    const echoes = [key, `Bearer ${key}`, encodeURIComponent(key), query, JSON.stringify({ key })];
    const server = await serve(
      (socket, _request, nth) => {
        if (nth < echoes.length) {
          socket.send(JSON.stringify({ status: 'error', message: `bad key ${echoes[nth]} was sent` }));
        } else if (nth === echoes.length) socket.send(`${'x'.repeat(290)}${key}`);
        else socket.close(1008, key);
      },
      { handshake: (nth) => (nth === 7 ? { status: 401, body: `{"message":"${key} is spent"}` } : 101) },
    );
    for (let nth = 0; nth < 8; nth++) {
      const source = voices(nth % 2 ? `${server.url}?${query}` : server.url, nth % 2 ? {} : { apiKey: key });
      const { error } = await say(source, 'Hi');
      expect(error).toBeDefined();
      const shown = [error!.message, String(error!.cause), error!.stack, JSON.stringify(error)].join('\n');
      expect(shown).not.toContain('sk-');
      expect(shown).not.toContain('canary');
    }
    expect(new Set(server.headers.map(({ authorization }) => authorization))).toEqual(
      new Set([`Bearer ${key}`]),
    );
    expect(server.handshakes.join()).not.toContain('canary');
  });

  it('that no header can hold are not shown either', async () => {
    const server = await serve(line);
    const { error } = await say(voices(server.url, { apiKey: 'sk-канарейка' }), 'Hi');
    expect(error).toMatchObject({ code: 'connect-failed' });
    expect([error!.message, String(error!.cause), error!.stack].join()).not.toContain('sk-');
  });
});
