import { describe, expect, it } from 'vitest';
import { openRedisStore, type RedisStore } from '../../../src/gateway/stores/redis-store.ts';
import { StoreAwayError, type StoreState } from '../../../src/gateway/stores/store.ts';
import { counted, ledVoices } from '../../kit/led-voices.ts';
import { startRedis } from '../../kit/redis.ts';
import { toneVoices } from '../../kit/tone-voices.ts';
import { atEnd, desk, heard, sleep, until } from '../lines/desk-kit.ts';

const player = { priority: 'player' } as const;
const end = { type: 'end' } as const;

async function server(policy?: string) {
  const started = await startRedis(policy);
  atEnd(() => started.close());
  return started;
}

async function storeAt(url: string, elected = false): Promise<RedisStore> {
  const store = await openRedisStore({ url, elected });
  atEnd(() => store.close());
  return store;
}

/** The states that a store tells. */
function statesOf(store: RedisStore): StoreState[] {
  const states: StoreState[] = [];
  store.onState((state) => states.push(state));
  return states;
}

describe('a Redis that is killed and started again in the middle of a line', () => {
  it('costs nobody a sample: where the line is made it goes on, elsewhere it goes on when Redis is back', async () => {
    const redis = await server();
    const source = ledVoices();
    const [storeA, storeB] = [await storeAt(redis.url), await storeAt(redis.url)];
    const [a, b] = [await desk({ source, store: storeA }), await desk({ source, store: storeB })];
    const states = statesOf(storeB);
    const made = heard(a.open({ text: 'Outage', ...player }));
    const spoken = await source.nth(0);
    const followed = b.open({ text: 'Outage', ...player });
    const cue = { viseme: 'aa', start: 0, end: 0.1, weight: 1 } as const;
    spoken.give({ type: 'cues', cues: [cue] }, counted(0, 1_000), counted(1_000, 1_000));
    await followed.head;
    const hearing = heard(followed);
    await redis.kill();
    await until(() => storeA.state === 'degraded' && storeB.state === 'degraded');
    spoken.give(counted(2_000, 1_000));
    await sleep(100);
    await redis.start();
    await until(() => storeA.state === 'ok' && storeB.state === 'ok');
    spoken.give(counted(3_000, 1_000), end);
    const whole = Array.from({ length: 4_000 }, (_, at) => at);
    expect((await made).samples).toEqual(whole);
    const { samples, cues, error } = await hearing;
    expect([samples, cues, error]).toEqual([whole, [cue], undefined]);
    expect(source.performances).toHaveLength(1);
    expect(states).toEqual(['degraded', 'ok']);
  });

  it('gives the rest also of a line that ended meanwhile', async () => {
    const redis = await server();
    const source = ledVoices();
    const [a, b] = [
      await desk({ source, store: await storeAt(redis.url) }),
      await desk({ source, store: await storeAt(redis.url) }),
    ];
    a.open({ text: 'Outage', ...player });
    const followed = b.open({ text: 'Outage', ...player });
    const spoken = await source.nth(0);
    spoken.give(counted(0, 1_000));
    await followed.head;
    await redis.kill();
    spoken.give(counted(1_000, 1_000), end);
    await until(() => a.active === 0);
    await redis.start();
    expect((await heard(followed)).samples).toHaveLength(2_000);
  });

  it('ends a line that waits too long for the rest with what came; one without sound is spoken at once', async () => {
    const redis = await server();
    const source = ledVoices();
    const [a, b] = [
      await desk({ source, store: await storeAt(redis.url) }),
      await desk({ source, store: await storeAt(redis.url) }),
    ];
    for (const text of ['sounds', 'silent']) a.open({ text, ...player });
    const sounds = b.open({ text: 'sounds', ...player });
    const silent = b.open({ text: 'silent', ...player });
    (await source.nth(1)).give();
    (await source.nth(0)).give(counted(0, 1_000));
    await sounds.head;
    await redis.kill();
    const killed = performance.now();
    const anew = await source.nth(2);
    expect(anew.request.text).toBe('silent');
    expect(performance.now() - killed).toBeLessThan(3_000);
    anew.give(counted(0, 10), end);
    expect((await heard(silent)).samples).toHaveLength(10);
    const { samples, error } = await heard(sounds);
    expect([samples.length, error?.code]).toEqual([1_000, 'closed-early']);
    expect(performance.now() - killed).toBeGreaterThan(4_000);
  });
});

