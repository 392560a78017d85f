import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FASTEST, type FrameSource, SLOWEST, Stretcher } from '../../../src/pcm/stretcher.ts';

const RATE = 48_000;

/** A signal that is all there from the start. */
function sourceOf(signal: Float32Array): FrameSource {
  let at = 0;
  return {
    get available() {
      return signal.length - at;
    },
    read(out, start, count) {
      out.set(signal.subarray(at, at + count), start);
      at += count;
    },
  };
}

/** Where in the source a stretch of frames that came out comes from. */
interface Passage {
  readonly out: number;
  readonly source: number;
  readonly frames: number;
  readonly step: number;
}

function stretch(signal: Float32Array, speed: (frame: number) => number, block = 128) {
  const stretcher = new Stretcher(sourceOf(signal), RATE);
  const out = new Float32Array(Math.ceil(signal.length / SLOWEST) + 20_000);
  const passages: Passage[] = [];
  let [made, source] = [0, 0];
  while (stretcher.available > 0) {
    const count = Math.min(block, stretcher.left, stretcher.available);
    passages.push({ out: made, source, frames: count, step: stretcher.step });
    source += count * stretcher.step;
    stretcher.read(out, made, count);
    made += count;
    stretcher.plan(speed(made), count, 0);
  }
  return { out: out.subarray(0, made), passages, source };
}

/** A voice of a kind: a pulse train with a falling pitch, through a resonance. */
function voice(seconds: number, pitch = 120): Float32Array {
  const signal = new Float32Array(Math.round(seconds * RATE));
  let phase = 0;
  let [y1, y2] = [0, 0];
  for (let index = 0; index < signal.length; index++) {
    phase += (pitch * (1 - (0.2 * index) / signal.length)) / RATE;
    const pulse = phase >= 1 ? 1 : 0;
    phase -= pulse;
    const y = pulse * 0.3 + 1.9 * y1 - 0.92 * y2;
    [y2, y1] = [y1, y];
    signal[index] = y * 0.3;
  }
  return signal;
}

function largestStep(signal: Float32Array): number {
  let largest = 0;
  for (let index = 1; index < signal.length; index++)
    largest = Math.max(largest, Math.abs(signal[index]! - signal[index - 1]!));
  return largest;
}

describe('the stretcher', () => {
  it('passes every sample unchanged at speed 1', () => {
    const signal = voice(0.5);
    expect(stretch(signal, () => 1).out).toEqual(signal);
  });

  it.each([0.5, 0.75, 0.9, 0.95, 1.05, 1.1, 1.5, 2])('lasts as long as a speed of %f asks', (speed) => {
    const signal = voice(4);
    const { out, source } = stretch(signal, () => speed);
    expect(source).toBe(signal.length);
    expect(out.length / RATE).toBeCloseTo(4 / speed, 1);
    expect(Math.abs(out.length - signal.length / speed)).toBeLessThan(0.04 * RATE);
  });

  it('tells truly where each frame comes from', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: SLOWEST, max: FASTEST, noNaN: true }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 300 }),
        (speeds, block) => {
          const signal = voice(0.6);
          const { out, passages } = stretch(
            signal,
            (at) => speeds[Math.floor(at / 4_000) % speeds.length]!,
            block,
          );
          for (const { out: at, source, frames, step } of passages) {
            if (step !== 1) continue;
            for (let index = 0; index < frames; index++) {
              if (out[at + index] !== signal[source + index])
                throw new Error(`frame ${at + index} is another`);
            }
          }
        },
      ),
      { seed: 5, numRuns: 30 },
    );
  });

  it.each([0.9, 1.1, 1.6])('keeps the pitch and makes no step of its own at speed %f', (speed) => {
    const signal = Float32Array.from(
      { length: 2 * RATE },
      (_, n) => 0.5 * Math.sin((2 * Math.PI * 147 * n) / RATE),
    );
    const { out } = stretch(signal, () => speed);
    expect(largestStep(out)).toBeLessThan(largestStep(signal) * 1.1);
    let crossings = 0;
    for (let index = 1; index < out.length; index++) if (out[index - 1]! < 0 && out[index]! >= 0) crossings++;
    expect((crossings * RATE) / out.length).toBeCloseTo(147, -0.5);
  });

  it('cuts noise only when it must', () => {
    let seed = 1;
    const signal = Float32Array.from({ length: RATE }, () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647 - 0.5;
    });
    const { out } = stretch(signal, () => 1.1);
    expect(out.length / signal.length).toBeGreaterThan(1 / 1.1);
    expect(out.length / signal.length).toBeLessThan(1 / 1.02);
  });
});
