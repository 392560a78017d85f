import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClockReading } from '../../../src/clock/clock-reading.ts';
import { OutputClock } from '../../../src/clock/output-clock.ts';

const RUNS = process.env.PARLEY_LONG ? 3_000 : 300;

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

function clockAfter(...readings: ClockReading[]): OutputClock {
  const clock = new OutputClock();
  for (const each of readings) clock.handleReading(each);
  return clock;
}

/** A clock that has been read ten times a second up to `untilMs`. */
function settledClock(untilMs: number): OutputClock {
  const clock = new OutputClock();
  for (let nowMs = 1_000; nowMs <= untilMs; nowMs += 100) clock.handleReading(reading(nowMs));
  return clock;
}

describe('the output clock', () => {
  it('tells which sample leaves the device, from the first reading on', () => {
    const clock = new OutputClock();
    expect(clock.synced).toBe(false);
    expect(clock.contextTimeAt(900)).toBe(0);
    clock.handleReading(reading(1_000));
    expect(clock.synced).toBe(true);
    expect(clock.contextTimeAt(1_016)).toBeCloseTo(0.976, 9);
    expect(clock.performanceMsAt(0.976)).toBeCloseTo(1_016, 6);
  });

  it.each<[string, Partial<ClockReading>]>([
    ['a browser without timestamps', { outputTime: undefined, outputMs: undefined }],
    ['a timestamp that has not begun', { outputTime: 0, outputMs: 0 }],
    ['a timestamp that is no number', { outputTime: Number.NaN }],
    ['a stale timestamp', { outputMs: 6_900 }],
    ['a timestamp of what is not rendered yet', { outputTime: 50 }],
    ['a timestamp that claims 7.8 s of latency', { outputTime: 0.2 }],
  ])('falls back on the latency for %s', (_, change) => {
    const clock = clockAfter(reading(8_000, change));
    expect(clock.contextTimeAt(8_000)).toBeCloseTo(8 - 0.005 - 0.04, 9);
  });

  it('falls back on the base latency, and on none, where the output latency is missing or absurd', () => {
    const bare = { outputTime: undefined };
    for (const outputLatency of [undefined, 0, 7.8, Number.NaN]) {
      const clock = clockAfter(reading(2_000, { ...bare, outputLatency }));
      expect(clock.contextTimeAt(2_000)).toBeCloseTo(2 - 0.005 - 0.01, 9);
    }
    const nothing = clockAfter(reading(2_000, { ...bare, outputLatency: undefined, baseLatency: undefined }));
    expect(nothing.contextTimeAt(2_000)).toBeCloseTo(2, 9);
  });

  it('takes timestamps whole as soon as they come', () => {
    const clock = clockAfter(reading(1_000, { outputTime: undefined }), reading(1_016, {}, 0.05));
    expect(clock.contextTimeAt(1_016)).toBeCloseTo(0.966, 9);
  });

  it('passes over readings that say nothing', () => {
    const clock = settledClock(3_000);
    clock.handleReading(reading(3_016, { currentTime: Number.NaN }));
    clock.handleReading(reading(Number.NaN));
    clock.handleReading(reading(Number.POSITIVE_INFINITY));
    clock.handleReading(reading(2_000, {}, 0.3));
    expect(clock.contextTimeAt(3_020)).toBeCloseTo(2.98, 6);
  });

  it('does not go on beyond what was rendered', () => {
    const clock = settledClock(3_000);
    // The device stands: its time and its last timestamp stay as they were.
    const stands = { currentTime: 3, outputTime: 2.955, outputMs: 2_995 };
    for (let nowMs = 3_016; nowMs < 6_000; nowMs += 16) {
      clock.handleReading(reading(nowMs, stands));
      expect(clock.contextTimeAt(nowMs)).toBeLessThan(3.02);
    }
  });

  it('does not go on beyond what was rendered where timestamps fail', () => {
    const clock = settledClock(3_000);
    for (let nowMs = 3_016; nowMs < 6_000; nowMs += 16) {
      clock.handleReading(reading(nowMs, { currentTime: 3, outputTime: undefined }));
      expect(clock.contextTimeAt(nowMs)).toBeLessThan(3.03);
    }
  });

  it('tells how far it was off', () => {
    const clock = clockAfter(reading(1_000));
    expect(clock.error).toBe(0);
    clock.handleReading(reading(1_100, { outputTime: 1.1 - 0.045 - 0.001 }));
    expect(clock.error).toBeCloseTo(0.001, 6); // The frame showed what is heard 1 ms later.
  });

  it('waits at a step back until it is told twice, and goes on if it was a lie', () => {
    const clock = settledClock(3_000);
    expect(clock.contextTimeAt(3_000)).toBeCloseTo(2.96, 6);
    clock.handleReading(reading(3_016, {}, 0.3));
    expect(clock.contextTimeAt(3_016)).toBeCloseTo(2.96, 6);
    clock.handleReading(reading(3_032));
    expect(clock.contextTimeAt(3_032)).toBeCloseTo(2.992, 6);
    clock.handleReading(reading(3_048, {}, 0.3));
    clock.handleReading(reading(3_064, {}, 0.3));
    expect(clock.performanceMsAt(3)).toBeCloseTo(3_300, 3);
  });

  it('believes a step forward only when it is told twice', () => {
    const clock = settledClock(3_000);
    clock.handleReading(reading(3_016, {}, 0.01));
    expect(clock.contextTimeAt(3_016)).toBeCloseTo(2.976, 6);
    clock.handleReading(reading(3_032, {}, 0.01));
    expect(clock.contextTimeAt(3_032)).toBeCloseTo(3.022, 6);
  });

  it('is not held up by somebody who asks for the future', () => {
    const clock = settledClock(3_000);
    clock.contextTimeAt(60_000);
    clock.handleReading(reading(3_100));
    expect(clock.contextTimeAt(3_116)).toBeCloseTo(3.076, 6);
  });

  it('is read at every frame while it settles, ten times a second then', () => {
    const clock = settledClock(4_000);
    expect(clock.wantsReading(4_016)).toBe(false);
    expect(clock.wantsReading(4_100)).toBe(true);
    clock.handleDeviceChange(4_100);
    clock.handleReading(reading(4_100));
    expect(clock.wantsReading(4_116)).toBe(true);
    expect(clockAfter(reading(1_000)).wantsReading(1_016)).toBe(true);
  });

  it('stands while the context is suspended, and is right in the first frame after it', () => {
    const clock = settledClock(2_000);
    const heard = clock.contextTimeAt(2_000);
    clock.handleReading(reading(2_100, { running: false }));
    expect(clock.contextTimeAt(5_000)).toBe(heard);
    // The timestamp is still that of the time before.
    clock.handleReading(reading(6_000, { currentTime: 2.1, outputTime: 2.05, outputMs: 2_090 }));
    expect(clock.contextTimeAt(6_000)).toBeCloseTo(2.1 - 0.005 - 0.04, 6);
    clock.handleReading(reading(6_016, { currentTime: 2.12, outputTime: 2.08, outputMs: 6_016 }));
    expect(clock.contextTimeAt(6_016)).toBeCloseTo(2.08, 6);
  });

  it('is right in the first frame after the page was hidden for a minute', () => {
    const clock = settledClock(3_000);
    clock.handleReading(reading(63_000, {}, 0.05)); // A dropout in between.
    expect(clock.contextTimeAt(63_000)).toBeCloseTo(62.95, 6);
  });
});

