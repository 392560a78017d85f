import { describe, expect, it, onTestFinished } from 'vitest';
import type { SpeechPart } from '../../src/speech/part.ts';
import type { VoiceSource } from '../../src/speech/source.ts';
import { lightningVoices } from '../../src/voices/lightning/lightning-voices.ts';
import { memoryLeases } from '../../src/voices/pool/lease-store.ts';
import { type PooledVoices, type PoolOptions, poolVoices } from '../../src/voices/pool/pool.ts';
import { openNodeSocket } from '../../src/voices/session/node-socket.ts';
import { type Collected, collect } from '../kit/collect.ts';
import {
  rampBytes,
  type Script,
  type ScriptedOptions,
  type ScriptedServer,
  startScripted,
} from '../kit/scripted-server.ts';

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const { signal } = new AbortController();

async function serve(script: Script, options: ScriptedOptions = {}): Promise<ScriptedServer> {
  const server = await startScripted(script, { path: '/waves/v1/tts/live', ...options });
  onTestFinished(() => server.close());
  return server;
}

function lightning(url: string): VoiceSource {
  return lightningVoices({
    url,
    openSocket: openNodeSocket,
    timeouts: { connect: 1, firstAudio: 1, stall: 0.5 },
  });
}

function pool(options: PoolOptions): PooledVoices {
  const pooled = poolVoices(options);
  onTestFinished(() => pooled.dispose());
  return pooled;
}

function say(source: VoiceSource, text: string, priority = 0, until = signal): Promise<Collected> {
  return collect(source.speak({ text, priority }, until));
}

const chunk = (samples = 240) =>
  JSON.stringify({
    status: 'chunk',
    request_id: 'r',
    data: { audio: rampBytes(samples).toString('base64') },
  });
const word = (text: string, start: number, end: number) =>
  JSON.stringify({ status: 'word_timestamp', request_id: 'r', data: { word: text, start, end } });
const complete = '{"status":"complete"}';
const rejection = '{"status":"error","error":{"message":"Concurrency limit exceeded","code":"429"}}';

const whole: Script = (socket) => {
  socket.send(chunk());
  socket.send(complete);
};

/** A service that answers so many requests at a time, each in `ms`, and refuses others: as Lightning does. */
function strict(units: number, ms: number, script: Script = whole) {
  const seen = { active: 0, most: 0, refused: 0, texts: [] as unknown[] };
  const play: Script = async (socket, request, nth) => {
    if (seen.active >= units) {
      seen.refused++;
      socket.send(rejection);
      return;
    }
    seen.texts.push(request.text);
    seen.most = Math.max(seen.most, ++seen.active);
    await sleep(ms);
    seen.active--;
    await script(socket, request, nth);
  };
  return { seen, play };
}

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
