import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Duck } from '../../../src/director/duck.ts';

/** A voice that does as it is told: what is heard of it, every millisecond. */
class Heard {
  readonly duck: Duck;
  readonly decibels: number[] = [];
  readonly #clock = new Float64Array(1);
  #gain = 1;

  constructor(depth: number) {
    this.duck = new Duck(depth);
  }

  hide(): void {
    this.duck.hide();
    this.#gain = this.duck.gain;
  }

  pass(seconds: number, ducked: boolean, frameSeconds = 1 / 60): void {
    for (let passed = 0; passed < seconds; passed += frameSeconds) {
      this.duck.step(ducked, this.#clock);
      const { gain, glide } = this.duck;
      for (let ms = 0; ms < frameSeconds * 1000; ms++) {
        this.#gain = gain + (this.#gain - gain) * Math.exp(-0.001 / glide);
        this.decibels.push(20 * Math.log10(this.#gain));
      }
      this.#clock[0] = this.#clock[0]! + frameSeconds;
    }
  }

  get level(): number {
    return this.decibels.at(-1)!;
  }
}

describe('a voice that gives way', () => {
  it('is 9 dB softer within a fifth of a second, and back as soon', () => {
    const voice = new Heard(9);
    voice.pass(0.2, true);
    expect(voice.level).toBeCloseTo(-9, 0);
    voice.pass(1, true);
    expect(voice.level).toBeCloseTo(-9, 1);
    voice.pass(0.25, false);
    expect(voice.level).toBeGreaterThan(-0.5);
    voice.pass(1, false);
    expect(voice.level).toBeCloseTo(0, 1);
  });

  it('comes out of nothing when it emerges, not before', () => {
    const voice = new Heard(9);
    voice.hide();
    voice.pass(1, false);
    expect([voice.level, voice.duck.hidden]).toEqual([-40, true]);
    voice.duck.emerge();
    voice.pass(0.7, false);
    expect(voice.level).toBeGreaterThan(-1);
  });

  it('never by more than 1 dB in 10 ms, whatever comes, at any frame rate; and is told nothing more when it is there', () => {
    const phase = fc.record({
      ducked: fc.boolean(),
      seconds: fc.double({ min: 0.01, max: 0.6, noNaN: true }),
      fps: fc.constantFrom(5, 12, 30, 60, 144),
    });
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 60, noNaN: true }),
        fc.array(phase, { maxLength: 8 }),
        (depth, phases) => {
          const voice = new Heard(depth);
          for (const { ducked, seconds, fps } of phases) voice.pass(seconds, ducked, 1 / fps);
          const { decibels } = voice;
          for (let ms = 10; ms < decibels.length; ms++)
            expect(Math.abs(decibels[ms]! - decibels[ms - 10]!)).toBeLessThan(1);
          voice.pass(10, false);
          expect(voice.level).toBeGreaterThan(-0.1);
          expect(voice.duck.step(false, Float64Array.of(1e6))).toBe(false);
        },
      ),
      { seed: 6, numRuns: 100 },
    );
  });
});