describe('the trim of the output clock', () => {
  it('is how much later the sound is heard than the device says', () => {
    const clock = clockAfter(reading(1_000));
    clock.trimMs = 30;
    expect(clock.trimMs).toBe(30);
    expect(clock.contextTimeAt(1_016)).toBeCloseTo(0.946, 9);
    expect(clock.performanceMsAt(0.946)).toBeCloseTo(1_016, 6);
  });

  it('lets the map stand where it grows, and moves it on where it shrinks', () => {
    const clock = settledClock(2_000);
    expect(clock.contextTimeAt(2_000)).toBeCloseTo(1.96, 6);
    clock.trimMs = 100;
    expect(clock.contextTimeAt(2_050)).toBeCloseTo(1.96, 6);
    expect(clock.contextTimeAt(2_150)).toBeCloseTo(2.01, 6);
    clock.trimMs = -20;
    expect(clock.contextTimeAt(2_151)).toBeCloseTo(2.131, 6);
  });

  it('leaves the sound where it is for a display that shows frames late, and takes what is heard then', () => {
    const clock = clockAfter(reading(1_000));
    clock.displayLatencyMs = 25;
    expect(clock.displayLatencyMs).toBe(25);
    expect(clock.contextTimeAt(1_000)).toBeCloseTo(0.985, 9);
    expect(clock.performanceMsAt(0.985)).toBeCloseTo(1_025, 6);
  });
});

describe('the output clock, whatever it is told', () => {
  const number = fc.oneof(fc.double(), fc.double({ min: -1, max: 20, noNaN: true }));
  const maybe = fc.option(number, { nil: undefined });
  const anyReading = fc.record({
    running: fc.boolean(),
    nowMs: fc.double({ min: -500, max: 500, noNaN: true }),
    currentTime: number,
    outputTime: maybe,
    outputMs: fc.option(fc.double({ min: -1e4, max: 2e4 }), { nil: undefined }),
    outputLatency: maybe,
    baseLatency: maybe,
  });

  it('never goes backwards, and stands while audio does not run', () => {
    const event = fc.oneof(
      { weight: 6, arbitrary: anyReading },
      fc.record({ trimMs: fc.double({ min: -500, max: 500, noNaN: true }) }),
      fc.record({ displayLatencyMs: fc.double({ min: 0, max: 200, noNaN: true }) }),
      fc.constant('device' as const),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        const clock = new OutputClock();
        let last = 0;
        let running = false;
        for (const [index, each] of events.entries()) {
          const nowMs = index * 50;
          if (each === 'device') clock.handleDeviceChange(nowMs);
          else if ('running' in each) {
            clock.handleReading({ ...each, nowMs: nowMs + Math.min(0, each.nowMs) });
            if (each.nowMs >= 0) running = each.running;
          } else Object.assign(clock, each);
          const time = clock.contextTimeAt(nowMs + 16);
          if (running) expect(time).toBeGreaterThanOrEqual(last);
          else if (each !== 'device' && 'running' in each && each.nowMs >= 0) expect(time).toBe(last);
          last = time;
        }
      }),
      { seed: 13, numRuns: RUNS },
    );
  });

  it('keeps to what is rendered, as long as the time of rendering is true', () => {
    fc.assert(
      fc.property(fc.array(anyReading, { minLength: 30, maxLength: 120 }), (readings) => {
        const clock = new OutputClock();
        for (const [index, each] of readings.entries()) {
          const nowMs = 1_000 + index * 16;
          const currentTime = index * 0.014;
          clock.handleReading({ ...each, running: true, nowMs, currentTime });
          const heard = clock.contextTimeAt(nowMs);
          expect(heard).toBeLessThanOrEqual(currentTime + 0.05);
          expect(heard).toBeGreaterThanOrEqual(currentTime - 2.5 - 0.05);
        }
      }),
      { seed: 14, numRuns: RUNS },
    );
  });
});
