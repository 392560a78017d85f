import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GapMap, READING_LENGTH } from '../../../src/clock/gap-map.ts';
import { MOMENT } from '../../../src/pose/moment.ts';
import { RELAX_SECONDS, readMouthGain } from '../../../src/pose/mouth-gain.ts';
import { momentOf } from './moments.ts';

const RATE = 48_000;

/** The gain over context time, of runs that follow each other after gaps, all in seconds. */
function gainOf(
  runs: readonly { gap: number; length: number; take?: number }[],
): (seconds: number) => number {
  const map = new GapMap(RATE);
  let [context, line] = [RATE, 0];
  for (const { gap, length, take = 0 } of runs) {
    context += Math.round(gap * RATE);
    const frames = Math.round(length * RATE);
    map.handleRun({ contextFrame: context, frames, lineFrame: line, lineFrames: frames, take });
    map.handleEdge(false, 1);
    context += frames;
    line += frames;
  }
  const reading = new Float64Array(READING_LENGTH);
  return (seconds) => {
    map.read(seconds, reading);
    const moment = momentOf({});
    readMouthGain(reading, moment);
    return moment[MOMENT.speaking]!;
  };
}

describe('the gain of the mouth', () => {
  it('rests before the sound, follows it from the first sample, and rests 150 ms after it', () => {
    const gain = gainOf([{ gap: 0, length: 1 }]);
    expect(gain(0.999)).toBe(0);
    expect(gain(1)).toBe(1);
    expect(gain(1.999)).toBe(1);
    expect(gain(2.02)).toBeGreaterThan(0.9);
    expect(gain(2 + RELAX_SECONDS)).toBe(0);
  });

  it('hardly moves in a short stall, and takes hold again after a long one', () => {
    const short = gainOf([
      { gap: 0, length: 1 },
      { gap: 0.03, length: 1 },
    ]);
    for (let at = 1; at < 3; at += 0.001) expect(short(at)).toBeGreaterThan(0.94);
    const long = gainOf([
      { gap: 0, length: 1 },
      { gap: 0.5, length: 1 },
    ]);
    expect(long(2.3)).toBe(0);
    expect(long(2.5)).toBe(0);
    expect(long(2.56)).toBeCloseTo(1, 9);
  });

  it('comes from rest after a seek', () => {
    const gain = gainOf([
      { gap: 0, length: 1 },
      { gap: 0.01, length: 1, take: 1 },
    ]);
    expect(gain(2.0101)).toBeLessThan(0.01);
    expect(gain(2.0701)).toBeCloseTo(1, 9);
  });

  it('never jumps but at the first sound and at a seek', () => {
    const runs = fc.array(
      fc.record({
        gap: fc.double({ min: 0.003, max: 0.4, noNaN: true }),
        length: fc.double({ min: 0.07, max: 0.4, noNaN: true }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(runs, (all) => {
        const gain = gainOf(all);
        let last = 1;
        for (let at = 1 + all[0]!.gap + 1e-4; at < 6; at += 0.001) {
          expect(Math.abs(gain(at) - last)).toBeLessThan(0.026); // Steepest slope: 1.5 / 60 ms.
          last = gain(at);
        }
      }),
      { seed: 7, numRuns: 30 },
    );
  });
});
