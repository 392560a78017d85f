import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Admission } from '../../../src/gateway/tickets/admission.ts';
import { Budgets } from '../../../src/gateway/tickets/budgets.ts';
import { InputError, SpeechError } from '../../../src/speech/errors.ts';
import { type StoreKind, storeKinds } from '../stores/store-kit.ts';

const LIMITS = { account: 120, user: 60, address: 80 };

/** Somebody who asks for so many characters. */
const asking = fc.record({
  user: fc.constantFrom('ada', 'bob', 'cy'),
  address: fc.constantFrom('10.0.0.1', '10.0.0.2'),
  gateway: fc.nat(1),
  characters: fc.integer({ min: 1, max: 70 }),
});

describe.each(storeKinds())('budgets over $name', ({ name, open }: StoreKind) => {
  it('are never exceeded, however many ask at once on two gateways', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(asking, { minLength: 1, maxLength: 8 }), { maxLength: 6 }),
        async (rounds) => {
          const stores = [await open(), await open()];
          const run = `${Math.random()}`; // Names of their own for each run: the store goes on.
          const gateways = stores.map((store) => new Budgets(named(store, run), LIMITS));
          const spent = new Map<string, number>();
          for (const round of rounds) {
            await Promise.all(
              round.map(async ({ user, address, gateway, characters }) => {
                if ((await gateways[gateway]!.take({ user, address }, characters)).spent) return;
                for (const key of ['account', user, address])
                  spent.set(key, (spent.get(key) ?? 0) + characters);
              }),
            );
            for (const [key, taken] of spent) {
              const limit =
                key === 'account' ? LIMITS.account : key.startsWith('10.') ? LIMITS.address : LIMITS.user;
              expect(taken).toBeLessThanOrEqual(limit);
            }
          }
          // Nothing that was refused was kept: alone, each may still have exactly what is left.
          for (const user of ['ada', 'bob', 'cy']) {
            const left = Math.min(
              LIMITS.user - (spent.get(user) ?? 0),
              LIMITS.account - (spent.get('account') ?? 0),
            );
            const payer = { user, address: `192.0.2.${user.length}${user}` };
            expect((await gateways[0]!.take(payer, left + 1)).spent).toBeDefined();
            if (left <= 0) continue;
            expect((await gateways[1]!.take(payer, left)).spent).toBeUndefined();
            spent.set('account', (spent.get('account') ?? 0) + left);
          }
        },
      ),
      { numRuns: name === 'memory' ? 60 : 15, seed: 6 },
    );
  });
});

describe.each(storeKinds())('what was taken over $name', ({ open }: StoreKind) => {
  it('is given back once, to all gateways, and of each budget', async () => {
    const run = `${Math.random()}`;
    const [one, other] = [await open(), await open()].map((store) => new Budgets(named(store, run), LIMITS));
    const ada = { user: 'ada', address: '10.0.0.1' };
    const taken = await one!.take(ada, 60);
    expect((await other!.take(ada, 1)).spent).toMatchObject({ name: 'user' });
    await taken.giveBack!();
    await taken.giveBack!();
    expect((await other!.take(ada, 61)).spent).toMatchObject({ name: 'user' });
    expect((await other!.take(ada, 60)).spent).toBeUndefined();
    expect((await one!.take({ user: 'bob', address: '10.0.0.2' }, 61)).spent).toMatchObject({ name: 'user' });
    expect((await one!.take({ user: 'bob', address: '10.0.0.1' }, 21)).spent).toMatchObject({
      name: 'address',
    });
    expect((await one!.take({ user: 'bob', address: '10.0.0.2' }, 60)).spent).toBeUndefined();
    expect((await one!.take({ user: 'cy', address: '10.0.0.3' }, 1)).spent).toMatchObject({
      name: 'account',
    });
  });
});

/** The same store, with counters of other names. */
function named(store: Awaited<ReturnType<StoreKind['open']>>, run: string): typeof store {
  return new Proxy(store, {
    get: (target, key) =>
      key === 'limiter'
        ? (options: Parameters<typeof target.limiter>[0]) =>
            target.limiter({ ...options, name: `${run}-${options.name}` })
        : Reflect.get(target, key),
  });
}

describe('a budget', () => {
  it('is refused where it is no whole number', async () => {
    const { memoryStore } = await import('../../../src/gateway/stores/memory-store.ts');
    expect(() => new Budgets(memoryStore(), { user: 0.5 })).toThrow(InputError);
    expect(() => new Budgets(memoryStore(), { account: -1 })).toThrow(/Budget account.*whole number.*-1/);
  });

  it('of a ticket is never exceeded by lines at once, and what a spent one of the day refuses is given back', async () => {
    const { memoryStore } = await import('../../../src/gateway/stores/memory-store.ts');
    const budgets = new Budgets(memoryStore(), { user: 25 });
    const payer = { user: 'ada', address: '10.0.0.1' };
    const admission = new Admission('ticket', payer, { freeText: true, characters: 30 }, budgets);
    const answers = await Promise.allSettled([10, 10, 10, 10].map((characters) => admission.pay(characters)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(admission.left.characters).toBe(10);
    const error = await admission.pay(6).catch((reason: SpeechError) => reason);
    expect(error).toMatchObject({
      code: 'refused',
      refusal: 'busy',
      reason: expect.stringContaining('user budget'),
    });
    expect((error as SpeechError).retryAfterSeconds).toBeGreaterThan(86_000);
    await admission.pay(5);
    expect(admission.left.characters).toBe(5);
  });

  it('of seconds ends a line', () => {
    const admission = new Admission(
      'ticket',
      { user: 'ada', address: '' },
      { seconds: 1 },
      undefined as never,
    );
    expect(admission.refusalOf({ id: 'a' })).toBeUndefined();
    expect(admission.hear(0.75)).toBeUndefined();
    expect(admission.hear(0.75)).toBeInstanceOf(SpeechError);
    expect(admission.refusalOf({ id: 'a' })?.reason).toContain('seconds');
  });

  it.each([
    [{}, {}, /no free text/],
    [{ freeText: true }, {}, undefined],
    [{ lines: ['a'] }, { id: 'a' }, undefined],
    [{ lines: ['a'] }, { id: 'b' }, /does not allow this line/],
    [{ freeText: true, voices: ['F1'] }, { voice: 'F2' }, /one must be named/],
    [{ freeText: true, voices: ['F1'] }, { voice: 'F1' }, undefined],
    [{ freeText: true, voices: ['F1'] }, {}, /one must be named/],
  ])('of scopes %j has for %j the answer %s', (scopes, asked, answer) => {
    const admission = new Admission('ticket', { user: 'ada', address: '' }, scopes, undefined as never);
    const reason = admission.refusalOf(asked)?.reason;
    if (answer) expect(reason).toMatch(answer);
    else expect(reason).toBeUndefined();
  });
});
