import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/speech/errors.ts';
import { LIGHTNING_URL } from '../../src/voices/lightning/lightning-voices.ts';
import { say } from '../kit/collect.ts';
import type { Script } from '../kit/scripted-server.ts';
import { chunk, complete, line, serve, V2, voices } from './lightning-kit.ts';

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
    const asked = async () => say(voices(server.url, { apiKey: 'sk-канарейка' }), 'Hi');
    const error = await asked().then(
      (said) => said.error,
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    expect([error.message, String(error.cause), error.stack].join()).not.toContain('sk-');
  });
});
