import { afterEach, describe, expect, it } from 'vitest';
import type { SpeechRequest, VoiceSource } from '../../src/speech/source.ts';
import { type LokutorOptions, lokutorVoices } from '../../src/voices/lokutor/lokutor-voices.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { type Collected, collect } from '../kit/collect.ts';
import {
  type Handshake,
  rampBytes,
  type Script,
  type ScriptedServer,
  startScripted,
} from '../kit/scripted-server.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function serve(
  script: Script,
  options?: { handshake?: Handshake; port?: number },
): Promise<ScriptedServer> {
  const server = await startScripted(script, options);
  closing.push(() => server.close());
  return server;
}

function voices(url: string, options: Partial<LokutorOptions> = {}): VoiceSource {
  const source = lokutorVoices({ url, openSocket: openNodeSocket, ...options });
  closing.push(() => source.dispose());
  return source;
}

function say(source: VoiceSource, request: string | SpeechRequest, signal?: AbortSignal): Promise<Collected> {
  const asked = typeof request === 'string' ? { text: request } : request;
  return collect(source.speak(asked, signal ?? new AbortController().signal));
}

const ramp = Array.from({ length: 4_410 }, (_, index) => index);

/** "map" in a tenth of a second. */
const MAP = [
  { v: 0, c: 'm', t: 0 },
  { v: 1, c: 'a', t: 0.03 },
  { v: 2, c: 'p', t: 0.07 },
  { v: 2, c: 'sil', t: 0.09 },
];

function expectMap(line: Collected): void {
  expect(line.error).toBeUndefined();
  expect(line.samples).toEqual(ramp);
  expect(line.cues.map(({ viseme, start, end }) => [viseme, start, end])).toEqual([
    ['PP', 0, 0.03],
    ['aa', 0.03, 0.07],
    ['PP', 0.07, 0.09],
    ['sil', 0.09, 0.1],
  ]);
  expect(line.words).toEqual([{ text: 'map', start: 0, end: 0.09, from: 0, to: 3 }]);
  expect(line.types.at(-1)).toBe('end');
}

describe('a line through the Lokutor protocol', () => {
  it('asks as the protocol says', async () => {
    const server = await serve((socket) => {
      socket.send(rampBytes(4_410));
      socket.send('EOS');
    });
    const source = voices(server.url);
    await say(source, { text: 'Hi', voice: 'M2', lang: 'es', speed: 1.2 });
    await say(source, 'Hi');
    await say(voices(server.url, { visemes: false }), 'Hi');
    expect(server.requests).toEqual([
      { text: 'Hi', voice: 'M2', lang: 'es', speed: 1.2, visemes: true },
      { text: 'Hi', speed: 1, visemes: true },
      { text: 'Hi', speed: 1, visemes: false },
    ]);
  });

  it('gives sound, cues and words of the documented form', async () => {
    const server = await serve((socket) => {
      socket.send(JSON.stringify(MAP.slice(0, 2)));
      socket.send(rampBytes(2_000));
      socket.send(JSON.stringify(MAP.slice(2)));
      socket.send(rampBytes(2_410, 2_000));
      socket.send('EOS');
    });
    expectMap(await say(voices(server.url), 'map'));
  });

  it.each<[string, (send: (frame: unknown) => void) => void]>([
    ['wrapped visemes', (send) => send({ type: 'visemes', data: MAP })],
    ['visemes within data', (send) => send({ type: 'visemes', data: { visemes: MAP } })],
    ['visemes at the top', (send) => send({ visemes: MAP })],
    [
      'single visemes, at the top or in data',
      (send) => {
        send(MAP[0]);
        send({ type: 'viseme', data: MAP[1] });
        send({ type: 'viseme', ...MAP[2] });
        send(MAP[3]);
      },
    ],
    [
      'other names',
      (send) => send(MAP.map(({ v, c, t }) => ({ id: v, char: c.toUpperCase(), timestamp: t }))),
    ],
    ['visemes out of order', (send) => send([MAP[2], MAP[0], MAP[3], MAP[1]])],
    [
      'telemetry and empty lists between',
      (send) => {
        send({ type: 'timing', ttfb_ms: 40 });
        send([]);
        send(MAP);
        send({ type: 'something-new', data: [1] });
      },
    ],
  ])('reads %s', async (_name, play) => {
    const server = await serve((socket) => {
      play((frame) => socket.send(JSON.stringify(frame)));
      socket.send(rampBytes(4_410));
      socket.send('EOS');
    });
    expectMap(await say(voices(server.url), 'map'));
  });

  it('reads sound in base64 and the end in JSON', async () => {
    const server = await serve((socket) => {
      socket.send(JSON.stringify(MAP));
      socket.send(JSON.stringify({ type: 'audio', data: rampBytes(4_410).toString('base64') }));
      socket.send(JSON.stringify({ type: 'eos' }));
    });
    expectMap(await say(voices(server.url), 'map'));
  });

  it('joins samples that are cut anywhere', async () => {
    const server = await serve((socket) => {
      socket.send(JSON.stringify(MAP));
      const bytes = rampBytes(4_410);
      for (let at = 0; at < bytes.length; at += 777) socket.send(bytes.subarray(at, at + 777));
      socket.send('EOS');
    });
    expectMap(await say(voices(server.url), 'map'));
  });

  it('takes times that go on from the line before on the same socket, and times that begin anew', async () => {
    const server = await serve((socket, _request, nth) => {
      const from = nth < 3 ? nth * 0.1 : 0;
      socket.send(JSON.stringify(MAP.map((event) => ({ ...event, t: event.t + from }))));
      socket.send(rampBytes(4_410));
      socket.send('EOS');
    });
    const source = voices(server.url);
    for (let nth = 0; nth < 4; nth++) {
      const line = await say(source, 'map');
      expect(line.cues.map((cue) => Math.round(cue.start * 1000))).toEqual([0, 30, 70, 90]);
    }
    expect(server.handshakes).toHaveLength(1);
  });
});

