import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Cue } from '../../../src/speech/cue.ts';
import { VISEMES } from '../../../src/speech/viseme.ts';
import { lagOf, loudnessOf, openingOf, STEP } from '../../../src/voices/testing/likeness.ts';
import { acmeSpeech } from './acme/acme-speech.ts';

const TEXT = 'Map the river, Tom: it may be warm.';

it('finds by how much a mouth was moved, whichever way', () => {
  const { cues, samples } = acmeSpeech(TEXT, 16_000);
  const seconds = samples.length / 16_000;
  fc.assert(
    fc.property(fc.integer({ min: -40, max: 40 }), (steps) => {
      const moved = cues.map((cue) => ({
        ...cue,
        start: cue.start + steps * STEP,
        end: cue.end + steps * STEP,
      }));
      const found = lagOf(openingOf(cues, seconds + 1), openingOf(moved, seconds + 1));
      expect(found.seconds).toBeCloseTo(steps * STEP, 2);
    }),
    { seed: 5, numRuns: 40 },
  );
});

it('finds it by the sound alone', () => {
  const { cues, samples } = acmeSpeech(TEXT, 16_000);
  const later = cues.map((cue) => ({ ...cue, start: cue.start + 0.2, end: cue.end + 0.2 }));
  const loudness = loudnessOf(samples, 16_000);
  const right = lagOf(loudness, openingOf(cues, samples.length / 16_000));
  expect(right.r).toBeGreaterThan(0.6);
  expect(Math.abs(right.seconds)).toBeLessThan(0.03);
  expect(lagOf(loudness, openingOf(later, samples.length / 16_000 + 1)).seconds).toBeCloseTo(0.2, 1);
});

it('never finds more than is alike, nor further than it may look', () => {
  const cue = fc.record({
    viseme: fc.constantFrom(...VISEMES),
    start: fc.double({ min: 0, max: 2, noNaN: true }),
    end: fc.double({ min: 0, max: 3, noNaN: true }),
    weight: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const curve = fc.array(cue, { maxLength: 20 }).map((cues: Cue[]) => openingOf(cues, 3));
  fc.assert(
    fc.property(curve, curve, (one, other) => {
      const { seconds, r } = lagOf(one, other, 0.3);
      expect(Math.abs(seconds)).toBeLessThanOrEqual(0.3 + 1e-9);
      expect(r).toBeLessThanOrEqual(1 + 1e-9);
      expect(r).toBeGreaterThanOrEqual(-1 - 1e-9);
    }),
    { seed: 6, numRuns: 50 },
  );
});
