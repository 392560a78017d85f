import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClockReading, OutputClock } from '../../../src/clock/output-clock.ts';

/** A device whose context started at performance time 0 and is heard `latency` later. */
function reading(nowMs: number, change: Partial<ClockReading> = {}, latency = 0.04): ClockReading {
  return {
    running: true,
    nowMs,
    currentTime: nowMs / 1000,
    outputTime: nowMs / 1000 - latency - 0.005,
    outputMs: nowMs - 5,
    outputLatency: latency,
    baseLatency: 0.01,
    ...change,
  };
}

describe('the output clock', () => {
  it('tells which sample leaves the device', () => {
    const clock = new OutputClock();
    clock.handleReading(reading(1_000));
    expect(clock.contextTimeAt(1_016)).toBeCloseTo(0.976, 9);
    expect(clock.performanceMsAt(0.976)).toBeCloseTo(1_016, 6);
  });

  it.each<[string, Partial<ClockReading>]>([
    ['a browser without timestamps', { outputTime: undefined, outputMs: undefined }],
    ['a timestamp that has not begun', { outputTime: 0, outputMs: 0 }],
    ['a stale timestamp', { outputMs: -5_000 }],
    ['a timestamp from the future of rendering', { outputTime: 50 }],
    ['a timestamp that claims 7.8 s of latency', { outputTime: 0.2 }],
  ])('falls back on the latency for %s', (_, change) => {
    const clock = new OutputClock();
    clock.handleReading(reading(8_000, change));
    expect(clock.contextTimeAt(8_000)).toBeCloseTo(7.96, 9);
  });

  it('falls back on the base latency, and on none, where the output latency is missing or absurd', () => {
    for (const outputLatency of [undefined, 0, 7.8, Number.NaN]) {
      const clock = new OutputClock();
      clock.handleReading(reading(2_000, { outputTime: undefined, outputLatency }));
      expect(clock.contextTimeAt(2_000)).toBeCloseTo(1.99, 9);
    }
    const bare = new OutputClock();
    bare.handleReading(
      reading(2_000, { outputTime: undefined, outputLatency: undefined, baseLatency: undefined }),
    );
    expect(bare.contextTimeAt(2_000)).toBeCloseTo(2, 9);
  });

  it('smooths noise', () => {
    const clock = new OutputClock();
    let worst = 0;
    for (let index = 0; index < 200; index++) {
      const now = 1_000 + index * 100;
      const noise = ((index * 37) % 17) / 17 - 0.5;
      clock.handleReading(reading(now, { outputTime: now / 1000 - 0.045 + noise * 0.01 }));
      if (index > 50) worst = Math.max(worst, Math.abs(clock.contextTimeAt(now) - (now / 1000 - 0.04)));
    }
    expect(worst).toBeLessThan(0.003);
  });

  it('tells how far it was off', () => {
    const clock = new OutputClock();
    clock.handleReading(reading(1_000));
    expect(clock.error).toBe(0);
    clock.handleReading(reading(1_100, { outputTime: 1.1 - 0.045 - 0.01 }));
    expect(clock.error).toBeCloseTo(0.01, 9); // The frame showed what is heard 10 ms later.
  });

  it('believes a jump only when it is told several times', () => {
    const clock = new OutputClock();
    clock.handleReading(reading(1_000));
    clock.handleReading(reading(1_100, {}, 0.3));
    expect(clock.contextTimeAt(1_100)).toBeCloseTo(1.06, 9);
    for (let index = 2; index < 5; index++) clock.handleReading(reading(1_000 + index * 100, {}, 0.3));
    expect(clock.contextTimeAt(2_000)).toBeCloseTo(1.7, 9);
  });

  it('never goes backwards while audio runs, whatever it is told', () => {
    const any = fc.record({
      running: fc.boolean(),
      currentTime: fc.double({ min: 0, max: 20, noNaN: true }),
      outputTime: fc.option(fc.double({ min: -1, max: 20 }), { nil: undefined }),
      outputMs: fc.option(fc.double({ min: -1e4, max: 2e4 }), { nil: undefined }),
      outputLatency: fc.option(fc.double(), { nil: undefined }),
      baseLatency: fc.option(fc.double(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), (readings) => {
        const clock = new OutputClock();
        let last = 0;
        for (const [index, other] of readings.entries()) {
          clock.handleReading({ ...other, nowMs: index * 100 });
          const time = clock.contextTimeAt(index * 100 + 16);
          expect(time).toBeGreaterThanOrEqual(last);
          last = time;
        }
      }),
      { seed: 13, numRuns: process.env.PARLEY_LONG ? 2_000 : 200 },
    );
  });

  it('stands while the context is suspended and goes on when it resumes', () => {
    const clock = new OutputClock();
    clock.handleReading(reading(1_000));
    const heard = clock.contextTimeAt(1_000);
    clock.handleReading(reading(1_100, { running: false }));
    expect(clock.contextTimeAt(5_000)).toBe(heard);
    clock.handleReading(reading(6_000, { currentTime: 1.1, outputTime: 1.055 }));
    expect(clock.contextTimeAt(6_000)).toBeCloseTo(1.06, 9);
  });
});
