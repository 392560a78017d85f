import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shakeHands } from '../gateway/tickets/door-kit.ts';
import { parley } from '../kit/children.ts';
import { type RedisServer, startRedis } from '../kit/redis.ts';
import { closing, expectFailure } from './say-kit.ts';
import { healthOf, metric, type Served, served, speaker } from './serve-kit.ts';

const KEY = randomBytes(24).toString('base64url');
const BEARER = { authorization: `Bearer ${KEY}` };
const SET = ['PARLEY_REDIS_NAME', 'PARLEY_WHEN_STORE_AWAY', 'SMALLEST_UNITS'];

let store: RedisServer;
let cache: RedisServer;
let keys = '';
let secret = '';
let games = 0;

beforeAll(async () => {
  [store, cache] = await Promise.all([startRedis(), startRedis('allkeys-lru')]);
  keys = join(await mkdtemp(join(tmpdir(), 'parley-keys-')), 'keys');
  await writeFile(keys, `game-server ${KEY}\n`);
});

beforeEach(() => {
  secret = randomBytes(32).toString('hex');
  process.env.PARLEY_REDIS_NAME = `game-${++games}`; // Each test has a game of its own.
});

afterEach(() => {
  for (const name of SET) delete process.env[name];
});

afterAll(async () => {
  await Promise.all([store.close(), cache.close(), rm(join(keys, '..'), { recursive: true })]);
});

/** A gateway of the game; a proxy before it, so that tickets are asked for. */
async function gateway(...args: string[]): Promise<Served> {
  process.env.PARLEY_TICKET_SECRET = secret;
  const started = served('--redis', store.url, '--dialect-keys', keys, '--trust-proxy', ...args);
  delete process.env.PARLEY_TICKET_SECRET; // It has its own copy.
  return started;
}

async function ticketOf({ url }: Served): Promise<string> {
  const body = JSON.stringify({ user: 'ada', scopes: { freeText: true } });
  const made = await fetch(`${url}/v1/ticket`, { method: 'POST', headers: BEARER, body });
  return ((await made.json()) as { ticket: string }).ticket;
}

const show = ({ port }: Served, ticket: string) => shakeHands(port, { path: '/v1/speech', ticket });

const metricOf = async ({ url }: Served, name: string) => {
  const text = await (await fetch(`${url}/metrics`, { headers: BEARER })).text();
  return Number(new RegExp(`^parley_${name} (.*)$`, 'm').exec(text)?.[1] ?? Number.NaN);
};

