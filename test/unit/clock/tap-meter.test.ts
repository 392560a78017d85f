import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TapMeter } from '../../../src/clock/tap-meter.ts';

const PERIOD = 750;

function meterOf(offsets: readonly number[]): TapMeter {
  const meter = new TapMeter(PERIOD);
  for (const offset of offsets) meter.handleTap(offset);
  return meter;
}

describe('the tap meter', () => {
  it('tells nothing before the sixth tap', () => {
    const meter = meterOf([10, 12, 9, 11, 10]);
    expect(meter.count).toBe(5);
    expect(meter.result).toBeUndefined();
    meter.handleTap(10);
    expect(meter.result).toEqual({
      offsetMs: expect.closeTo(10),
      spreadMs: expect.closeTo(Math.sqrt(6 / 5)),
      taps: 6,
    });
    meter.clear();
    expect(meter.result).toBeUndefined();
  });

  it('drops outliers, and what is no number', () => {
    const meter = meterOf([52, 48, 300, 50, 51, 49, -260, 50, Number.NaN, 47, 53]);
    expect(meter.count).toBe(10);
    expect(meter.result).toMatchObject({ offsetMs: 50, taps: 8 });
    expect(meter.result!.spreadMs).toBeLessThan(3);
  });

  it('keeps together what is half a beat off', () => {
    const { offsetMs, taps } = meterOf([360, -370, 365, -368, 372, -375, 368, 374]).result!;
    expect(taps).toBe(8);
    expect(Math.abs(Math.abs(offsetMs) - 372)).toBeLessThan(4);
  });

  it('finds a delay within 15 ms through hands that scatter by 20 and slip now and then', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -360, max: 360, noNaN: true }),
        fc.array(fc.double({ min: -35, max: 35, noNaN: true }), { minLength: 12, maxLength: 20 }),
        fc.array(fc.double({ min: -375, max: 375, noNaN: true }), { maxLength: 2 }),
        (delay, scatter, slips) => {
          const { offsetMs } = meterOf([...slips, ...scatter.map((each) => delay + each)]).result!;
          const middle = [...scatter].sort((a, b) => a - b);
          const off = offsetMs - delay;
          const around = off - Math.round(off / PERIOD) * PERIOD;
          // Never outside of what the hands did, slips left out.
          expect(around).toBeGreaterThanOrEqual(middle[Math.floor(middle.length / 4) - 1]! - 1e-6);
          expect(around).toBeLessThanOrEqual(middle[Math.ceil((middle.length * 3) / 4)]! + 1e-6);
        },
      ),
      { seed: 15, numRuns: process.env.PARLEY_LONG ? 5_000 : 500 },
    );
  });
});
