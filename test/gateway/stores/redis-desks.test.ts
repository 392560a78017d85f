import { describe, expect, it } from 'vitest';
import type { LineDesk } from '../../../src/gateway/lines/line-desk.ts';
import type { LinePriority, SharedLine } from '../../../src/gateway/lines/line-request.ts';
import type { RedisStoreOptions } from '../../../src/gateway/stores/redis-store.ts';
import type { VoiceSource } from '../../../src/speech/source.ts';
import { type PooledVoices, poolVoices } from '../../../src/voices/pool/pool.ts';
import { counted, ledVoices } from '../../kit/led-voices.ts';
import { toneAt, toneVoices } from '../../kit/tone-voices.ts';
import { atEnd, desk, digestOf, faults, heard, sleep, until } from '../lines/desk-kit.ts';
import { redisForFile } from './store-kit.ts';

const player = { priority: 'player' } as const;
const end = { type: 'end' } as const;
const redis = redisForFile();
const cache = redisForFile('allkeys-lru');

/** A gateway: a desk with a connection of its own. */
async function gateway(source: VoiceSource, options: Partial<RedisStoreOptions> = {}): Promise<LineDesk> {
  return desk({ source, store: await redis.store(options) });
}

describe('a line that is wanted on many gateways', () => {
  it('is spoken once, and is the same for all, also for who comes late and who comes when it is whole', async () => {
    const source = ledVoices();
    const gateways = await Promise.all(Array.from({ length: 4 }, () => gateway(source)));
    const asked = Array.from({ length: 1_000 }, (_, at) =>
      gateways[at % 4]!.open({ text: 'Same for all.', ...player }),
    );
    const all = asked.map(digestOf);
    const spoken = await source.nth(0);
    const cue = { viseme: 'aa', start: 0, end: 0.1, weight: 1, from: 0 } as const;
    spoken.give({ type: 'cues', cues: [cue] }, counted(0, 480));
    for (let at = 1; at < 50; at++) {
      spoken.give(counted(at * 480, 480));
      if (at % 10 === 0) {
        await sleep(10);
        const late = await gateway(source);
        all.push(digestOf(late.open({ text: 'Same for all.', ...player })));
      }
    }
    spoken.give(end);
    await until(() => gateways.every(({ active }) => active === 0));
    const after = (await gateway(source)).open({ text: 'Same for all.', ...player });
    const { samples, cues, error } = await heard(after);
    expect(error).toBeUndefined();
    expect(samples).toEqual(Array.from({ length: 24_000 }, (_, at) => at));
    expect(cues).toEqual([cue]);
    expect(await after.head).toEqual({
      sampleRate: 24_000,
      voice: '',
      lang: '',
      timing: 'service',
      confidence: 1,
    });
    expect(new Set(await Promise.all([...all, digestOf(after)])).size).toBe(1);
    expect(source.performances).toHaveLength(1);
    expect(after.origin).toBe('joined');
    const counts = gateways.map((each) => each.counts);
    expect(counts.reduce((sum, { fresh }) => sum + fresh, 0)).toBe(1);
    expect(counts.reduce((sum, { joined }) => sum + joined, 0)).toBe(999);
  });

  it('is joined by its share on any of them', async () => {
    const source = ledVoices();
    const [a, b] = [await gateway(source), await gateway(source)];
    const line = a.open({ text: 'Here', ...player });
    (await source.nth(0)).give(counted(0, 100));
    await line.head;
    const joined = await b.find(line.share);
    (await source.nth(0)).give(end);
    expect((await heard(joined!)).samples).toHaveLength(100);
    expect(joined?.origin).toBe('joined');
    expect(await (await gateway(source, { name: 'another-game' })).find(line.share)).toBeUndefined();
  });

  it('is joined on each where those are who began with it, also when it is whole', async () => {
    const source = ledVoices();
    const cacheUrl = cache.server.url;
    const [a, b, c] = await Promise.all([1, 2, 3].map(() => gateway(source, { cacheUrl })));
    const said = a!.open({ text: 'Heard already.', ...player });
    const reading = heard(said);
    const spoken = await source.nth(0);
    spoken.give(counted(0, 24_000));
    await until(() => said.startedAt !== undefined);
    await sleep(300);
    const ago = (line: SharedLine) => performance.timeOrigin + performance.now() - line.startedAt!;
    const joined = (await b!.find(said.share))!;
    expect(Math.abs(ago(joined) - ago(said))).toBeLessThan(100);
    spoken.give(end);
    await reading;
    await until(() => a!.active === 0);
    const whole = (await c!.find(said.share))!;
    expect(Math.abs(ago(whole) - ago(said))).toBeLessThan(100);
    await sleep(1_000 - ago(said) + 20); // It is over for all.
    const late = await gateway(source, { cacheUrl });
    expect((await late.find(said.share))!.startedAt).toBeUndefined();
    await heard(late.open({ text: 'Heard already.', ...player })); // It is heard anew.
    await until(
      async () => (await (await gateway(source, { cacheUrl })).find(said.share))!.startedAt !== undefined,
    );
  });

  it('goes on for others when it is wanted no more where it is made, and ends with the last of them', async () => {
    const source = ledVoices();
    const [a, b] = [await gateway(source), await gateway(source)];
    const made = a.open({ text: 'Gone', ...player });
    const spoken = await source.nth(0);
    spoken.give(counted(0, 10));
    await made.head;
    const followed = b.open({ text: 'Gone', ...player });
    await followed.head;
    made.release();
    await sleep(1_200);
    expect(spoken.aborted).toBe(false);
    followed.release();
    await until(() => spoken.aborted);
  });

  it('fails on all of them alike, and is spoken by another where its gateway ended before the first sound', async () => {
    const source = ledVoices();
    const [a, b] = [await gateway(source), await gateway(source)];
    a.open({ text: 'Moves', ...player });
    await source.nth(0);
    const followed = b.open({ text: 'Moves', ...player });
    await sleep(50);
    await a.dispose();
    (await source.nth(1)).give(counted(0, 10), end);
    expect((await heard(followed)).samples).toHaveLength(10);
    expect(followed.origin).toBe('fresh');
  });
});

