import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PowerSpectrum } from '../../../../src/lipsync/timing/fourier.ts';
import { BANDS, HOP, MelFrames } from '../../../../src/lipsync/timing/mel.ts';

function tone(hertz: number, rate: number, seconds: number, amplitude = 8000): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * rate) }, (_, i) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hertz * i) / rate)),
  );
}

function framesOf(samples: Int16Array, rate: number, cuts: readonly number[] = []): Float32Array {
  const mel = new MelFrames(rate);
  let at = 0;
  for (const cut of cuts) {
    mel.push(samples.subarray(at, at + cut));
    at += cut;
  }
  mel.push(samples.subarray(at));
  mel.end();
  return mel.frames.slice(0, mel.count * BANDS);
}

describe('a power spectrum', () => {
  it('is that of the definition', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 16, maxLength: 16 }),
        (values) => {
          const out = new Float64Array(8);
          new PowerSpectrum(16).compute(Float64Array.from(values), out);
          for (let k = 0; k < 8; k++) {
            let [re, im] = [0, 0];
            for (const [n, value] of values.entries()) {
              re += value * Math.cos((2 * Math.PI * k * n) / 16);
              im -= value * Math.sin((2 * Math.PI * k * n) / 16);
            }
            expect(out[k]).toBeCloseTo(re * re + im * im, 8);
          }
        },
      ),
      { seed: 1 },
    );
  });
});

describe('mel frames', () => {
  it('are one for each whole hundredth of a second, whatever the rate', () => {
    for (const rate of [8000, 16_000, 22_050, 24_000, 44_100, 48_000]) {
      expect(framesOf(tone(300, rate, 1.234), rate).length / BANDS).toBe(Math.floor(1.234 / HOP));
    }
  });

  it('say the same of the same sound at any rate', () => {
    const right = framesOf(tone(1000, 16_000, 0.3), 16_000);
    for (const rate of [8000, 22_050, 24_000, 44_100, 48_000]) {
      const got = framesOf(tone(1000, rate, 0.3), rate);
      const middle = 15 * BANDS;
      const loudest = Math.max(...right.subarray(middle, middle + BANDS));
      for (let b = 0; b < BANDS; b++) {
        if (right[middle + b]! > loudest - 4) expect(got[middle + b]).toBeCloseTo(right[middle + b]!, 0);
      }
    }
  });

  it('do not depend on how samples are cut', () => {
    const samples = tone(440, 22_050, 0.5);
    const whole = framesOf(samples, 22_050);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 20 }), (cuts) => {
        expect(framesOf(samples, 22_050, cuts)).toEqual(whole);
      }),
      { seed: 2, numRuns: 30 },
    );
  });

  it('show a higher tone in a higher band, and digital silence as the floor', () => {
    const top = (hertz: number): number => {
      const middle = framesOf(tone(hertz, 16_000, 0.2), 16_000).subarray(10 * BANDS, 11 * BANDS);
      return middle.indexOf(Math.max(...middle));
    };
    const tops = [150, 400, 900, 1800, 3500, 6500].map(top);
    expect(tops).toEqual(tops.toSorted((a, b) => a - b));
    expect(new Set(tops).size).toBe(6);
    const silent = framesOf(new Int16Array(1600), 16_000);
    expect(silent.every((value) => Math.abs(value - Math.log(1e-8)) < 1e-4)).toBe(true);
  });
});