describe('while Redis is away', () => {
  it('kept lines and new ones are spoken, and the state says so; all is well again by itself', async () => {
    const redis = await server();
    const store = await storeAt(redis.url);
    const states = statesOf(store);
    const source = toneVoices();
    const lines = await desk({ source, store });
    await heard(lines.open({ text: 'Kept', ...player }));
    redis.freeze(); // Connections stand, and nothing is answered: the worst way to be away.
    atEnd(() => redis.thaw());
    const begun = performance.now();
    const fresh = await heard(lines.open({ text: 'New', ...player }));
    expect(fresh.samples.length).toBeGreaterThan(1_000);
    expect(performance.now() - begun).toBeLessThan(4_000); // One command had to run out of time.
    expect(store.state).toBe('degraded');
    const again = performance.now();
    await heard(lines.open({ text: 'Newer', ...player }));
    expect(lines.open({ text: 'Kept', ...player }).origin).toBe('hit');
    expect(performance.now() - again).toBeLessThan(500);
    redis.thaw();
    await until(() => store.state === 'ok');
    expect(states).toEqual(['degraded', 'ok']);
    await heard(lines.open({ text: 'After', ...player }));
    expect(lines.counts).toMatchObject({ fresh: 4, failed: 0 });
  });

  it('each gateway has its share of an account, and what is in use is counted again afterwards', async () => {
    const redis = await server();
    const [a, b] = [await storeAt(redis.url), await storeAt(redis.url, true)];
    await until(() => a.gateways === 2 && b.gateways === 2);
    const held = (await a.leases.take('acc', 5, 10))!;
    await redis.kill();
    await until(() => a.state === 'degraded' && b.state === 'degraded');
    const taken = [await a.leases.take('acc', 5, 10), await a.leases.take('acc', 5, 10)];
    expect(taken.map((lease) => lease !== undefined)).toEqual([true, false]); // Two of five: one it had.
    expect(await a.leases.take('small', 1, 10)).toBeUndefined();
    expect(await b.leases.take('small', 1, 10)).toBeDefined(); // The elected one.
    let told = 0;
    a.leases.onFree('acc', () => told++);
    await a.leases.giveBack('acc', held);
    expect(told).toBe(1);
    expect(await a.leases.take('acc', 5, 10)).toBeDefined();
    await redis.start();
    await until(() => a.state === 'ok' && b.state === 'ok');
    const rest = await Promise.all(Array.from({ length: 6 }, () => b.leases.take('acc', 5, 10)));
    expect(rest.filter(Boolean)).toHaveLength(3); // Two are still in use.
    expect(await b.leases.take('small', 1, 10)).toBeUndefined();
    expect(await a.leases.renew('acc', taken[0]!, 10)).toBe(true);
  });

  it('shares and what was in use before may be more than the units, for as long as that is in use and no longer', async () => {
    const redis = await server();
    const [a, b] = [await storeAt(redis.url), await storeAt(redis.url)];
    await until(() => a.gateways === 2 && b.gateways === 2);
    const take = async (store: RedisStore) =>
      (await Promise.all(Array.from({ length: 6 }, () => store.leases.take('acc', 4, 10)))).filter(
        (lease) => lease !== undefined,
      );
    const before = await take(a);
    expect([before.length, (await take(b)).length]).toEqual([4, 0]);
    await redis.kill();
    await until(() => a.state === 'degraded' && b.state === 'degraded');
    expect([(await take(a)).length, (await take(b)).length]).toEqual([0, 2]); // Six in all.
    for (const lease of before) await a.leases.giveBack('acc', lease);
    expect([(await take(a)).length, (await take(b)).length]).toEqual([2, 0]); // Four, and so it stays.
  });

  it('because it is full, it is as if it were not there, until there is room', async () => {
    const redis = await server();
    const store = await storeAt(redis.url);
    const source = toneVoices();
    const lines = await desk({ source, store });
    const { Redis } = await import('ioredis');
    const client = new Redis(redis.url);
    atEnd(() => client.disconnect());
    await client.config('SET', 'maxmemory', '1');
    expect((await heard(lines.open({ text: 'Full', ...player }))).error).toBeUndefined();
    await until(() => store.state === 'degraded');
    await sleep(700);
    expect(store.state).toBe('degraded'); // It answers, but takes nothing.
    await client.config('SET', 'maxmemory', '64mb');
    await until(() => store.state === 'ok');
  });

  it('shares stay what they were, also when it comes back without its memory', async () => {
    const redis = await server();
    const store = await storeAt(redis.url);
    const { secret } = store;
    await redis.kill();
    await until(() => store.state === 'degraded');
    await redis.start();
    await until(() => store.state === 'ok');
    expect(store.secret).toEqual(secret);
    expect((await storeAt(redis.url)).secret).toEqual(secret);
  });

  it('whether an id was used nobody knows, and points are counted by each for itself', async () => {
    const redis = await server();
    const store = await storeAt(redis.url);
    const limiter = store.limiter({ name: 'n', points: 2, seconds: 60 });
    await limiter.consume('ada');
    await redis.kill();
    await until(() => store.state === 'degraded');
    await expect(store.usedIds.use('ticket', 60)).rejects.toBeInstanceOf(StoreAwayError);
    expect((await limiter.consume('ada')).granted).toBe(true);
    expect((await limiter.consume('ada')).granted).toBe(true);
    expect((await limiter.consume('ada')).granted).toBe(false);
    await redis.start();
    await until(() => store.state === 'ok');
    expect(await store.usedIds.use('ticket', 60)).toBe(true);
  });
});

