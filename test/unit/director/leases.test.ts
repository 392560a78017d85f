import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Leases } from '../../../src/director/leases.ts';

/** Asks in the name of `name`; who was let in is noted in `order`. */
function asker(leases: Leases, order: string[]) {
  return (name: string, { priority = 0, ahead = false, key = {} as object } = {}) => {
    const abort = new AbortController();
    const asked = leases.take({ key, priority, ahead }, abort.signal).then((has) => {
      if (has) order.push(name);
      return has;
    });
    return { abort, asked };
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('leases', () => {
  it('let in as many as there are; then the higher priority, then who came first', async () => {
    const leases = new Leases(1);
    const order: string[] = [];
    const ask = asker(leases, order);
    for (const [name, priority] of [
      ['first', 0],
      ['second', 0],
      ['third', 0],
      ['quest', 2],
    ] as const)
      ask(name, { priority });
    await settled();
    expect([order, leases.taken, leases.waiting]).toEqual([['first'], 1, 3]);
    for (let turn = 0; turn < 3; turn++) {
      leases.giveBack();
      await settled();
    }
    expect(order).toEqual(['first', 'quest', 'second', 'third']);
    leases.giveBack();
    expect([leases.taken, leases.waiting]).toEqual([0, 0]);
  });

  it('let in whose turn it is before those that are ahead of theirs, and keep one for them', async () => {
    const leases = new Leases(2);
    const order: string[] = [];
    const ask = asker(leases, order);
    const key = {};
    ask('ahead', { ahead: true });
    ask('more ahead', { ahead: true, priority: 5 });
    ask('lifted', { ahead: true, key });
    await settled();
    expect(order).toEqual(['ahead']);
    ask('now');
    await settled();
    expect(order).toEqual(['ahead', 'now']);
    leases.lift(key);
    leases.giveBack();
    await settled();
    expect(order).toEqual(['ahead', 'now', 'lifted']);
    leases.giveBack();
    leases.giveBack();
    await settled();
    expect(order).toEqual(['ahead', 'now', 'lifted', 'more ahead']);
  });

  it('are not held by who gave up, before or while waiting', async () => {
    const leases = new Leases(1);
    const order: string[] = [];
    const ask = asker(leases, order);
    ask('holds');
    const gone = ask('gone');
    gone.abort.abort();
    expect(await gone.asked).toBe(false);
    const late = ask('late');
    leases.giveBack();
    expect(await late.asked).toBe(true);
    late.abort.abort(); // Has one already: it gives it back itself.
    expect(leases.taken).toBe(1);
    expect(await leases.take({ key: {}, priority: 0, ahead: false }, AbortSignal.abort())).toBe(false);
    expect([order, leases.waiting]).toEqual([['holds', 'late'], 0]);
  });

  it('never exceed their number, strand nobody and are all free at last, whoever comes, gives up or ends', async () => {
    const step = fc.record({
      deed: fc.constantFrom('ask', 'ask', 'ahead', 'end', 'give up'),
      priority: fc.integer({ min: -1, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(step, { maxLength: 40 }),
        async (most, steps) => {
          const leases = new Leases(most);
          let holding = 0;
          const open: AbortController[] = [];
          for (const { deed, priority } of steps) {
            if (deed === 'end' && holding > 0) {
              holding--;
              leases.giveBack();
            } else if (deed === 'give up') open.pop()?.abort();
            else {
              const abort = new AbortController();
              open.push(abort);
              void leases.take({ key: {}, priority, ahead: deed === 'ahead' }, abort.signal).then((has) => {
                if (has) holding++;
              });
            }
            await Promise.resolve();
            expect(leases.taken).toBeLessThanOrEqual(most);
          }
          for (let round = 0; round <= steps.length && leases.taken + leases.waiting > 0; round++) {
            await settled();
            for (; holding > 0; holding--) leases.giveBack();
          }
          expect([leases.taken, leases.waiting]).toEqual([0, 0]);
        },
      ),
      { seed: 5, numRuns: 100 },
    );
  });
});
