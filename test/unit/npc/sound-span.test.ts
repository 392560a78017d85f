import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SoundSpan } from '../../../src/npc/sound-span.ts';

it('finds the first and the last sample that is heard, however the samples come in pieces', () => {
  const pieces = fc.array(
    fc.array(fc.constantFrom(0, 100, -300, 327, 328, -4_000, 20_000), { maxLength: 9 }),
    {
      maxLength: 9,
    },
  );
  fc.assert(
    fc.property(pieces, (given) => {
      const span = new SoundSpan();
      for (const piece of given) span.add(Int16Array.from(piece));
      const all = given.flat();
      const heard = all.flatMap((sample, index) => (Math.abs(sample) >= 328 ? [index] : []));
      expect(span.from).toBe(heard[0] ?? all.length);
      expect(span.to).toBe(heard.length > 0 ? heard.at(-1)! + 1 : all.length);
    }),
    { seed: 3, numRuns: 300 },
  );
});
