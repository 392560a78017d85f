import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MouthGain } from '../../../src/npc/mouth-gain.ts';

describe('the gain of the mouth', () => {
  it('rests until sound runs and comes to rest within 120 ms when it stops', () => {
    const gain = new MouthGain();
    expect(gain.at(0)).toBe(0);
    expect(gain.restsAt(0)).toBe(true);
    gain.open(1000);
    expect(gain.at(1120)).toBe(1);
    gain.close(2000);
    expect(gain.at(2000)).toBe(1);
    expect(gain.at(2060)).toBeCloseTo(0.5, 9);
    expect(gain.at(2120)).toBe(0);
    expect(gain.restsAt(2119)).toBe(false);
    expect(gain.restsAt(2120)).toBe(true);
  });

  it('never jumps, however often it is turned', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 300 })), { maxLength: 30 }),
        (turns) => {
          const gain = new MouthGain();
          let now = 0;
          let last = gain.at(0);
          for (const [open, wait] of turns) {
            if (open) gain.open(now);
            else gain.close(now);
            for (let step = 0; step < wait; step++) {
              now++;
              const value = gain.at(now);
              expect(Math.abs(value - last)).toBeLessThan(0.0127); // Steepest slope of the ramp: 1.5 / 120 ms.
              last = value;
            }
          }
        },
      ),
      { seed: 7 },
    );
  });
});
