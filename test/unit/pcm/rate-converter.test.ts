import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RateConverter } from '../../../src/pcm/rate-converter.ts';
import { resampleAll } from '../../../src/pcm/resampler.ts';

describe('a stream at another rate', () => {
  it('is the same as the whole signal at that rate, however it is cut', () => {
    const rate = fc.constantFrom(8_000, 16_000, 22_050, 24_000, 44_100, 48_000);
    const samples = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 3_000 });
    const cuts = fc.array(fc.nat({ max: 3_000 }), { maxLength: 5 });
    fc.assert(
      fc.property(rate, rate, samples, cuts, (from, to, given, places) => {
        fc.pre(from !== to);
        const signal = Int16Array.from(given);
        const converter = new RateConverter(from, to);
        const out: number[] = [];
        let at = 0;
        for (const place of [...places.sort((a, b) => a - b), signal.length]) {
          out.push(...converter.push(signal.subarray(at, place)));
          at = Math.max(at, Math.min(place, signal.length));
        }
        out.push(...converter.end());
        expect(Int16Array.from(out)).toEqual(resampleAll(signal, from, to));
      }),
      { seed: 6, numRuns: 50 },
    );
  });

  it('takes runs longer than its filter holds', () => {
    const signal = Int16Array.from({ length: 100_000 }, (_, index) => 20_000 * Math.sin(index / 9));
    const converter = new RateConverter(24_000, 44_100);
    const out = [...converter.push(signal), ...converter.end()];
    expect(Int16Array.from(out)).toEqual(resampleAll(signal, 24_000, 44_100));
  });
});
