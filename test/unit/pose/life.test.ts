import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAccents } from '../../../src/pose/accent.ts';
import { BLINK_SECONDS, blinkStart, lidAt } from '../../../src/pose/blink.ts';
import { CHANNEL, createPose } from '../../../src/pose/channels.ts';
import { Life } from '../../../src/pose/life.ts';
import { createChances } from '../../../src/pose/noise.ts';
import type { WordMark } from '../../../src/speech/cue.ts';

const lives = Array.from({ length: 12 }, (_, seed) => new Life(seed));

function at(seed: number, time: number, speaking = 0): Float32Array {
  const pose = createPose();
  lives[seed]!.add(pose, time, speaking);
  return pose;
}

function blinkStarts(seed: number, slots: number): number[] {
  const chances = createChances(seed);
  return Array.from({ length: slots }, (_, slot) => blinkStart(chances, slot)).filter(
    (start) => !Number.isNaN(start),
  );
}

describe('life', () => {
  it('depends on seed and time alone', () => {
    const times = [0, 3.3, 0.7, 1e6, 0.7];
    const again = times.map((t) => {
      const pose = createPose();
      new Life(5).add(pose, t, 0);
      return pose;
    });
    expect(times.map((t) => at(5, t))).toEqual(again);
    expect(at(5, 3.3)).not.toEqual(at(6, 3.3));
  });

  it('blinks as often as people do, and at no fixed pace', () => {
    for (const seed of [1, 2, 3]) {
      const starts = blinkStarts(seed, 250);
      const perMinute = starts.length / ((250 * 2.6) / 60);
      expect(perMinute).toBeGreaterThan(15);
      expect(perMinute).toBeLessThan(26);
      const gaps = starts.slice(1).map((start, i) => start - starts[i]!);
      expect(Math.min(...gaps)).toBeGreaterThan(BLINK_SECONDS);
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
      const spread = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
      expect(spread / mean).toBeGreaterThan(0.3);
    }
  });

  it('shuts the lid quickly and opens it slowly', () => {
    const times = Array.from({ length: 500 }, (_, i) => (i / 500) * BLINK_SECONDS);
    const shut = times.filter((t) => lidAt(t) > 0.99);
    expect(Math.max(...times.map(lidAt))).toBe(1);
    expect(shut[0]!).toBeLessThan(BLINK_SECONDS - shut.at(-1)!);
    expect(lidAt(0)).toBe(0);
    expect(lidAt(BLINK_SECONDS)).toBe(0);
  });

  it('really closes both eyes in a blink, and keeps them open between blinks', () => {
    const lids = Array.from({ length: 6_000 }, (_, i) => at(9, i / 60)[CHANNEL.eyeBlinkLeft]!);
    expect(Math.max(...lids)).toBeGreaterThan(0.9);
    const open = lids.filter((lid) => lid === 0).length / lids.length;
    expect(open).toBeGreaterThan(0.8);
  });

  it('moves head and eyes a little, without jumps of the head', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 11 }),
        fc.double({ min: 0, max: 5_000, noNaN: true }),
        (seed, time) => {
          const [before, after] = [at(seed, time, 1), at(seed, time + 0.001, 1)];
          for (const angle of ['headYaw', 'headPitch', 'headRoll'] as const) {
            expect(Math.abs(before[CHANNEL[angle]]!)).toBeLessThan(0.07);
            expect(Math.abs(after[CHANNEL[angle]]! - before[CHANNEL[angle]]!)).toBeLessThan(0.0005);
          }
          expect(Math.hypot(before[CHANNEL.eyeYaw]!, before[CHANNEL.eyePitch]!)).toBeLessThan(0.16);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe('accents', () => {
  const words: WordMark[] = 'the extraordinary gardeners of wonderland arrive'.split(' ').map((text, i) => ({
    text,
    start: i * 0.4,
    end: i * 0.4 + 0.35,
    from: i * 20,
    to: i * 20 + text.length,
  }));
  const accent = (seed: number, playhead: number, amount = 1): Float32Array => {
    const pose = createPose();
    addAccents(pose, seed, words, playhead, amount);
    return pose;
  };
  const nods = (seed: number): number[] =>
    Array.from({ length: 300 }, (_, i) => accent(seed, i * 0.01)[CHANNEL.headPitch]!);

  it('nods on some words, differently for another seed, always downwards', () => {
    expect(Math.min(...nods(1))).toBeLessThan(-0.015);
    expect(Math.max(...nods(1))).toBeLessThanOrEqual(0);
    expect(nods(1)).not.toEqual(nods(2));
  });

  it('leaves light words alone', () => {
    for (let seed = 0; seed < 40; seed++) {
      const pose = createPose();
      addAccents(pose, seed, [words[0]!, words[3]!], 0.06, 1);
      expect(pose).toEqual(createPose());
    }
  });

  it('has no jumps, and is still before and after the words', () => {
    const curve = nods(3);
    const steps = curve.slice(1).map((nod, i) => Math.abs(nod - curve[i]!));
    expect(Math.max(...steps)).toBeLessThan(0.006);
    expect(accent(3, -1)).toEqual(createPose());
    expect(accent(3, 9)).toEqual(createPose());
  });

  it('is scaled away by its amount', () => {
    expect(accent(1, 0.6, 0).every((weight) => weight === 0)).toBe(true);
  });
});
