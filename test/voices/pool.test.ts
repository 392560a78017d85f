import { describe, expect, it } from 'vitest';
import type { VoiceSource } from '../../src/speech/source.ts';
import { lightningVoices } from '../../src/voices/lightning/lightning-voices.ts';
import { memoryLeases } from '../../src/voices/pool/lease-store.ts';
import { type PoolOptions, poolVoices } from '../../src/voices/pool/pool.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { chunk, lightning, pool, say, serve, signal, sleep, strict, whole } from './pool-kit.ts';

describe('a pool', () => {
  it('never asks for more at a time than the account has, and loses nothing', async () => {
    const { seen, play } = strict(3, 10);
    const server = await serve(play);
    const pooled = pool({ services: [{ source: lightning(server.url), units: 3 }] });
    const lines = await Promise.all(Array.from({ length: 40 }, (_, nth) => say(pooled, `line ${nth}`)));
    expect(lines.every((line) => line.error === undefined && line.samples.length === 240)).toBe(true);
    expect(seen).toMatchObject({ most: 3, refused: 0 });
    expect(seen.texts).toEqual(Array.from({ length: 40 }, (_, nth) => `line ${nth}`));
    expect(server.handshakes.length).toBeLessThanOrEqual(5);
    expect(pooled.load).toEqual([
      {
        name: 'lightning',
        units: 3,
        active: 0,
        waiting: 0,
        oldestWaitSeconds: 0,
        holdSeconds: 0,
        refusals: 0,
        state: 'ok',
      },
    ]);
  });

  it('keeps as many sockets as it is told, and opens no more than it needs', async () => {
    const { seen, play } = strict(4, 10);
    const server = await serve(play);
    const source = lightningVoices({ url: server.url, openSocket: openNodeSocket, keptSockets: 4 });
    const pooled = pool({ services: [{ source, units: 4 }] });
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 8 }, (_, nth) => say(pooled, `line ${nth}`)));
    }
    expect(seen).toMatchObject({ most: 4, refused: 0 });
    expect(server.handshakes).toHaveLength(4);
  });

  it('puts a refused line back into its place, and tells the player nothing', async () => {
    const { seen, play } = strict(1, 20);
    const server = await serve(play);
    const pooled = pool({ services: [{ source: lightning(server.url), units: 2 }] }); // One unit is another's.
    const lines = await Promise.all(Array.from({ length: 5 }, (_, nth) => say(pooled, `line ${nth}`)));
    expect(lines.map((line) => line.error)).toEqual(lines.map(() => undefined));
    expect(seen.refused).toBeGreaterThan(0);
    expect(seen.refused).toBeLessThan(8);
    expect(pooled.load[0]).toMatchObject({ refusals: seen.refused, state: 'ok', waiting: 0 });
  });

  it('lets the higher priority go first, and shows who waits', async () => {
    const { seen, play } = strict(1, 150);
    const server = await serve(play);
    const loads: number[] = [];
    const pooled = pool({
      services: [{ source: lightning(server.url) }],
      onLoad: ([load]) => loads.push(load!.waiting),
    });
    const first = say(pooled, 'now');
    await expect.poll(() => seen.active, { interval: 5 }).toBe(1);
    const lines = [first, say(pooled, 'crowd', -1), say(pooled, 'hero', 5), say(pooled, 'aside')];
    expect(pooled.load[0]).toMatchObject({ active: 1, waiting: 3 });
    expect(pooled.load[0]!.oldestWaitSeconds).toBeGreaterThan(0);
    await Promise.all(lines);
    expect(seen.texts).toEqual(['now', 'hero', 'aside', 'crowd']);
    await sleep(0);
    expect(Math.max(...loads)).toBe(3);
    expect(loads.at(-1)).toBe(0);
  });

  it('asks no oftener in a minute than the account may, together with others that have the same store', async () => {
    const { seen, play } = strict(50, 1);
    const server = await serve(play);
    const leases = memoryLeases();
    const asked: number[] = [];
    const source = (): VoiceSource => {
      const inner = lightning(server.url);
      const speak: VoiceSource['speak'] = (...request) => {
        asked.push(performance.now());
        return inner.speak(...request);
      };
      return { ...inner, name: 'lightning', speak, dispose: () => inner.dispose() };
    };
    // Three units, each of which one request takes for 0.3 s.
    const services = () => [{ source: source(), units: 3, requestsPerMinute: 600 }];
    const pools = [pool({ services: services(), leases }), pool({ services: services(), leases })];
    const lines = await Promise.all(
      Array.from({ length: 12 }, (_, nth) => say(pools[nth % 2]!, `line ${nth}`)),
    );
    expect(lines.every(({ error }) => error === undefined)).toBe(true);
    expect([seen.refused, asked.length]).toEqual([0, 12]);
    for (let nth = 3; nth < asked.length; nth++) expect(asked[nth]! - asked[nth - 3]!).toBeGreaterThan(295);
    const few = pool({ services: [{ source: source(), units: 9, requestsPerMinute: 2 }] });
    await Promise.all(['one', 'two'].map((text) => say(few, text)));
    expect(few.load[0]).toMatchObject({ units: 9, active: 0 });
    expect(() => poolVoices({ services: [{ source: source(), requestsPerMinute: 0 }] })).toThrow(
      'requestsPerMinute',
    );
  });

  it('shares its units with others that have the same store', async () => {
    const { seen, play } = strict(2, 10);
    const server = await serve(play);
    const leases = memoryLeases();
    const pools = [0, 1, 2].map(() =>
      pool({ services: [{ source: lightning(server.url), units: 2 }], leases }),
    );
    const lines = await Promise.all(
      Array.from({ length: 18 }, (_, nth) => say(pools[nth % 3]!, `line ${nth}`)),
    );
    expect(lines.every((line) => line.error === undefined)).toBe(true);
    expect(seen).toMatchObject({ most: 2, refused: 0 });
  });

  it('keeps the unit of a cancelled line for a moment, and lets a waiting one leave', async () => {
    const { seen, play } = strict(1, 5, (socket) => socket.send(chunk()));
    const server = await serve(play);
    const pooled = pool({ services: [{ source: lightning(server.url) }], coolDownSeconds: 0.3 });
    const [first, second] = [new AbortController(), new AbortController()];
    const parts = pooled.speak({ text: 'one' }, first.signal)[Symbol.asyncIterator]();
    expect((await parts.next()).value).toMatchObject({ type: 'audio' });
    const waiting = say(pooled, 'two', 0, second.signal);
    await expect.poll(() => pooled.load[0]!.waiting).toBe(1);
    second.abort();
    expect((await waiting).error?.code).toBe('aborted');
    expect(pooled.load[0]!.waiting).toBe(0);
    first.abort();
    const cancelled = performance.now();
    await expect(parts.next()).rejects.toMatchObject({ code: 'aborted' });
    for await (const part of pooled.speak({ text: 'three' }, signal)) {
      expect(part.type).toBe('audio');
      break; // The reader walks away, which frees the unit too.
    }
    expect(performance.now() - cancelled).toBeGreaterThan(250);
    await expect.poll(() => pooled.load[0]!.active).toBe(0);
    expect(seen.texts).toEqual(['one', 'three']);
  });

  it('refuses what waited too long, and more than may wait', async () => {
    const { play } = strict(1, 600);
    const server = await serve(play);
    const pooled = pool({
      services: [{ source: lightning(server.url) }],
      maxWaitSeconds: 0.2,
      maxWaiting: 1,
    });
    const first = say(pooled, 'one');
    await expect.poll(() => pooled.load[0]!.active).toBe(1);
    const second = say(pooled, 'two');
    const third = await say(pooled, 'three');
    expect(third.error).toMatchObject({
      code: 'refused',
      refusal: 'busy',
      reason: '1 requests wait already',
    });
    expect((await second).error).toMatchObject({ refusal: 'busy', reason: expect.stringContaining('0.2 s') });
    expect((await first).error).toBeUndefined();
  });

  it('says so where the store of units does not answer', async () => {
    const down = new Error('redis is down');
    const leases = { ...memoryLeases(), take: () => Promise.reject(down) };
    const server = await serve(whole);
    const pooled = pool({ services: [{ source: lightning(server.url) }], leases, maxWaitSeconds: 0.2 });
    const line = say(pooled, 'one');
    await expect.poll(() => pooled.load[0]!.storeProblem).toBe('redis is down');
    const { error } = await line;
    expect(error).toMatchObject({ refusal: 'busy', reason: expect.stringContaining('store'), cause: down });
  });

  it('leaves a source that ends without sound', async () => {
    let left = 0;
    const source: VoiceSource = {
      name: 'mute',
      home: 'both',
      timing: { origin: 'audio', confidence: 0 },
      async *speak() {
        try {
          yield { type: 'end' };
        } finally {
          left++;
        }
      },
      dispose: () => {},
    };
    const { error } = await say(pool({ services: [{ source }], retries: 0 }), 'one');
    expect(error).toMatchObject({ code: 'empty' });
    expect(left).toBe(1);
  });

  it.each<[string, Partial<PoolOptions>]>([
    ['maxWaitSeconds', { maxWaitSeconds: Number.POSITIVE_INFINITY }],
    ['maxWaitSeconds', { maxWaitSeconds: Number.NaN }],
    ['maxWaitSeconds', { maxWaitSeconds: 0 }],
    ['maxWaiting', { maxWaiting: 0 }],
    ['agingSeconds', { agingSeconds: 0 }],
    ['retries', { retries: -1 }],
    ['coolDownSeconds', { coolDownSeconds: 1e9 }],
    ['outSeconds', { outSeconds: Number.NaN }],
  ])('takes no %s out of its range', (name, options) => {
    const services = [{ source: lightning('ws://127.0.0.1:9') }];
    expect(() => poolVoices({ services, ...options })).toThrow(new RegExp(`^${name}: expected`));
    pool({ services, maxWaitSeconds: 86_400, maxWaiting: 1, retries: 0, coolDownSeconds: 0 });
  });

  it('ends all lines with itself, running and waiting, and may be disposed twice', async () => {
    const server = await serve(() => {});
    const pooled = pool({ services: [{ source: lightning(server.url) }] });
    const lines = [say(pooled, 'one'), say(pooled, 'two')];
    await expect.poll(() => server.requests.length).toBe(1);
    pooled.dispose();
    pooled.dispose();
    expect((await Promise.all(lines)).map((line) => line.error?.code)).toEqual(['aborted', 'aborted']);
    expect((await say(pooled, 'three')).error?.code).toBe('aborted');
    await expect.poll(() => server.open.size).toBe(0);
  });

  it('wants at least one service, and units that are some', () => {
    expect(() => poolVoices({ services: [] })).toThrow(/services/);
    expect(() => poolVoices({ services: [{ source: lightning('ws://x/'), units: 0 }] })).toThrow(/units/);
  });
});
