import { describe, expect, it } from 'vitest';
import { EFFORTS, effortLow, effortTreble, resolveEffort } from '../../../src/speech/effort.ts';

describe('an effort', () => {
  it('is a name, or decibels', () => {
    const names = ['whisper', 'soft', 'normal', 'raised', 'loud', 'shout'] as const;
    const levels = names.map((name) => resolveEffort('effort', name));
    expect(levels).toEqual([...levels].sort((a, b) => a - b));
    expect(resolveEffort('effort', 'normal')).toBe(0);
    expect(resolveEffort('effort', -3.5)).toBe(-3.5);
  });

  it.each([['yell'], ['toString'], [20.1], [-21], [Number.NaN], [null], [undefined]])(
    'is not %s',
    (effort) => {
      expect(() => resolveEffort('effort of "Mira"', effort as number)).toThrow(
        'effort of "Mira": expected whisper',
      );
    },
  );

  it('makes a voice brighter the louder it is, by about as much as is measured, and a whisper no duller than a soft voice', () => {
    const tilt = (decibels: number) => 20 * Math.log10(effortTreble(decibels) / effortLow(decibels));
    // ANSI S3.5-1997: mean of the bands of 1 to 4 kHz against those of 200 to 630 Hz, from normal on.
    expect(tilt(0)).toBe(0);
    expect(tilt(EFFORTS.raised)).toBeCloseTo(3, 1);
    expect(tilt(EFFORTS.loud)).toBeCloseTo(6.25, 1);
    expect(tilt(EFFORTS.shout)).toBeCloseTo(10, 1);
    expect(tilt(EFFORTS.whisper)).toBe(tilt(EFFORTS.soft));
  });
});
