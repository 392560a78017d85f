import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockOffset } from '../../../src/clock/clock-offset.ts';

describe('the offset of another clock', () => {
  it('is unknown before an answer', () => {
    const clock = new ClockOffset();
    expect([clock.offsetMs, clock.errorMs]).toEqual([undefined, undefined]);
  });

  it('is never wrong by more than it says, however the ways there and back are', () => {
    const way = fc.double({ min: 0, max: 400, noNaN: true });
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.array(fc.tuple(way, way), { minLength: 1 }),
        (offset, ways) => {
          const clock = new ClockOffset();
          let now = 1_000;
          for (const [there, back] of ways) {
            clock.add(now, now + there + offset, now + there + back);
            now += 1_000;
          }
          expect(Math.abs(clock.offsetMs! - offset)).toBeLessThanOrEqual(clock.errorMs! + 1e-6);
          const shortest = Math.min(...ways.slice(-16).map(([there, back]) => there + back));
          expect(clock.errorMs).toBeCloseTo(shortest / 2, 6);
        },
      ),
      { seed: 81 },
    );
  });

  it('passes over an answer from before its question, and forgets when it is told to', () => {
    const clock = new ClockOffset();
    clock.add(10, 5, 9);
    expect(clock.offsetMs).toBeUndefined();
    clock.add(0, 105, 10);
    expect([clock.offsetMs, clock.errorMs]).toEqual([100, 5]);
    clock.reset();
    expect(clock.offsetMs).toBeUndefined();
  });
});
