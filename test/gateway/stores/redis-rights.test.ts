/** A Redis that answers, and does not do what it is asked: rights that were taken away, a full one, a replica. */
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { createLog, GatewayKeys } from '../../../src/gateway/index.ts';
import { openRedisStore } from '../../../src/gateway/stores/redis-store.ts';
import { StoreAwayError } from '../../../src/gateway/stores/store.ts';
import { startRedis } from '../../kit/redis.ts';
import { atEnd, until } from '../lines/desk-kit.ts';
import { fetchTicket, openGateway, SECRET, shakeHands } from '../tickets/door-kit.ts';

const RIGHTS = ['~{parley}:*', '&{parley}:*', '+@all', '-@dangerous', '-@admin', '+info'];

async function server() {
  const redis = await startRedis();
  const admin = new Redis(redis.url);
  atEnd(async () => {
    admin.disconnect();
    await redis.close();
  });
  await admin.call('ACL', 'SETUSER', 'parley', 'on', '>password', ...RIGHTS);
  return { admin, url: redis.url.replace('//', '//parley:password@') };
}

it('rights that are taken away while it runs end nothing: the store is away until they are back', async () => {
  const { admin, url } = await server();
  const store = await openRedisStore({ url });
  atEnd(() => store.close());
  const tickets = { secret: SECRET, authenticate: () => ({ user: 'ada', scopes: {} }) };
  const logged: string[] = [];
  const log = createLog({ write: (line) => logged.push(line) });
  const { port } = await openGateway({ store, tickets, keys: new GatewayKeys([]), log });
  const healthz = async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).json();
  await admin.call('ACL', 'SETUSER', 'parley', '-@write');
  const ticket = await fetchTicket(port, {});
  expect((await shakeHands(port, { path: '/v1/speech', ticket })).status).toBe(503);
  await expect(store.usedIds.use('an-id-of-a-ticket', 1)).rejects.toThrow(StoreAwayError);
  expect(await healthz()).toMatchObject({
    status: 'degraded',
    reasons: [expect.stringMatching(/^Redis is away \((NOPERM|ERR)\): lines/)],
  });
  await admin.call('ACL', 'SETUSER', 'parley', '+@all', '-@dangerous', '-@admin', '+info');
  await until(() => store.state === 'ok');
  const next = await fetchTicket(port, {});
  expect((await shakeHands(port, { path: '/v1/speech', ticket: next })).status).toBe(101);
  const told = logged.map((line) => JSON.parse(line)).filter(({ msg }) => msg.startsWith('store'));
  expect(told).toMatchObject([
    { msg: 'store is away', state: 'degraded', away: ['sharing'], why: { sharing: expect.any(String) } },
    { msg: 'store is back', state: 'ok' },
  ]);
});

it('a password that was changed is told as what it is', async () => {
  const { admin, url } = await server();
  const store = await openRedisStore({ url });
  atEnd(() => store.close());
  const logged: string[] = [];
  const log = createLog({ write: (line) => logged.push(line) });
  const { port } = await openGateway({ store, log });
  await admin.call('ACL', 'SETUSER', 'parley', 'resetpass', '>another');
  await admin.call('CLIENT', 'KILL', 'USER', 'parley');
  await until(() => store.state === 'degraded');
  await until(() => store.why?.sharing === 'WRONGPASS');
  const health = await (await fetch(`http://127.0.0.1:${port}/healthz`)).json();
  expect(health.reasons).toEqual([expect.stringMatching(/^Redis is away \(WRONGPASS\): /)]);
  await until(() => logged.some((line) => line.includes('WRONGPASS')));
  expect(logged.join('')).not.toContain('password');
  await admin.call('ACL', 'SETUSER', 'parley', 'resetpass', '>password');
  await until(() => store.state === 'ok');
});

it.each([
  ['has no rights', ['ACL', 'SETUSER', 'parley', '-@write'], '(?:NOPERM|ERR)'],
  ['is full', ['CONFIG', 'SET', 'maxmemory', '1'], 'OOM'],
  ['is a replica that is only read', ['REPLICAOF', '127.0.0.1', '1'], 'READONLY'],
])('one that %s is told at the start with what it said', async (_, [command, ...given], said) => {
  const { admin, url } = await server();
  await admin.call(command!, ...given);
  await expect(openRedisStore({ url })).rejects.toMatchObject({
    code: 'invalid-input',
    message: expect.stringMatching(
      new RegExp(`^Redis at 127\\.0\\.0\\.1:\\d+: expected one that .* got ${said}`),
    ),
  });
});
