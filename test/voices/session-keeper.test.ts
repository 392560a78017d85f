import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpeechError } from '../../src/speech/errors.ts';
import { backOff, SessionKeeper } from '../../src/voices/session/session-keeper.ts';

describe('the wait before another attempt', () => {
  it('is none without a failure, doubles with each, is spread, and never passes two seconds', () => {
    expect(backOff(0, 1)).toBe(0);
    expect([1, 2, 3, 4, 5, 6, 99].map((failures) => backOff(failures, 1))).toEqual([
      0.1, 0.2, 0.4, 0.8, 1.6, 2, 2,
    ]);
    fc.assert(
      fc.property(fc.nat({ max: 2_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const wait = backOff(failures, random);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(2);
      }),
      { seed: 4 },
    );
  });

  it('keeps lines of one page from hammering a service that is down', async () => {
    let attempts = 0;
    const keeper = new SessionKeeper(async () => {
      attempts++;
      throw SpeechError.connectFailed('nowhere');
    });
    const until = performance.now() + 1_500;
    while (performance.now() < until) {
      await expect(keeper.take(new AbortController().signal)).rejects.toMatchObject({
        code: 'connect-failed',
      });
    }
    expect(attempts).toBeLessThan(60);
    const impatient = new AbortController();
    const taking = keeper.take(impatient.signal);
    impatient.abort();
    await expect(taking).rejects.toBeDefined();
    keeper.dispose();
    await expect(keeper.take(new AbortController().signal)).rejects.toMatchObject({ code: 'aborted' });
  });
});
