import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AHEAD, BEHIND, DIRECTIONS, LEFT, MurmurMix, RIGHT } from '../../../src/director/murmur-mix.ts';

const metres = fc.double({ min: -50, max: 50, noNaN: true });
const people = fc.array(fc.tuple(metres, metres, fc.double({ min: 0, max: 1, noNaN: true })), {
  maxLength: 40,
});

function gainsOf(given: readonly (readonly [number, number, number])[]): number[] {
  const mix = new MurmurMix();
  mix.add(Float64Array.of(1, 1, 9));
  mix.clear();
  for (const each of given) mix.add(Float64Array.from(each));
  return Array.from({ length: DIRECTIONS }, (_, direction) => mix.gain(direction));
}

it('adds up the powers of all who talk, wherever they are', () => {
  fc.assert(
    fc.property(people, (given) => {
      const power = gainsOf(given).reduce((sum, gain) => sum + gain * gain, 0);
      expect(power).toBeCloseTo(
        given.reduce((sum, [, , gain]) => sum + gain * gain, 0),
        8,
      );
    }),
    { seed: 1, numRuns: 200 },
  );
});

it('is mirrored with the crowd, and nobody on one side is heard on the other', () => {
  fc.assert(
    fc.property(people, (given) => {
      const gains = gainsOf(given);
      const mirrored = gainsOf(given.map(([right, ahead, gain]) => [-right, ahead, gain]));
      expect(mirrored[AHEAD]).toBeCloseTo(gains[AHEAD]!, 8);
      expect(mirrored[BEHIND]).toBeCloseTo(gains[BEHIND]!, 8);
      if (given.every(([right]) => right > 0)) expect(gains[LEFT]).toBe(0);
      if (given.every(([right]) => right < 0)) expect(gains[RIGHT]).toBe(0);
    }),
    { seed: 2, numRuns: 200 },
  );
  expect(gainsOf([[3, 0, 0.5]])).toEqual([0, 0.5, 0, 0]);
  expect(gainsOf([[0, -2, 0.5]])).toEqual([0, 0, 0.5, 0]);
  expect(gainsOf([[0, 0, 0.5]])).toEqual([0.5, 0, 0, 0]);
});
