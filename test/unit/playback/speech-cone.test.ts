import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConeShape,
  coneGain,
  coneShape,
  coneTreble,
  turnedAway,
} from '../../../src/playback/speech-cone.ts';
import { speechDecibels, toneGain } from '../../kit/speech-spectrum.ts';

const FAR = 5;
const at = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);

const gainAt = (shape: ConeShape, cosine: number, distance: number): number =>
  coneGain(shape, turnedAway(shape, cosine, distance));

describe('a speech cone', () => {
  it('is full within 120 degrees and 7 dB less behind, unless it is told otherwise', () => {
    const shape = coneShape()!;
    for (const degrees of [0, 30, 59]) expect(gainAt(shape, at(degrees), FAR)).toBe(1);
    expect(20 * Math.log10(gainAt(shape, at(180), FAR))).toBeCloseTo(-7, 6);
    const narrow = coneShape({ innerDegrees: 0, behindDb: -20 })!;
    expect(gainAt(narrow, at(180), FAR)).toBeCloseTo(0.1, 6);
    expect(gainAt(narrow, at(90), FAR)).toBeCloseTo(0.55, 6);
  });

  it('falls steadily from before the face to behind it', () => {
    const angle = fc.double({ min: 0, max: 180, noNaN: true });
    const inner = fc.double({ min: 0, max: 360, noNaN: true });
    const behind = fc.double({ min: -40, max: 0, noNaN: true });
    fc.assert(
      fc.property(inner, behind, angle, angle, (innerDegrees, behindDb, first, second) => {
        const shape = coneShape({ innerDegrees, behindDb })!;
        const [less, more] = [Math.min(first, second), Math.max(first, second)];
        const [before, after] = [gainAt(shape, at(less), FAR), gainAt(shape, at(more), FAR)];
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

  it('takes more of the treble, and of speech as a whole about as much as measured', () => {
    const shape = coneShape()!;
    const turned = turnedAway(shape, -1, FAR);
    expect(coneTreble(shape, turnedAway(shape, 1, FAR))).toBe(1);
    expect(20 * Math.log10(coneTreble(shape, turned))).toBeCloseTo(-9, 6);
    const behind = speechDecibels(
      (hz) => coneGain(shape, turned) * toneGain(hz, 1, coneTreble(shape, turned)),
    );
    const before = speechDecibels(() => 1);
    expect(behind - before).toBeLessThan(-8.5);
    expect(behind - before).toBeGreaterThan(-10.5);
  });

  it('is none for a head that touches the ears', () => {
    expect(gainAt(coneShape()!, -1, 0)).toBe(1);
    expect(gainAt(coneShape()!, -1, 0.25)).toBeGreaterThan(gainAt(coneShape()!, -1, 0.5));
  });

  it('says what is wrong with one that is none', () => {
    expect(() => coneShape({ innerDegrees: 400 })).toThrow('cone.innerDegrees');
    expect(() => coneShape({ behindDb: 3 })).toThrow('cone.behindDb');
    expect(() => coneShape({ trebleDb: 1 })).toThrow('cone.trebleDb');
    expect(() => coneShape({ behindDb: Number.NaN })).toThrow('cone.behindDb');
    expect(coneShape(false)).toBeUndefined();
  });
});
