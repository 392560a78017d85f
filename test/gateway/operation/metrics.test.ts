/** Every number that whoever runs a gateway watches, moved by what it tells of. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createGateway, type GatewayOptions, poolVoices } from '../../../src/gateway/index.ts';
import { DialectClient } from '../../kit/dialect-client.ts';
import { SpeechClient } from '../../kit/speech-client.ts';
import { toneVoices } from '../../kit/tone-voices.ts';

const CREDIT = 10_000_000;
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A gateway, and its numbers as they are now. */
async function running(options: Partial<GatewayOptions> = {}) {
  const gateway = createGateway({ source: toneVoices(), onError: () => {}, ...options });
  closing.push(() => gateway.close());
  await gateway.listen({ port: 0 });
  const { port } = gateway.address;
  const open = async (greets = true) => {
    const client = await SpeechClient.open(port, greets);
    closing.push(() => client.socket.terminate());
    return client;
  };
  /** The numbers with these names (and labels). */
  const read = async (...names: string[]) => {
    const lines = (await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).split('\n');
    return names.map((name) => {
      const line = lines.find((each) => each.startsWith(`parley_${name} `));
      return line === undefined ? undefined : Number(line.split(' ').at(-1));
    });
  };
  return { gateway, open, read };
}

const dropped = (...reasons: string[]) => reasons.map((reason) => `drops_total{reason="${reason}"}`);

it('units, leases and the queue, with the wait of its first', async () => {
  const pool = poolVoices({ services: [{ source: toneVoices(), units: 1 }], coolDownSeconds: 0 });
  closing.push(() => pool.dispose());
  const { open, read } = await running({ source: pool, services: () => pool.load });
  const names = ['units', 'leases', 'queue_depth', 'service_state'].map((name) => `${name}{service="tone"}`);
  expect(await read(...names)).toEqual([1, 0, 0, 0]);
  const client = await open();
  client.tell({ type: 'say', line: 1, text: '!hang until it is cancelled', credit: CREDIT });
  await client.until('begin', 1);
  for (const line of [2, 3]) client.tell({ type: 'say', line, text: `Line ${line} waits.`, credit: CREDIT });
  await expect.poll(() => read(...names, 'active_lines')).toEqual([1, 1, 2, 0, 3]);
  const [waited = 0] = await read('queue_oldest_seconds{service="tone"}');
  expect(waited).toBeGreaterThan(0);
  await expect
    .poll(async () => (await read('queue_oldest_seconds{service="tone"}'))[0])
    .toBeGreaterThan(waited);
  client.tell({ type: 'cancel', line: 1 });
  await client.until('end', 3);
  await expect.poll(() => read(...names, 'active_lines')).toEqual([1, 0, 0, 0, 0]);
});

it('how lines came to those who asked, where kept ones were found, and the time to the first sound of others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-metrics-'));
  closing.push(() => rm(folder, { recursive: true }));
  const origins = ['fresh', 'hit', 'joined', 'failed', 'cancelled'].map(
    (name) => `lines_total{origin="${name}"}`,
  );
  const tiers = ['memory', 'disk'].map((tier) => `kept_lines_total{tier="${tier}"}`);
  const source = ['first_audio_seconds_count', 'spoken_seconds_total'].map(
    (name) => `${name}{source="tone"}`,
  );
  const keeping = { disk: { folder } };
  const { gateway, open, read } = await running({ keeping });
  const [one, other] = [await open(), await open()];
  one.tell({ type: 'say', line: 1, text: '!hang for a while', credit: CREDIT });
  await one.until('begin', 1);
  other.tell({ type: 'say', line: 1, text: '!hang for a while', credit: CREDIT });
  await other.until('begin', 1);
  expect(await read(...origins)).toEqual([1, 0, 1, 0, 0]);
  for (const client of [one, other]) client.tell({ type: 'cancel', line: 1 });
  await expect.poll(() => read(...origins)).toEqual([1, 0, 1, 0, 1]);
  const before = await read(...source);
  expect([await one.say(2, 'Ten signs .'), await other.say(2, 'Ten signs .')]).toEqual(['fresh', 'hit']);
  await one.say(3, '!break in the midst');
  expect(await read(...origins)).toEqual([3, 1, 1, 1, 1]);
  expect(await read(...tiers)).toEqual([1, 0]);
  const [counted, spoken] = await read(...source);
  expect(counted! - before[0]!).toBe(2);
  expect(spoken! - before[1]!).toBeCloseTo(11 * 0.06 + 0.5, 5);
  expect(await read('failed_lines_total{source="tone",code="fault"}')).toEqual([1]);
  await gateway.close(); // What it made is written.
  const again = await running({ keeping });
  expect(await (await again.open()).say(1, 'Ten signs .')).toBe('hit');
  expect(await again.read(...tiers)).toEqual([0, 1]);
});

it('bytes that were sent, of connections that are open or gone', async () => {
  const { open, read } = await running();
  const client = await open();
  const [before = 0] = await read('sent_bytes_total');
  await client.say(1, 'So many bytes.');
  const [after = 0] = await read('sent_bytes_total');
  expect(after - before).toBeGreaterThan(client.bytes(1));
  expect(after - before).toBeLessThan(client.bytes(1) + 8_000);
  expect(await read('connections')).toEqual([1]);
  client.socket.terminate();
  await expect.poll(() => read('connections', 'closes_total{code="1006"}')).toEqual([0, 1]);
  expect((await read('sent_bytes_total'))[0]).toBeGreaterThanOrEqual(after);
});

it('connections that were dropped, each by its reason', async () => {
  const { open, read } = await running({ pingSeconds: 0.2 });
  const patient = await running();
  expect(await read(...dropped('unread', 'pings', 'hello', 'protocol', 'session', 'stalled'))).toEqual(
    Array(6).fill(0),
  );
  const silent = await patient.open(false); // It says no hello.
  const rude = await open();
  for (let at = 0; at < 10; at++) rude.socket.send('What?');
  await rude.when(() => rude.closed);
  expect(rude.closed?.code).toBe(1008);
  const dead = await open();
  dead.socket.pause();
  await expect.poll(() => read(...dropped('protocol', 'pings')), { timeout: 5_000 }).toEqual([1, 1]);
  // It asks for what it cannot have, by long names that come back each time, and reads nothing.
  const url = `ws://127.0.0.1:${patient.gateway.address.port}/waves/v1/tts/live`;
  const [holder, greedy] = await Promise.all([DialectClient.open(url), DialectClient.open(url)]);
  closing.push(() => holder.socket.terminate());
  holder.send({ text: '!hang on to the unit', voice_id: 'F1', flush: true });
  await holder.frame();
  greedy.socket.pause();
  const name = 'y'.repeat(128);
  const asked = { text: 'x', voice_id: 'F1', session_id: name, request_id: name };
  for (let at = 0; at < 25_000; at++) greedy.send(asked);
  await expect.poll(() => patient.read(...dropped('unread', 'hello')), { timeout: 15_000 }).toEqual([1, 1]);
  expect((await silent.when(() => silent.closed)).reason).toBe('no hello within 5 s');
});

it('lines that a spent budget kept from being spoken', async () => {
  const { open, read } = await running({ budgets: { account: 10 } });
  const client = await open();
  expect(await client.say(1, 'Too long for it.')).toMatch(/account budget/);
  expect(await read('budget_refusals_total{budget="account"}')).toEqual([1]);
});
