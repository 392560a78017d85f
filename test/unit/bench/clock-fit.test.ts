import { describe, expect, it } from 'vitest';
import { fitClock } from '../../bench/sync/analysis/clock-fit.ts';
import { randomOf } from '../../kit/random.ts';
import { pairsOf } from './recordings.ts';

describe('the clock made afterwards', () => {
  it('is the straight line of a steady device, whatever one reading in five claims', () => {
    const random = randomOf(1);
    const pairs = pairsOf(60, [], () => (random() < 0.2 ? 2_000 * (random() - 0.5) : 0.1 * (random() - 0.5)));
    const clock = fitClock(pairs);
    for (const contextTime of [0, 17.3, 59]) {
      const ms = 5_000 + 1000 * contextTime;
      expect(Math.abs(clock.msAt(contextTime) - ms)).toBeLessThan(0.03);
      expect(Math.abs(clock.contextTimeAt(ms) - contextTime)).toBeLessThan(3e-5);
    }
    expect(clock.steps).toEqual([]);
    expect(clock.inliers).toBeGreaterThan(0.75);
    expect(clock.inliers).toBeLessThan(0.85);
  });

  it('finds dropouts and how long they were', () => {
    const random = randomOf(2);
    const pairs = pairsOf(
      60,
      [
        [20, 10],
        [21, 20],
        [45.5, 160],
      ],
      () => 0.2 * (random() - 0.5),
    );
    const clock = fitClock(pairs);
    expect(clock.steps.map(({ from }) => from)).toEqual([20, 21, 45.5]);
    for (const [index, ms] of [10, 20, 160].entries()) {
      expect(Math.abs(clock.steps[index]!.ms - ms)).toBeLessThan(0.1);
    }
    expect(Math.abs(clock.msAt(50) - 55_190)).toBeLessThan(0.1);
    expect(Math.abs(clock.contextTimeAt(55_190) - 50)).toBeLessThan(1e-4);
    expect(clock.contextTimeAt(50_570)).toBeLessThanOrEqual(45.5); // While it dropped out, nothing went on.
  });

  it('finds a dropout among readings that are wrong', () => {
    for (let seed = 3; seed < 40; seed++) {
      const random = randomOf(seed);
      const pairs = pairsOf(60, [[20, 10]], () => (random() < 0.15 ? 12 * random() : 0.2 * (random() - 0.5)));
      const clock = fitClock(pairs);
      expect(clock.steps).toHaveLength(1);
      expect(Math.abs(clock.steps[0]!.from - 20)).toBeLessThan(0.2);
      expect(Math.abs(clock.steps[0]!.ms - 10)).toBeLessThan(0.1);
    }
  });

  it('tells how fast the device is', () => {
    const pairs = pairsOf(60).map(({ contextTime, ms }) => ({ contextTime: contextTime * 1.0003, ms }));
    expect(fitClock(pairs).skewPpm).toBeCloseTo(300, 0);
  });
});
