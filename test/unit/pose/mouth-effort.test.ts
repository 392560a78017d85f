import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STRENGTH } from '../../../src/lipsync/gesture.ts';
import { createMoment, MOMENT } from '../../../src/pose/moment.ts';
import { MouthEffort } from '../../../src/pose/mouth-effort.ts';
import { VISEME_COUNT, VISEME_INDEX } from '../../../src/speech/viseme.ts';

const CONTACTS = [VISEME_INDEX.PP, VISEME_INDEX.FF, VISEME_INDEX.SS, VISEME_INDEX.CH];

/** Weights as curves have them: each as strong as it is held at most, one in all. */
const weights = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: VISEME_COUNT, maxLength: VISEME_COUNT })
  .map((raw) => {
    const held = raw.map((weight, v) => weight ** 4 * STRENGTH[v]!);
    const sum = held.reduce((a, b) => a + b, 0);
    return Float32Array.from(held, (weight) => weight / Math.max(sum, 1));
  });
const decibels = fc.double({ min: -20, max: 20, noNaN: true });

function applied(visemes: Float32Array, level: number): Float32Array {
  const effort = new MouthEffort();
  effort.wanted = level;
  effort.jump();
  const out = visemes.slice();
  effort.apply(out);
  return out;
}

const total = (visemes: Float32Array): number => visemes.reduce((a, b) => a + b, 0);

describe('a louder voice', () => {
  it('opens the mouth wider and a softer one less, within what a face has, and leaves contacts as they are', () => {
    fc.assert(
      fc.property(weights, decibels, decibels, (visemes, first, second) => {
        const [softer, louder] = [
          applied(visemes, Math.min(first, second)),
          applied(visemes, Math.max(first, second)),
        ];
        for (let v = 0; v < VISEME_COUNT; v++) {
          expect(louder[v]!).toBeGreaterThanOrEqual(softer[v]! - 1e-6);
          expect(softer[v]!).toBeGreaterThanOrEqual(0.5 * visemes[v]! - 1e-6);
          expect(louder[v]!).toBeLessThanOrEqual(1.6 * visemes[v]! + 1e-6);
          if (CONTACTS.includes(v)) expect(louder[v]).toBe(visemes[v]);
        }
        expect(total(louder)).toBeLessThanOrEqual(1 + 1e-5);
      }),
      { seed: 17, numRuns: 500 },
    );
  });

  it('is the same to the bit where it is normal, and at rest', () => {
    const visemes = Float32Array.from({ length: VISEME_COUNT }, (_, v) => (v === VISEME_INDEX.aa ? 0.5 : 0));
    expect(applied(visemes, 0)).toEqual(visemes);
    expect(applied(new Float32Array(VISEME_COUNT), 20)).toEqual(new Float32Array(VISEME_COUNT));
    expect(applied(visemes, 6)[VISEME_INDEX.aa]!).toBeCloseTo(1 - 0.5 ** 1.18, 5);
  });

  it('leaves teeth near at s and sh, and lips closed', () => {
    for (const contact of CONTACTS) {
      const visemes = new Float32Array(VISEME_COUNT);
      visemes[contact] = 0.9;
      visemes[VISEME_INDEX.aa] = 0.05;
      expect(applied(visemes, 20)[VISEME_INDEX.aa]! / 0.05).toBeLessThan(1.07);
    }
  });

  it('comes gradually within a line, whatever the frames', () => {
    const visemes = Float32Array.from({ length: VISEME_COUNT }, (_, v) => (v === VISEME_INDEX.aa ? 0.5 : 0));
    for (const rate of [20, 60, 144]) {
      const effort = new MouthEffort();
      const moment = createMoment();
      let before = 0.5;
      effort.step(moment);
      effort.wanted = 20;
      for (let frame = 1; frame <= rate / 2; frame++) {
        moment[MOMENT.time] = frame / rate;
        effort.step(moment);
        const out = visemes.slice();
        effort.apply(out);
        expect((out[VISEME_INDEX.aa]! - before) * rate).toBeLessThan(0.65);
        before = out[VISEME_INDEX.aa]!;
      }
      expect(before).toBeCloseTo(1 - 0.5 ** 1.6, 5);
    }
  });
});
