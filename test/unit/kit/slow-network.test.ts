import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { queryOf, SlowNetwork, slownessOf } from '../../kit/slow-network.ts';

/** Release times of audio frames that come every 20 ms. */
function released(network: SlowNetwork, count: number): number[] {
  return Array.from({ length: count }, (_, index) => network.releaseMs(20 * index, true));
}

describe('a slow network', () => {
  it('lets everything through at once when nothing is wrong', () => {
    expect(released(new SlowNetwork({}), 5)).toEqual([0, 20, 40, 60, 80]);
  });

  it('keeps everything after a stall as late as the stall was long', () => {
    const network = new SlowNetwork({ stallMs: 400, stalls: [1, 3] });
    expect(released(network, 5)).toEqual([0, 420, 440, 860, 880]);
  });

  it('gives everything at once after a hiccup, and is on time again', () => {
    const network = new SlowNetwork({ hiccupMs: 50, hiccups: [1] });
    expect(released(network, 5)).toEqual([0, 70, 70, 70, 80]);
  });

  it('is late by up to the jitter, never out of order, and the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 0, max: 300 }), (seed, jitterMs) => {
        const times = released(new SlowNetwork({ jitterMs, seed }), 200);
        for (const [index, ms] of times.entries()) {
          expect(ms).toBeGreaterThanOrEqual(Math.max(20 * index, times[index - 1] ?? 0));
          expect(ms).toBeLessThanOrEqual(20 * index + jitterMs);
        }
        expect(released(new SlowNetwork({ jitterMs, seed }), 200)).toEqual(times);
      }),
      { seed: 3 },
    );
  });

  it('is told by a query and read from it', () => {
    const slowness = { jitterMs: 120, stallMs: 400, stalls: [200, 450], hiccupMs: 90, hiccups: [7], seed: 5 };
    expect(slownessOf(new URLSearchParams(queryOf(slowness)))).toEqual(slowness);
  });
});
