import { describe, expect, it } from 'vitest';
import { type BabbleOptions, babble } from '../../../src/pcm/babble.ts';
import { chance } from '../../../src/pose/noise.ts';

const RATE = 16_000;

function made(options: Partial<BabbleOptions> = {}, seed = 1) {
  const slices = babble({ seconds: 6, talkers: 4, chance: (index) => chance(seed, index), ...options });
  let count = 0;
  for (let slice = slices.next(); ; slice = slices.next(), count++)
    if (slice.done) return { samples: slice.value, slices: count };
}

const rmsOf = (samples: Float32Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

/** Strength of one frequency in a signal. */
function strengthAt(signal: ArrayLike<number>, rate: number, hertz: number): number {
  let [re, im] = [0, 0];
  for (let index = 0; index < signal.length; index++) {
    const angle = (2 * Math.PI * hertz * index) / rate;
    re += signal[index]! * Math.cos(angle);
    im += signal[index]! * Math.sin(angle);
  }
  return Math.hypot(re, im) / signal.length;
}

/** Power between two frequencies, by every tenth hertz. */
function powerIn(samples: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let hertz = from; hertz < to; hertz += 10)
    sum += strengthAt(samples.subarray(0, RATE), RATE, hertz) ** 2;
  return sum;
}

describe('babble', () => {
  const { samples, slices } = made();

  it('is the same for the same chances, as loud as one voice, in slices', () => {
    expect(made().samples).toEqual(samples);
    expect(made({}, 2).samples).not.toEqual(samples);
    expect(rmsOf(samples)).toBeCloseTo(0.05, 5);
    expect(rmsOf(made({ talkers: 1 }).samples)).toBeCloseTo(0.05, 5);
    expect(Math.max(...samples)).toBeLessThan(0.7);
    expect(slices).toBeGreaterThan(20);
  });

  it('goes on at the beginning without a seam', () => {
    let steepest = 0;
    for (let index = 1; index < samples.length; index++)
      steepest = Math.max(steepest, Math.abs(samples[index]! - samples[index - 1]!));
    expect(Math.abs(samples[0]! - samples.at(-1)!)).toBeLessThan(steepest);
    const around = [...samples.subarray(-RATE / 2), ...samples.subarray(0, RATE / 2)];
    expect(rmsOf(Float32Array.from(around))).toBeGreaterThan(0.02);
  });

  it('has the spectrum of voices from afar', () => {
    const voice = powerIn(samples, 80, 2_500);
    expect(powerIn(samples, 2_500, 8_000)).toBeLessThan(0.1 * voice);
    expect(powerIn(samples, 0, 60)).toBeLessThan(0.05 * voice);
  });

  it('one talker has four to six syllables a second, and pauses', () => {
    const { samples: one } = made({ talkers: 1, seconds: 12 });
    const hop = 160;
    const envelope = Array.from({ length: Math.floor(one.length / hop) }, (_, index) =>
      rmsOf(one.subarray(index * hop, (index + 1) * hop)),
    );
    const mean = envelope.reduce((sum, value) => sum + value, 0) / envelope.length;
    const swing = envelope.map((value) => value - mean);
    const strength = (from: number, to: number) => {
      let most = 0;
      for (let hertz = from; hertz < to; hertz += 0.1) most = Math.max(most, strengthAt(swing, 100, hertz));
      return most;
    };
    expect(strength(3.8, 7)).toBeGreaterThan(2 * strength(9, 20));
    const pauses = envelope.filter((value) => value < 0.1 * mean).length / envelope.length;
    expect(pauses).toBeGreaterThan(0.1);
    expect(pauses).toBeLessThan(0.5);
  });
});
