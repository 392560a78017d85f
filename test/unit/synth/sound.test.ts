import { describe, expect, it } from 'vitest';
import { levelled, recorded, type Sound, withPauses } from '../../../src/synth/sound.ts';

/** A second at 10 kHz: 0.3 s pause, 0.5 s of two phones, 0.2 s pause; every sample tells its place. */
function sound(): Sound {
  return {
    samples: Int16Array.from({ length: 10_000 }, (_, index) => index),
    sampleRate: 10_000,
    phones: [
      { id: 'pau', end: 3_000 },
      { id: 'm', end: 5_000 },
      { id: 'aa', end: 8_000 },
      { id: 'pau', end: 10_000 },
    ],
  };
}

describe('withPauses', () => {
  it('cuts the pauses at both ends and moves the phones along', () => {
    const cut = withPauses(sound(), 0.04, 0.15);
    expect(cut.samples[0]).toBe(2_600);
    expect(cut.samples.length).toBe(400 + 5_000 + 1_500);
    expect(cut.phones).toEqual([
      { id: 'pau', end: 400 },
      { id: 'm', end: 2_400 },
      { id: 'aa', end: 5_400 },
      { id: 'pau', end: 6_900 },
    ]);
  });

  it('lengthens the last pause with silence', () => {
    const cut = withPauses(sound(), 0.04, 0.5);
    expect(cut.samples.length).toBe(400 + 5_000 + 5_000);
    expect(cut.samples[400 + 5_000 + 1_999]).toBe(9_999);
    expect(cut.samples.subarray(400 + 5_000 + 2_000).every((sample) => sample === 0)).toBe(true);
    expect(cut.phones.at(-1)).toEqual({ id: 'pau', end: cut.samples.length });
  });

  it('never makes the first pause longer than it was', () => {
    expect(withPauses(sound(), 1, 0).samples.length).toBe(8_000);
  });

  it('needs no pauses at the ends, and keeps what is nothing else', () => {
    const bare: Sound = { ...sound(), phones: [{ id: 'aa', end: 10_000 }] };
    expect(withPauses(bare, 0.1, 0).phones).toEqual(bare.phones);
    const silent: Sound = { ...sound(), phones: [{ id: 'pau', end: 10_000 }] };
    expect(withPauses(silent, 0.1, 0)).toEqual(silent);
  });
});

describe('recorded', () => {
  it('scales the phones with the sound, to its very last sample', () => {
    const { samples, sampleRate, phones } = recorded(sound(), 12_500, 44_100);
    expect(sampleRate).toBe(44_100);
    expect(samples.length).toBe(Math.round((10_000 * 44_100) / 12_500));
    expect(phones.map((phone) => phone.end)).toEqual([10_584, 17_640, 28_224, samples.length]);
  });

  it('raises pitch by as much as the play rate', () => {
    const tone = Int16Array.from(
      { length: 16_000 },
      (_, index) => 8_000 * Math.sin((2 * Math.PI * 200 * index) / 16_000),
    );
    const { samples } = recorded({ samples: tone, sampleRate: 16_000, phones: [] }, 18_000, 48_000);
    let crossings = 0;
    for (let index = 1; index < samples.length; index++)
      if (samples[index - 1]! < 0 && samples[index]! >= 0) crossings++;
    expect(crossings / (samples.length / 48_000)).toBeCloseTo(225, -1);
  });
});

describe('levelled', () => {
  it('scales, fades both ends within 5 ms and never wraps around', () => {
    const samples = new Int16Array(2_000).fill(20_000);
    levelled({ samples, sampleRate: 10_000, phones: [] }, 2);
    expect(samples[1_000]).toBe(32_767);
    expect(Math.abs(samples[0]!)).toBeLessThan(600);
    expect(Math.abs(samples[1_999]!)).toBeLessThan(600);
    expect(samples[50]).toBe(32_767);
    for (let index = 1; index < 50; index++)
      expect(samples[index]!).toBeGreaterThanOrEqual(samples[index - 1]!);
  });

  it('takes sounds shorter than its fades', () => {
    for (const length of [0, 1, 2, 7]) {
      const samples = new Int16Array(length).fill(1_000);
      levelled({ samples, sampleRate: 44_100, phones: [] }, 1);
      expect(samples.every((sample) => sample >= 0 && sample <= 1_000)).toBe(true);
    }
  });
});