describe('sockets', () => {
  const shortLine: Script = (socket) => {
    socket.send(rampBytes(100));
    socket.send('EOS');
  };

  it('are kept for the next line, and one is opened for each line spoken at once', async () => {
    const held: (() => void)[] = [];
    const server = await serve((socket, _request, nth) => {
      if (nth < 2) shortLine(socket, {}, nth);
      else held.push(() => shortLine(socket, {}, nth));
      if (held.length === 4) for (const go of held) go();
    });
    const source = voices(server.url);
    await say(source, 'one');
    await say(source, 'two');
    expect(server.handshakes).toHaveLength(1);
    const lines = await Promise.all(['a', 'b', 'c', 'd'].map((text) => say(source, text)));
    expect(lines.map((line) => line.samples.length)).toEqual([100, 100, 100, 100]);
    expect(server.handshakes).toHaveLength(4);
    await expect.poll(() => server.open.size).toBe(2);
  });

  it('are opened ahead by prepare, once', async () => {
    const server = await serve(shortLine);
    const source = voices(server.url);
    source.prepare?.();
    source.prepare?.();
    await expect.poll(() => server.open.size).toBe(1);
    source.prepare?.();
    expect((await say(source, 'one')).error).toBeUndefined();
    expect(server.handshakes).toHaveLength(1);
  });

  it('prepare in vain without a sound; the line tells why', async () => {
    const server = await serve(shortLine, { handshake: () => 401 });
    const source = voices(server.url);
    source.prepare?.();
    await expect.poll(() => server.handshakes.length).toBe(1);
    expect((await say(source, 'one')).error?.code).toBe('refused');
  });

  it('that the service closed while idle are replaced, even when the news comes too late', async () => {
    const server = await serve((socket, _request, nth) => {
      if (nth === 1) socket.terminate();
      else shortLine(socket, {}, nth);
    });
    const source = voices(server.url);
    await say(source, 'one');
    expect((await say(source, 'two')).samples).toHaveLength(100);
    for (const socket of server.open) socket.terminate();
    await expect.poll(() => server.open.size).toBe(0);
    expect((await say(source, 'three')).samples).toHaveLength(100);
    expect(server.handshakes).toHaveLength(3);
  });

  it('that speak out of turn are dropped', async () => {
    const server = await serve((socket, _request, nth) => {
      shortLine(socket, {}, nth);
      if (nth === 0) setTimeout(() => socket.send(rampBytes(999)), 30);
    });
    const source = voices(server.url);
    await say(source, 'one');
    await expect.poll(() => server.open.size).toBe(0);
    expect((await say(source, 'two')).samples).toHaveLength(100);
  });

  it('are closed with the source, which may be disposed twice; running lines are told', async () => {
    const server = await serve((socket, _request, nth) => {
      if (nth === 0) shortLine(socket, {}, nth);
    });
    const source = voices(server.url);
    await say(source, 'one');
    const running = say(source, 'two');
    await expect.poll(() => server.requests.length).toBe(2);
    source.dispose();
    source.dispose();
    expect((await running).error?.code).toBe('aborted');
    expect((await say(source, 'three')).error?.code).toBe('aborted');
    await expect.poll(() => server.open.size).toBe(0);
  });
});

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

describe('cancelling', () => {
  it('closes the socket, while connecting, waiting and speaking', async () => {
    const server = await serve((socket, _request, nth) => {
      if (nth === 1) socket.send(rampBytes(100));
    });
    const source = voices(server.url);
    const atOnce = new AbortController();
    const early = say(source, 'map', atOnce.signal);
    atOnce.abort();
    expect((await early).error?.code).toBe('aborted');
    for (const wanted of [0, 100]) {
      const controller = new AbortController();
      const line = source.speak({ text: 'map' }, controller.signal)[Symbol.asyncIterator]();
      const next = line.next();
      if (wanted > 0) expect((await next).value).toMatchObject({ type: 'audio' });
      else await expect.poll(() => server.requests.length).toBe(1);
      controller.abort();
      await expect(wanted > 0 ? line.next() : next).rejects.toMatchObject({ code: 'aborted' });
      await expect.poll(() => server.open.size).toBe(0);
    }
    expect((await say(source, 'map', AbortSignal.abort())).error?.code).toBe('aborted');
  });

  it('happens when the reader walks away', async () => {
    const server = await serve((socket) => socket.send(rampBytes(100)));
    for await (const part of voices(server.url).speak({ text: 'map' }, new AbortController().signal)) {
      expect(part.type).toBe('audio');
      break;
    }
    await expect.poll(() => server.open.size).toBe(0);
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

describe('a reader slower than the service', () => {
  it('holds the stream back instead of keeping it all', async () => {
    let sent = 0;
    const server = await serve(async (socket) => {
      while (socket.readyState === socket.OPEN && sent < 300) {
        await new Promise((resolve) => socket.send(rampBytes(44_100), resolve));
        sent++;
      }
      socket.send('EOS');
    });
    const line = voices(server.url)
      .speak({ text: 'map' }, new AbortController().signal)
      [Symbol.asyncIterator]();
    await line.next();
    await new Promise((resolve) => setTimeout(resolve, 400));
    const early = sent;
    expect(early).toBeLessThan(200);
    let count = 44_100;
    for (let next = await line.next(); !next.done; next = await line.next()) {
      if (next.value.type === 'audio') count += next.value.samples.length;
    }
    expect(count).toBe(300 * 44_100);
  });
});
