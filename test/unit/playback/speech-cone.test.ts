import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coneGain, coneShape } from '../../../src/playback/speech-cone.ts';

const FAR = 5;
const at = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);

describe('a speech cone', () => {
  it('is full within 120 degrees and 7 dB less behind, unless it is told otherwise', () => {
    const shape = coneShape()!;
    for (const degrees of [0, 30, 59]) expect(coneGain(shape, at(degrees), FAR)).toBe(1);
    expect(20 * Math.log10(coneGain(shape, at(180), FAR))).toBeCloseTo(-7, 6);
    const narrow = coneShape({ innerDegrees: 0, behindDb: -20 })!;
    expect(coneGain(narrow, at(180), FAR)).toBeCloseTo(0.1, 6);
    expect(coneGain(narrow, at(90), FAR)).toBeCloseTo(0.55, 6);
  });

  it('falls steadily from before the face to behind it', () => {
    const angle = fc.double({ min: 0, max: 180, noNaN: true });
    const inner = fc.double({ min: 0, max: 360, noNaN: true });
    const behind = fc.double({ min: -40, max: 0, noNaN: true });
    fc.assert(
      fc.property(inner, behind, angle, angle, (innerDegrees, behindDb, first, second) => {
        const shape = coneShape({ innerDegrees, behindDb })!;
        const [less, more] = [Math.min(first, second), Math.max(first, second)];
        const [before, after] = [coneGain(shape, at(less), FAR), coneGain(shape, at(more), FAR)];
        expect(before).toBeGreaterThanOrEqual(after - 1e-9);
        expect(before).toBeLessThanOrEqual(1);
        expect(after).toBeGreaterThanOrEqual(10 ** (behindDb / 20) - 1e-9);
        expect(before - after).toBeLessThanOrEqual(
          0.01 + ((more - less) / Math.max(180 - innerDegrees / 2, 1)) * 2,
        );
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('is none for a head that touches the ears', () => {
    expect(coneGain(coneShape()!, -1, 0)).toBe(1);
    expect(coneGain(coneShape()!, -1, 0.25)).toBeGreaterThan(coneGain(coneShape()!, -1, 0.5));
  });

  it('says what is wrong with one that is none', () => {
    expect(() => coneShape({ innerDegrees: 400 })).toThrow('cone.innerDegrees');
    expect(() => coneShape({ behindDb: 3 })).toThrow('cone.behindDb');
    expect(() => coneShape({ behindDb: Number.NaN })).toThrow('cone.behindDb');
    expect(coneShape(false)).toBeUndefined();
  });
});
