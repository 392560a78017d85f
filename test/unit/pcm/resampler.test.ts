import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPhaseTable, Resampler, resampleAll } from '../../../src/pcm/resampler.ts';

const FROM = [8_000, 16_000, 22_050, 24_000, 44_100];
const TO = [44_100, 48_000];

function tone(hz: number, rate: number, seconds: number): Int16Array {
  const signal = new Int16Array(Math.round(rate * seconds));
  for (let index = 0; index < signal.length; index++)
    signal[index] = Math.round(16_384 * Math.sin((2 * Math.PI * hz * index) / rate));
  return signal;
}

function resample(signal: Int16Array, from: number, to: number): Float32Array {
  const resampler = new Resampler(createPhaseTable(from, to), signal.length + 4_096);
  resampler.write(signal, 0, signal.length);
  resampler.end();
  const out = new Float32Array(resampler.available);
  resampler.read(out, 0, out.length);
  return out;
}

/** Gain of a tone and what is left when the tone is taken out by least squares, both in dB; the ends are left out. */
function judge(out: Float32Array, hz: number, rate: number): { gain: number; residual: number } {
  const edge = 1_000;
  const turn = (2 * Math.PI * hz) / rate;
  let [ss, cc, sc, sy, cy] = [0, 0, 0, 0, 0];
  for (let index = edge; index < out.length - edge; index++) {
    const [s, c, y] = [Math.sin(turn * index), Math.cos(turn * index), out[index]!];
    ss += s * s;
    cc += c * c;
    sc += s * c;
    sy += s * y;
    cy += c * y;
  }
  const det = ss * cc - sc * sc;
  const [a, b] = [(sy * cc - cy * sc) / det, (cy * ss - sy * sc) / det];
  let [rest, whole] = [0, 0];
  for (let index = edge; index < out.length - edge; index++) {
    const fit = a * Math.sin(turn * index) + b * Math.cos(turn * index);
    rest += (out[index]! - fit) ** 2;
    whole += fit ** 2;
  }
  return { gain: 20 * Math.log10(Math.hypot(a, b) / 0.5), residual: 10 * Math.log10(rest / whole) };
}

describe.each(FROM.flatMap((from) => TO.map((to) => [from, to] as const)))(
  'resampling %i to %i Hz',
  (from, to) => {
    const nyquist = Math.min(from, to) / 2;

    it('passes tones up to 0.9 of the lower Nyquist within 0.1 dB, with nothing else above -70 dBc', () => {
      for (const hz of [
        50,
        440,
        1_000,
        0.25 * nyquist,
        0.5 * nyquist,
        0.75 * nyquist,
        0.85 * nyquist,
        0.9 * nyquist,
      ]) {
        const { gain, residual } = judge(resample(tone(hz, from, 0.5), from, to), hz, to);
        expect(Math.abs(gain), `gain at ${hz} Hz`).toBeLessThan(0.1);
        expect(residual, `residual at ${hz} Hz`).toBeLessThan(-70);
      }
    });

    it('gives the exact length', () => {
      for (const length of [0, 1, 2, 441, 999, 10_007]) {
        expect(resample(new Int16Array(length), from, to).length).toBe(Math.round((length * to) / from));
      }
    });
  },
);

describe('resampling', () => {
  it('stops tones above the lower Nyquist', () => {
    for (const hz of [4_410, 6_000, 11_000, 20_000]) {
      const out = resample(tone(hz, 48_000, 0.5), 48_000, 8_000);
      const peak = out.subarray(200, -200).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      expect(20 * Math.log10(peak / 0.5), `${hz} Hz`).toBeLessThan(-70);
    }
  });

  it('keeps time: an impulse stays where it was', () => {
    const signal = new Int16Array(2_000);
    signal[800] = 16_384;
    const out = resample(signal, 16_000, 48_000);
    expect(out.indexOf(Math.max(...out))).toBe(2_400);
  });

  it('serves ratios without a small table as well', () => {
    const { gain, residual } = judge(resample(tone(3_000, 44_099, 0.5), 44_099, 48_000), 3_000, 48_000);
    expect(Math.abs(gain)).toBeLessThan(0.1);
    expect(residual).toBeLessThan(-70);
  });

  it('gives the same samples however the input is split and the output is drawn', () => {
    const noise = Int16Array.from({ length: 6_000 }, (_, index) => ((index * 7_919) % 65_536) - 32_768);
    fc.assert(
      fc.property(
        fc.constantFrom(...FROM),
        fc.constantFrom(...TO),
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 512 }),
        (from, to, pieces, draw) => {
          const whole = resample(noise, from, to);
          const resampler = new Resampler(createPhaseTable(from, to), 2_048);
          const out = new Float32Array(whole.length);
          let [taken, made, turn] = [0, 0, 0];
          while (made < out.length) {
            const piece = Math.min(pieces[turn++ % pieces.length]!, resampler.space, noise.length - taken);
            resampler.write(noise, taken, piece);
            taken += piece;
            if (taken === noise.length) resampler.end();
            const count = Math.min(resampler.available, taken === noise.length ? out.length - made : draw);
            resampler.read(out, made, count);
            made += count;
          }
          expect(resampler.available).toBe(0);
          expect(out).toEqual(whole);
        },
      ),
      { seed: 4, numRuns: process.env.PARLEY_LONG ? 150 : 25 },
    );
  }, 120_000);

  it('starts afresh after a reset', () => {
    const table = createPhaseTable(16_000, 48_000);
    const resampler = new Resampler(table, 4_096);
    const signal = tone(300, 16_000, 0.1);
    const draw = () => {
      resampler.write(signal, 0, signal.length);
      resampler.end();
      const out = new Float32Array(resampler.available);
      resampler.read(out, 0, out.length);
      resampler.reset(table);
      return out;
    };
    expect(draw()).toEqual(draw());
  });

  it('copies at equal rates and clips instead of wrapping', () => {
    const loud = Int16Array.from({ length: 400 }, (_, index) => (index % 40 < 20 ? 32_767 : -32_768));
    expect(resampleAll(loud, 44_100, 44_100)).toEqual(loud);
    const out = resampleAll(loud, 16_000, 48_000);
    expect(out.length).toBe(1_200);
    for (let index = 1; index < out.length; index++) {
      expect(Math.abs(out[index]! - out[index - 1]!)).toBeLessThan(40_000); // A wrap would be a step of 65,536.
    }
  });

  it('serves devices of 96 and 192 kHz', () => {
    for (const to of [96_000, 192_000]) {
      const { gain, residual } = judge(resample(tone(3_000, 24_000, 0.3), 24_000, to), 3_000, to);
      expect(Math.abs(gain)).toBeLessThan(0.1);
      expect(residual).toBeLessThan(-70);
    }
  });

  it.each([0, 7_999, 48_001, 44_100.5, Number.NaN])('refuses a rate of %s', (rate) => {
    expect(() => createPhaseTable(rate, 48_000)).toThrowError(
      expect.objectContaining({ code: 'invalid-input' }),
    );
  });
});
