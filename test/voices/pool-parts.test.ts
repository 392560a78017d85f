import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Account } from '../../src/voices/pool/account.ts';
import { memoryLeases } from '../../src/voices/pool/lease-store.ts';
import { WaitQueue } from '../../src/voices/pool/wait-queue.ts';

describe('the queue', () => {
  it('lets the higher priority go first, and among equals whoever came first', () => {
    const queue = new WaitQueue<string>(5);
    queue.add('a', 0, 1);
    queue.add('b', 2, 2);
    queue.add('c', 0, 1);
    queue.add('d', 2, 2);
    expect([queue.take(), queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([
      'b',
      'd',
      'a',
      'c',
      undefined,
    ]);
  });

  it('lifts who waits, and nobody else', () => {
    const queue = new WaitQueue<string>(5);
    queue.add('first', 0, 1);
    queue.add('second', 0, 2);
    queue.add('third', 0, 3);
    queue.lift('third', 1);
    queue.lift('gone', 9);
    expect([queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([
      'third',
      'first',
      'second',
      undefined,
    ]);
  });

  it('lets nobody wait for ever: so many seconds count as one priority', () => {
    const queue = new WaitQueue<string>(5);
    queue.add('old', 0, 0);
    queue.add('early', 2, 9.9);
    queue.add('late', 2, 10.1);
    expect([queue.take(), queue.take(), queue.take()]).toEqual(['early', 'old', 'late']);
  });

  it('holds to that whatever comes, goes and gives up', () => {
    const step = fc.oneof(
      fc.record({ add: fc.integer({ min: -3, max: 3 }), after: fc.double({ min: 0, max: 4, noNaN: true }) }),
      fc.constant('take' as const),
      fc.nat({ max: 30 }).map((remove) => ({ remove })),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new WaitQueue<number>(5);
        const model: { id: number; priority: number; since: number }[] = [];
        let now = 0;
        let made = 0;
        for (const each of steps) {
          if (each === 'take') {
            const rank = ({ priority, since }: (typeof model)[number]) => priority + (now - since) / 5;
            const best = model.toSorted((a, b) => rank(b) - rank(a) || a.id - b.id)[0];
            const taken = queue.take();
            if (!best) expect(taken).toBeUndefined();
            else {
              const given = model.find(({ id }) => id === taken)!;
              expect(rank(given)).toBeCloseTo(rank(best), 9);
              model.splice(model.indexOf(given), 1);
            }
          } else if ('add' in each) {
            now += each.after;
            queue.add(++made, each.add, now);
            model.push({ id: made, priority: each.add, since: now });
          } else {
            queue.remove(each.remove);
            const at = model.findIndex(({ id }) => id === each.remove);
            if (at >= 0) model.splice(at, 1);
          }
          expect(queue.size).toBe(model.length);
          const oldest = model.reduce((seconds, { since }) => Math.max(seconds, now - since), 0);
          expect(queue.oldestSeconds(now)).toBe(oldest);
        }
      }),
      { seed: 21, numRuns: 300 },
    );
  });
});

describe('leases in memory', () => {
  it('are never more than the units, end by themselves, and are kept by renewing', async () => {
    const step = fc.oneof(
      fc.constant('take' as const),
      fc.record({ release: fc.nat({ max: 9 }) }),
      fc.record({ renew: fc.nat({ max: 9 }) }),
      fc.record({ pass: fc.integer({ min: 1, max: 12 }) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 50 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, units) => {
          let seconds = 0;
          const store = memoryLeases(() => seconds * 1000);
          const ends = new Map<string, number>();
          const known: string[] = [];
          for (const each of steps) {
            const live = [...ends.values()].filter((end) => end > seconds).length;
            if (each === 'take') {
              const lease = await store.take('a', units, 10);
              expect(lease !== undefined).toBe(live < units);
              if (lease) {
                ends.set(lease, seconds + 10);
                known.push(lease);
              }
            } else if ('release' in each) {
              const lease = known[each.release];
              if (lease) await store.giveBack('a', lease);
              if (lease) ends.delete(lease);
            } else if ('renew' in each) {
              const lease = known[each.renew];
              if (!lease) continue;
              const kept = (ends.get(lease) ?? 0) > seconds;
              expect(await store.renew('a', lease, 10)).toBe(kept);
              if (kept) ends.set(lease, seconds + 10);
            } else seconds += each.pass;
          }
          expect(await store.take('b', 1, 10)).toBeDefined(); // Accounts do not touch one another.
        },
      ),
      { seed: 22, numRuns: 200 },
    );
  });

  it('tell when a unit comes free, also after a while, until nobody listens', async () => {
    const store = memoryLeases();
    let told = 0;
    const stop = store.onFree('a', () => told++);
    const lease = (await store.take('a', 1, 10))!;
    await store.giveBack('a', lease);
    await store.giveBack('a', lease);
    expect(told).toBe(1);
    const other = (await store.take('a', 1, 10))!;
    await store.giveBack('a', other, 0.05);
    expect(await store.take('a', 1, 10)).toBeUndefined();
    await expect.poll(() => told).toBe(2);
    expect(await store.take('a', 1, 10)).toBeDefined();
    stop();
    await store.giveBack('a', '3');
    expect(told).toBe(2);
  });
});

describe('an account', () => {
  const options = {
    name: 'a',
    units: 1,
    takenSeconds: 0,
    agingSeconds: 5,
    maxWaitSeconds: 5,
    maxWaiting: 3,
    onChange: () => {},
  };
  const now = () => performance.now() / 1000;
  const { signal } = new AbortController();

  it('that has too many who wait refuses the least urgent, not who came last', async () => {
    const account = new Account({ ...options, leases: memoryLeases() });
    const unit = await account.enter({}, now(), signal);
    const said: string[] = [];
    const enter = (name: string, priority: number) =>
      account.enter({ priority }, now(), signal).then(
        (given) => {
          said.push(name);
          given.release();
        },
        (error) => said.push(`${name} ${error.refusal}`),
      );
    const all = ['later 1', 'later 2', 'later 3', 'later 4'].map((name) => enter(name, 0));
    all.push(enter('player', 6), enter('later 5', 0));
    await Promise.all([all[3], all[5]]);
    unit.release();
    await Promise.all(all);
    expect(said.slice(0, 3).sort()).toEqual(['later 3 busy', 'later 4 busy', 'later 5 busy']);
    expect(said.slice(3)).toEqual(['player', 'later 1', 'later 2']);
    account.dispose();
  });

  it('gives its units by priority, once each, and asks a store that was away again', async () => {
    const leases = memoryLeases();
    let away = true;
    const account = new Account({
      ...options,
      leases: {
        ...leases,
        take: (...given) => (away ? Promise.reject(new Error('away')) : leases.take(...given)),
      },
    });
    const first = account.enter({}, now(), signal);
    await new Promise((resolve) => setTimeout(resolve, 50));
    away = false;
    const unit = await first;
    const order: string[] = [];
    const enter = async (name: string, priority: number) => {
      const given = await account.enter({ priority }, now(), signal);
      order.push(name);
      given.release();
    };
    const all = [enter('low', -1), enter('high', 1), enter('middle', 0)];
    expect([account.active, account.waiting]).toEqual([1, 3]);
    await expect(account.enter({ priority: -9 }, now(), signal)).rejects.toMatchObject({ refusal: 'busy' });
    unit.release();
    unit.release();
    await Promise.all(all);
    expect(order).toEqual(['high', 'middle', 'low']);
    expect([account.active, account.waiting]).toEqual([0, 0]);
    account.dispose();
    account.dispose();
  });

  it('asks nothing for a while after a refusal, longer after each in a row, and as long as the service says', async () => {
    const account = new Account({ ...options, leases: memoryLeases() });
    account.holdBack();
    expect(account.holdSeconds).toBeGreaterThan(0.2);
    expect(account.holdSeconds).toBeLessThanOrEqual(0.5);
    const entered = now();
    const waiting = account.enter({ priority: 0 }, entered, signal);
    (await waiting).release();
    expect(now() - entered).toBeGreaterThan(0.2);
    account.holdBack();
    expect(account.holdSeconds).toBeGreaterThan(0.45);
    account.handleSpoken();
    account.holdBack(0.05);
    expect(account.refusals).toBe(3);
    account.holdBack(7);
    expect(account.holdSeconds).toBeGreaterThan(6.9);
    const gone = new AbortController();
    const cancelled = account.enter({ priority: 0 }, now(), gone.signal);
    gone.abort();
    await expect(cancelled).rejects.toMatchObject({ code: 'aborted' });
    await expect(account.enter({ priority: 0 }, now() - 4.95, signal)).rejects.toMatchObject({
      refusal: 'busy',
    });
    expect(account.waiting).toBe(0);
    account.dispose();
  });
});