describe('units that gateways share', () => {
  async function pooled(source: VoiceSource, units = 1): Promise<{ lines: LineDesk; pool: PooledVoices }> {
    const store = await redis.store();
    const pool = poolVoices({ services: [{ source, units }], leases: store.leases, coolDownSeconds: 0 });
    atEnd(() => pool.dispose());
    return { lines: await desk({ source: pool, store }), pool };
  }

  it('go to the most urgent line of all gateways, never to a lesser one', async () => {
    const source = ledVoices();
    const gateways = await Promise.all([pooled(source), pooled(source), pooled(source)]);
    gateways[0]!.lines.open({ text: 'first', priority: 'prefetch' });
    await source.nth(0);
    const kinds: LinePriority[] = ['prefetch', 'ambient', 'stage', 'player'];
    // The least urgent come first, each kind on every gateway.
    for (const kind of kinds) {
      for (const [at, { lines }] of gateways.entries()) lines.open({ text: `${kind} ${at}`, priority: kind });
      await sleep(40);
    }
    await until(() => gateways.every(({ pool }) => pool.load[0]!.waiting === 4));
    for (let nth = 0; nth < 13; nth++) {
      const spoken = await source.nth(nth);
      expect(source.performances).toHaveLength(nth + 1); // One at a time.
      spoken.give(counted(0, 10), end);
    }
    const order = source.performances.map(({ request }) => request.text.split(' ')[0]);
    expect(order).toEqual(['first', ...[...kinds].reverse().flatMap((kind) => [kind, kind, kind])]);
  });

  it('go to a line that became urgent on another gateway than its own', async () => {
    const source = ledVoices();
    const [a, b] = [await pooled(source), await pooled(source)];
    a.lines.open({ text: 'first', ...player });
    await source.nth(0);
    a.lines.open({ text: 'stage', priority: 'stage' });
    a.lines.open({ text: 'wanted', priority: 'prefetch' });
    await until(() => a.pool.load[0]!.waiting === 2);
    await sleep(30);
    b.lines.open({ text: 'wanted', ...player });
    await sleep(50);
    for (let nth = 0; nth < 3; nth++) (await source.nth(nth)).give(counted(0, 10), end);
    expect(source.performances.map(({ request }) => request.text)).toEqual(['first', 'wanted', 'stage']);
  });
});

describe('a cache that gateways share', () => {
  it('has what any of them spoke, and is not believed where it was damaged', async () => {
    const { default: Redis } = await import('ioredis');
    const client = new Redis(cache.server.url);
    atEnd(() => client.disconnect());
    await client.flushall(); // Lines of other tests.
    const source = toneVoices();
    const text = 'Kept by all.';
    const open = async () => desk({ source, store: await redis.store({ cacheUrl: cache.server.url }) });
    const first = await open();
    const fresh = await heard(first.open({ text, ...player }));
    const second = await open();
    await until(() => first.active === 0);
    const line = second.open({ text, ...player });
    const kept = await heard(line);
    expect(Int16Array.from(kept.samples)).toEqual(
      Int16Array.from({ length: fresh.samples.length }, (_, at) => toneAt(at, 44_100)),
    );
    expect([line.origin, kept.words, second.counts.tiers.cluster]).toEqual(['hit', fresh.words, 1]);
    const [key] = await client.keys('*');
    await client.setrange(key!, 500, 'XX');
    faults.length = 0;
    const third = await open();
    expect((await heard(third.open({ text, ...player }))).samples).toEqual(fresh.samples);
    expect(String(faults[0])).toContain('damaged');
    expect([await client.exists(key!), third.counts.hit]).toEqual([0, 0]);
  });
});
