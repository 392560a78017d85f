import { describe, expect, it } from 'vitest';
import { say } from '../kit/collect.ts';
import { rampBytes } from '../kit/scripted-server.ts';
import { chunk, complete, line, ramp, serve, V2, V3, voices, word } from './lightning-kit.ts';

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