describe('parley serve --redis', () => {
  it('is all that makes two gateways one: lines, whole lines, tickets', async () => {
    const [a, b] = await Promise.all(
      [0, 1].map(() => gateway('--redis-cache', cache.url)) as [Promise<Served>, Promise<Served>],
    );
    const [ada, bob] = [await speaker(a, BEARER), await speaker(b, BEARER)];
    const text = 'A line that both gateways are asked for at once, and that one of them makes.';
    const origins = await Promise.all([ada.say(1, text), bob.say(1, text)]);
    expect(origins.filter((origin) => origin === 'fresh')).toHaveLength(1);
    expect(ada.samples(1)).toEqual(bob.samples(1));
    expect(await ada.say(2, 'Made by the first.')).toBe('fresh');
    // For a moment after its end it is on its way into the cache, and still joined.
    let asked = 1;
    await expect.poll(() => bob.say(++asked, 'Made by the first.'), { timeout: 10_000 }).toBe('hit');
    expect(
      (await metricOf(a, 'lines_total{origin="fresh"}')) + (await metricOf(b, 'lines_total{origin="fresh"}')),
    ).toBe(2);
    const ticket = await ticketOf(a);
    expect((await show(b, ticket)).status).toBe(101);
    expect(await show(a, ticket)).toMatchObject({ status: 401, body: expect.stringMatching(/used before/) });
  }, 60_000);

  it('has all gateways wait for the units of one account', async () => {
    process.env.SMALLEST_UNITS = '1';
    const service = await served('--units', '1');
    const upstream = `${service.url.replace('http', 'ws')}/waves/v1/lightning-v3.1/get_speech/stream`;
    const two = [0, 1].map(() =>
      served('--redis', store.url, '--source', 'lightning', '--upstream', `${upstream}?timeout=60`),
    );
    const gateways = await Promise.all(two);
    const clients = await Promise.all(gateways.map((each) => speaker(each)));
    const lines = clients.flatMap((client, at) =>
      [1, 2].map((line) => client.say(line, `Line ${line} of the gateway ${at}.`)),
    );
    expect(await Promise.all(lines)).toEqual(Array(4).fill('fresh'));
    for (const each of gateways) {
      const { services } = (await healthOf(each)) as unknown as { services: { refusals: number }[] };
      expect(services).toMatchObject([{ name: 'lightning', units: 1, refusals: 0 }]);
    }
  }, 60_000);

  it('goes on when it is away, says so, and is whole again when it is back', async () => {
    const [strict, lenient] = await Promise.all([
      gateway(),
      (async () => {
        process.env.PARLEY_WHEN_STORE_AWAY = 'accept';
        return gateway();
      })(),
    ]);
    const client = await speaker(strict, BEARER);
    expect(await client.say(1, 'It is kept here.')).toBe('fresh');
    await store.kill();
    await expect.poll(async () => (await healthOf(strict)).status, { timeout: 10_000 }).toBe('degraded');
    expect((await healthOf(strict)).reasons).toEqual([expect.stringContaining('Redis')]);
    expect(await metricOf(strict, 'degraded')).toBe(1);
    expect(await client.say(2, 'It is kept here.')).toBe('hit');
    expect(await client.say(3, 'It is made without the others.')).toBe('fresh');
    expect(await show(strict, await ticketOf(strict))).toMatchObject({
      status: 503,
      body: expect.stringMatching(/cannot be known now/),
      retryAfter: '5',
    });
    await expect.poll(async () => (await healthOf(lenient)).status, { timeout: 10_000 }).toBe('degraded');
    expect((await show(lenient, await ticketOf(lenient))).status).toBe(101);
    await store.start();
    await expect.poll(async () => (await healthOf(strict)).status, { timeout: 15_000 }).toBe('ok');
    await expect.poll(async () => (await healthOf(lenient)).status, { timeout: 15_000 }).toBe('ok');
    expect(await metricOf(strict, 'degraded')).toBe(0);
    const ticket = await ticketOf(strict);
    expect((await show(strict, ticket)).status).toBe(101);
    expect((await show(lenient, ticket)).status).toBe(401);
    const other = await speaker(lenient, BEARER);
    const text = 'They make it together again, as they did before the server went away.';
    const both = await Promise.all([client.say(4, text), other.say(4, text)]);
    expect(both.filter((origin) => origin === 'fresh')).toHaveLength(1);
  }, 90_000);

  it('speaks with its share of the account while it is away: none but for the elected', async () => {
    const upstream = (await served('--units', '9')).url.replace('http', 'ws');
    const speech = `${upstream}/waves/v1/lightning-v3.1/get_speech/stream?timeout=60`;
    process.env.SMALLEST_UNITS = '1';
    const start = (elected: boolean) =>
      served(
        '--redis',
        store.url,
        '--source',
        'lightning',
        '--upstream',
        speech,
        ...(elected ? ['--elected'] : []),
      );
    const [elected, other] = await Promise.all([start(true), start(false)]);
    const [a, b] = [await speaker(elected), await speaker(other)];
    expect(await a.say(1, 'Before.')).toBe('fresh');
    await new Promise((resolve) => setTimeout(resolve, 2_500)); // Each has heard of the other.
    await store.kill();
    await expect.poll(async () => (await healthOf(other)).status, { timeout: 10_000 }).toBe('degraded');
    await expect.poll(async () => (await healthOf(elected)).status, { timeout: 10_000 }).toBe('degraded');
    expect(await a.say(2, 'By the elected.')).toBe('fresh');
    const waits = b.say(2, 'By the other, once it may.');
    await expect.poll(() => metric(other, 'queue_depth{service="lightning"}')).toBe(1);
    await store.start();
    expect(await waits).toBe('fresh');
  }, 90_000);

  it('refuses at its start a server that is not there, or would lose what it must keep', async () => {
    const fail = async (code: number, message: RegExp, ...args: string[]) =>
      expectFailure(await parley('serve', '--port', '0', ...args), code, message);
    const none = 'redis://parley:s3cr3t@127.0.0.1:1';
    await fail(2, /^(?!.*s3cr3t).*Redis at 127\.0\.0\.1:1: expected a server that answers/, '--redis', none);
    await fail(2, /Address of Redis: expected redis:\/\//, '--redis', 'http://127.0.0.1');
    await fail(2, /holds leases.*maxmemory-policy noeviction.*got allkeys-lru/, '--redis', cache.url);
    await fail(
      2,
      /holds the cache of lines: expected maxmemory above 0 and maxmemory-policy allkeys-lru.*got noeviction/,
      ...['--redis', store.url, '--redis-cache', store.url],
    );
    await fail(2, /redisCache: expected redis \(--redis URL\) as well/, '--redis-cache', cache.url);
    const folder = await mkdtemp(join(tmpdir(), 'parley-config-'));
    closing.push(() => rm(folder, { recursive: true }));
    const file = join(folder, 'parley.json');
    await writeFile(file, JSON.stringify({ redis: none }));
    await fail(
      5,
      /^(?!.*s3cr3t).*redis: expected an address without password.*PARLEY_REDIS/,
      '--config',
      file,
    );
  }, 60_000);
});
