import { describe, expect, it } from 'vitest';
import type { SpeechPart } from '../../src/speech/part.ts';
import { lightningVoices } from '../../src/voices/lightning/lightning-voices.ts';
import { memoryLeases } from '../../src/voices/pool/lease-store.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import type { Script, ScriptedOptions } from '../kit/scripted-server.ts';
import { chunk, complete, lightning, pool, say, serve, signal, sleep, whole, word } from './pool-kit.ts';

describe('a line that fails', () => {
  const dead: Script = (socket) => socket.terminate();

  it('is tried again while nothing was heard, so many times and no more', async () => {
    const server = await serve((socket, request, nth) => (nth < 2 ? dead : whole)(socket, request, nth));
    const pooled = pool({ services: [{ source: lightning(server.url) }], coolDownSeconds: 0 });
    expect((await say(pooled, 'one')).error).toBeUndefined();
    expect(server.requests).toHaveLength(3);
    const other = await serve(dead);
    const failing = pool({ services: [{ source: lightning(other.url) }], coolDownSeconds: 0 });
    expect((await say(failing, 'one')).error?.code).toBe('closed-early');
    expect(other.requests).toHaveLength(3);
  });

  it('is never tried again once some of it was heard, and says where to go on', async () => {
    const server = await serve((socket) => {
      socket.send(word('Mind', 0, 0.2));
      socket.send(word('the', 0.2, 0.3));
      socket.send(word('stair.', 0.35, 0.6));
      socket.send(chunk(24_000 * 0.5), () => socket.terminate());
    });
    const spare = await serve(whole);
    const services = [{ source: lightning(server.url) }, { source: lightning(spare.url), account: 'spare' }];
    const { error, samples, types } = await say(pool({ services }), 'Mind the stair.');
    expect(error).toMatchObject({ code: 'closed-early', broke: { seconds: 0.5, from: 8 } });
    expect(samples).toHaveLength(12_000);
    expect(types).not.toContain('end');
    expect([server.requests.length, spare.requests.length]).toEqual([1, 0]);
  });

  it('is not tried again where the request itself is at fault', async () => {
    const server = await serve((socket) => socket.send('{"status":"error","message":"no voice x"}'));
    const spare = await serve(whole);
    const services = [{ source: lightning(server.url) }, { source: lightning(spare.url), account: 'spare' }];
    expect((await say(pool({ services }), 'Hi')).error).toMatchObject({ refusal: 'request' });
    expect([server.requests.length, spare.requests.length]).toEqual([1, 0]);
  });

  it.each<[string, ScriptedOptions, number]>([
    ['is down', { handshake: () => 500 }, 3],
    ['wants another key', { handshake: () => 401 }, 1],
    ['is retired', { handshake: () => 410 }, 1],
  ])('goes to the next service where the first %s, in its own names', async (_name, options, attempts) => {
    const server = await serve(whole, options);
    const spare = await serve(whole);
    const pooled = pool({
      services: [
        { source: lightning(server.url) },
        {
          source: lightning(spare.url),
          account: 'spare',
          request: (request) => ({ ...request, voice: 'liam' }),
        },
      ],
    });
    expect((await say(pooled, 'Hi')).error).toBeUndefined();
    expect(server.handshakes).toHaveLength(attempts);
    expect(spare.requests).toMatchObject([{ voice_id: 'liam' }]);
  });

  it('leaves a service alone that failed five times in a row, and says so', async () => {
    const server = await serve(whole, { handshake: () => 401 });
    const pooled = pool({ services: [{ source: lightning(server.url) }], coolDownSeconds: 0 });
    for (let nth = 0; nth < 5; nth++)
      expect((await say(pooled, 'Hi')).error).toMatchObject({ refusal: 'key' });
    expect(pooled.load[0]!.state).toBe('out');
    expect((await say(pooled, 'Hi')).error).toMatchObject({
      refusal: 'busy',
      retryAfterSeconds: expect.any(Number),
    });
    expect(server.handshakes).toHaveLength(5);
  }, 30_000);

  it('asks a service again after a while, with one line, and is glad when it is back', async () => {
    let back = false;
    const server = await serve(whole, { handshake: () => (back ? 101 : 401) });
    const spare = await serve(whole);
    const states: string[] = [];
    const pooled = pool({
      services: [{ source: lightning(server.url) }, { source: lightning(spare.url), account: 'spare' }],
      coolDownSeconds: 0,
      outSeconds: 0.3,
      onLoad: ([load]) => states.at(-1) === load!.state || states.push(load!.state),
    });
    for (let nth = 0; nth < 8; nth++) expect((await say(pooled, 'Hi')).error).toBeUndefined();
    expect([server.handshakes.length, spare.requests.length]).toEqual([5, 8]);
    await sleep(350);
    expect((await say(pooled, 'Hi')).error).toBeUndefined(); // It tries the first in vain, and goes to the other.
    expect([server.handshakes.length, spare.requests.length, pooled.load[0]!.state]).toEqual([6, 9, 'out']);
    back = true;
    await sleep(350);
    await say(pooled, 'Hi');
    expect(spare.requests).toHaveLength(10); // Twice as long, after the second time.
    await sleep(350);
    for (let nth = 0; nth < 3; nth++) expect((await say(pooled, 'Hi')).error).toBeUndefined();
    expect([server.requests.length, spare.requests.length, pooled.load[0]!.state]).toEqual([3, 10, 'ok']);
    await sleep(0);
    expect(states).toEqual(['ok', 'out', 'probing', 'out', 'probing', 'ok']);
  }, 30_000);

  it('shows no key, whichever service it failed at', async () => {
    const server = await serve((socket) =>
      socket.send('{"status":"error","message":"key sk-canary is spent"}'),
    );
    const source = lightningVoices({ url: server.url, apiKey: 'sk-canary', openSocket: openNodeSocket });
    const pooled = pool({ services: [{ source }] });
    const { error } = await say(pooled, 'Hi');
    const shown = [
      error!.message,
      error!.stack,
      String(error!.cause),
      JSON.stringify([error, pooled.load]),
    ].join();
    expect(shown).toContain('is spent');
    expect(shown).not.toContain('canary');
  });
});

describe('units', () => {
  it('are given back however a line ends', async () => {
    const scripts: Script[] = [
      whole,
      (socket) => socket.terminate(),
      (socket) => socket.send(chunk(), () => socket.terminate()),
      (socket) => socket.send('{"status":"error","message":"no"}'),
      (socket) => socket.send('garbage'),
      (socket) => socket.send(chunk()),
      (socket) => socket.send(complete),
    ];
    const server = await serve((socket, request, nth) =>
      scripts[Number(request.text)]!(socket, request, nth),
    );
    const leases = memoryLeases();
    const pooled = pool({
      services: [{ source: lightning(server.url), units: 3 }],
      leases,
      coolDownSeconds: 0,
      retries: 0,
    });
    const parts: SpeechPart[] = [];
    await Promise.all(
      Array.from({ length: 21 }, async (_, nth) => {
        const line = pooled.speak({ text: String(nth % 7) }, signal);
        try {
          for await (const part of line) {
            parts.push(part);
            if (nth % 5 === 0) break;
          }
        } catch {
          // How it fails is told by other tests.
        }
      }),
    );
    expect(parts.length).toBeGreaterThan(3);
    await expect.poll(() => pooled.load[0]!.active).toBe(0);
    const free = await Promise.all([1, 2, 3, 4].map(() => leases.take('lightning', 3, 1)));
    expect(free.filter(Boolean)).toHaveLength(3);
  });
});
