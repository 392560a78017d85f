import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mayCut, turnGap } from '../../../src/director/turns.ts';

const part = fc.double({ min: 0, max: 1, noNaN: true });

it('gaps are those of people: from a tenth of a second of overlap to half a second, half of them below 0.2 s', () => {
  fc.assert(
    fc.property(part, part, (a, b) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)];
      expect(turnGap(less, false)).toBeLessThanOrEqual(turnGap(more, false));
      expect(turnGap(a, false)).toBeGreaterThanOrEqual(-0.1);
      expect(turnGap(a, false)).toBeLessThanOrEqual(0.5);
      expect(turnGap(a, true)).toBeGreaterThanOrEqual(0.35);
      expect(turnGap(a, true)).toBeLessThanOrEqual(0.9);
    }),
    { seed: 1, numRuns: 300 },
  );
  expect([turnGap(0, false), turnGap(0.5, false), turnGap(1, false)]).toEqual([-0.1, 0.2, 0.5]);
  const gaps = Array.from({ length: 1_000 }, (_, index) => turnGap(index / 1_000, false));
  const overlaps = gaps.filter((gap) => gap < 0).length / gaps.length;
  expect(overlaps).toBeGreaterThan(0.1);
  expect(overlaps).toBeLessThan(0.2);
});

it('a turn cuts another that matters less by one, and nobody cuts each other', () => {
  expect([mayCut(1, 0), mayCut(0.9, 0), mayCut(0, 0)]).toEqual([true, false, false]);
  fc.assert(
    fc.property(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), (a, b) => {
      expect(mayCut(a, b) && mayCut(b, a)).toBe(false);
    }),
    { seed: 2 },
  );
});