describe('a store that is opened', () => {
  it('refuses a server that would drop what must not be lost, and a cache that would not drop anything', async () => {
    const [firm, lossy] = [await server('noeviction'), await server('allkeys-lru')];
    const refused = (options: { url: string; cacheUrl?: string }) => expect(openRedisStore(options)).rejects;
    await refused({ url: lossy.url }).toThrow(/maxmemory-policy noeviction .*got allkeys-lru/);
    await refused({ url: firm.url, cacheUrl: firm.url }).toThrow(/allkeys-lru .*got noeviction/);
    const store = await openRedisStore({ url: firm.url, cacheUrl: lossy.url });
    expect(store.state).toBe('ok');
    await store.close();
  });

  it('is content with a user who may do nothing dangerous, and with the keys of its game alone', async () => {
    const redis = await server();
    const { Redis } = await import('ioredis');
    const client = new Redis(redis.url);
    atEnd(() => client.disconnect());
    const rights = ['~{parley}:*', '&{parley}:*', '+@all', '-@dangerous', '-@admin', '+info'];
    await client.acl('SETUSER', 'parley', 'on', '>hunter2', ...rights);
    const url = redis.url.replace('//', '//parley:hunter2@');
    const source = ledVoices();
    const [storeA, storeB] = [await storeAt(url), await storeAt(url)];
    const [a, b] = [await desk({ source, store: storeA }), await desk({ source, store: storeB })];
    a.open({ text: 'Allowed', ...player });
    const line = b.open({ text: 'Allowed', ...player });
    (await source.nth(0)).give(counted(0, 10), end);
    expect((await heard(line)).samples).toHaveLength(10);
    expect(await storeA.leases.take('acc', 1, 10)).toBeDefined();
    expect(await storeB.leases.take('acc', 1, 10)).toBeUndefined();
    expect(await storeA.usedIds.use('ticket', 10)).toBe(true);
    expect((await storeB.limiter({ name: 'n', points: 2, seconds: 60 }).consume('ada')).left).toBe(1);
    line.release();
    await sleep(50);
    expect([storeA.state, storeB.state, source.performances.length]).toEqual(['ok', 'ok', 1]);
  });

  it('says what is wrong with an address, and never shows its password', async () => {
    const dead = 'redis://ada:hunter2@127.0.0.1:1';
    const error = await openRedisStore({ url: dead }).catch((reason) => reason);
    expect(error.message).toMatch(/^Redis at 127\.0\.0\.1:1: expected a server that answers, got none/);
    expect(JSON.stringify([error.message, String(error.cause)])).not.toContain('hunter2');
    await expect(openRedisStore({ url: 'http://127.0.0.1' })).rejects.toThrow('redis://HOST:PORT');
    const redis = await server();
    const wrong = redis.url.replace('//', '//nobody:hunter2@');
    const refused = await openRedisStore({ url: wrong }).catch((reason) => reason);
    expect(String(refused.message)).toContain('WRONGPASS');
    expect(String(refused.message)).not.toContain('hunter2');
  });
});
