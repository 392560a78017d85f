import { describe, expect, it } from 'vitest';
import { lokutorVoices } from '../../src/voices/lokutor/lokutor-voices.ts';
import { say } from '../kit/collect.ts';
import { rampBytes, type Script, startScripted } from '../kit/scripted-server.ts';
import { serve, voices } from './lokutor-kit.ts';

describe('a line that fails does so once, with its reason', () => {
  const timeouts = { connect: 0.3, firstAudio: 0.4, stall: 0.2 };
  const some: Script = (socket) => socket.send(rampBytes(100));

  it.each<[string, Script, string]>([
    [
      'killed in the middle',
      (socket) => socket.send(rampBytes(100), () => socket.terminate()),
      'closed-early',
    ],
    [
      'closed politely before its end',
      (socket) => {
        socket.send(rampBytes(100));
        socket.close(1000);
      },
      'closed-early',
    ],
    ['turned away', (socket) => socket.close(1008, 'no more credit'), 'refused'],
    ['text that is no JSON', (socket) => socket.send('{"oops'), 'protocol'],
    ['a number', (socket) => socket.send('42'), 'protocol'],
    ['visemes without times', (socket) => socket.send('[{"v":0,"c":"a"}]'), 'protocol'],
    ['visemes that are no objects', (socket) => socket.send('[null]'), 'protocol'],
    ['sound that is no base64', (socket) => socket.send('{"type":"audio","data":"%"}'), 'protocol'],
    ['sound without data', (socket) => socket.send('{"type":"audio"}'), 'protocol'],
    ['an object of no kind', (socket) => socket.send('{"hello":1}'), 'protocol'],
    ['ERR', (socket) => socket.send('ERR: unknown voice'), 'refused'],
    ['an end without sound', (socket) => socket.send('EOS'), 'empty'],
    ['no answer', () => {}, 'first-audio-timeout'],
    [
      'telemetry for ever',
      async (socket) => {
        while (socket.readyState === socket.OPEN) {
          socket.send('{"type":"timing"}');
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      },
      'first-audio-timeout',
    ],
    ['no end', some, 'stalled'],
  ])('%s', async (_name, script, code) => {
    const server = await serve((socket, request, nth) => {
      if (nth === 0) return script(socket, request, nth);
      socket.send(rampBytes(5));
      socket.send('EOS');
    });
    const source = voices(server.url, { timeouts });
    const line = await say(source, 'map');
    expect(line.error).toMatchObject({ name: 'SpeechError', code });
    expect(line.types).not.toContain('end');
    expect((await say(source, 'again')).samples).toEqual([0, 1, 2, 3, 4]);
  });

  it.each([
    { type: 'error', data: { code: 'validation.invalid_voice', message: 'no voice F9', retryable: false } },
    { type: 'error', message: 'no voice F9' },
    { type: 'error', data: 'no voice F9', error: 'no voice F9' },
    { error: { message: 'no voice F9' } },
    { error: 'no voice F9' },
  ])('in the words of the service: %j', async (frame) => {
    const server = await serve((socket) => socket.send(JSON.stringify(frame)));
    const { error } = await say(voices(server.url), 'map');
    expect(error).toMatchObject({ code: 'refused' });
    expect(error!.message).toContain('no voice F9');
  });

  it.each([
    [401, 'refused'],
    [429, 'refused'],
    [503, 'refused'],
    [500, 'connect-failed'],
  ])('when the handshake is answered with %i', async (status, code) => {
    const server = await serve(() => {}, { handshake: () => status });
    const { error } = await say(voices(server.url), 'map');
    expect(error).toMatchObject({ code });
    if (code === 'refused') expect(error!.message).toContain(String(status));
  });

  it('when the connection takes too long, or nobody is there', async () => {
    const server = await serve(() => {}, { handshake: () => 'hang' });
    expect((await say(voices(server.url, { timeouts }), 'map')).error?.code).toBe('connect-timeout');
    await server.close();
    expect((await say(voices(server.url, { timeouts }), 'map')).error?.code).toBe('connect-failed');
  });

  it('and the next works once the service is back', async () => {
    const answer: Script = (socket) => {
      socket.send(rampBytes(100));
      socket.send('EOS');
    };
    const first = await startScripted(answer);
    const port = Number(new URL(first.url).port);
    const source = voices(first.url);
    expect((await say(source, 'one')).error).toBeUndefined();
    await first.close();
    for (let attempt = 0; attempt < 3; attempt++)
      expect((await say(source, 'two')).error?.code).toBe('connect-failed');
    await serve(answer, { port });
    expect((await say(source, 'three')).samples).toHaveLength(100);
  });

  it('when there is nothing to say', async () => {
    const server = await serve(() => {});
    expect((await say(voices(server.url), ' \n')).error).toMatchObject({ code: 'invalid-input' });
    expect(server.handshakes).toEqual([]);
  });
});

describe('keys', () => {
  const KEY = 'sk-канарейка/+ 1&2';

  it('reach the service and no message', async () => {
    const query = new URLSearchParams({ api_key: KEY }).toString();
    const server = await serve((socket, _request, nth) => {
      const echoes = [KEY, encodeURIComponent(KEY), query, JSON.stringify({ KEY })];
      if (nth < echoes.length) socket.send(`ERR: bad key ${echoes[nth]} was sent`);
      else if (nth === echoes.length) socket.send(`${'x'.repeat(290)}${KEY}`);
      else socket.close(1008, KEY);
    });
    for (let nth = 0; nth < 6; nth++) {
      const source = voices(nth % 2 ? `${server.url}?${query}` : server.url, nth % 2 ? {} : { apiKey: KEY });
      const { error } = await say(source, 'map');
      expect(error).toBeDefined();
      const shown = [error!.message, String(error!.cause), error!.stack].join('\n');
      expect(shown).not.toContain('канарейка');
      expect(shown).not.toContain('sk-');
    }
    expect(
      new Set(server.handshakes.map((path) => new URLSearchParams(path.split('?')[1]).get('api_key'))),
    ).toEqual(new Set([KEY]));
  });

  it('are not shown when the address is wrong or nobody answers', async () => {
    for (const url of [
      'http://x/?api_key=sk-secret',
      'not a url sk-secret',
      'ws://user:sk-secret@127.0.0.1:9/ws',
    ]) {
      let shown = '';
      try {
        const { error } = await say(voices(url, { timeouts: { connect: 0.5 } }), 'map');
        shown = `${error!.message} ${error!.cause}`;
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid-input' });
        shown = String(error);
      }
      expect(shown).not.toBe('');
      expect(shown).not.toContain('sk-secret');
    }
  });
});

describe('a Node without sockets of its own', () => {
  it.runIf(typeof WebSocket === 'undefined')('is told where to find some', async () => {
    const { error } = await say(lokutorVoices({ url: 'ws://127.0.0.1:9/ws' }), 'map');
    expect(error).toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('openNodeSocket'),
    });
  });
});
