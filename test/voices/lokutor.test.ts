import { describe, expect, it } from 'vitest';
import { say } from '../kit/collect.ts';
import { rampBytes, type Script } from '../kit/scripted-server.ts';
import { expectMap, MAP, serve, voices } from './lokutor-kit.ts';

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
