import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOLD } from '../../../src/lipsync/contact.ts';
import { CONTACT_STRENGTH, JAW_MM, OPEN_MM } from '../../../src/lipsync/gesture.ts';
import { FIRST_UNDERTONE, UNDERTONES } from '../../../src/lipsync/grid.ts';
import { MOST_MM_PER_SECOND } from '../../../src/lipsync/lip-speed.ts';
import { SHORTEST } from '../../../src/lipsync/pose-curve.ts';
import type { Viseme } from '../../../src/speech/viseme.ts';
import {
  at,
  curveOf,
  durationOf,
  heldFor,
  hum,
  line,
  MS,
  millimetres,
  moment,
  openAt,
  RUNS,
  speech,
  weightOf,
  wholeAt,
} from './curve-kit.ts';

describe('a pose curve moves lips as people do and', () => {
  it('spreads the lips less for an s before a round vowel', () => {
    const most = (vowel: Viseme): number => {
      const curve = curveOf(line(['sil', 100], ['SS', 120], [vowel, 200], ['sil', 100]));
      return Math.max(...Array.from({ length: 150 }, (_, i) => weightOf(at(curve, 0.1 + i * MS), 'SS')));
    };
    expect(most('U')).toBeLessThan(0.9 * most('aa'));
  });

  it('closes the lips on every p b m for 34 ms, whatever stands around it', () => {
    fc.assert(
      fc.property(speech, (cues) => {
        const curve = curveOf(cues);
        for (const cue of cues.filter((c) => c.viseme === 'PP')) {
          expect(heldFor(curve, 'PP', cue.start - 0.15, cue.end + 0.15)).toBeGreaterThanOrEqual(HOLD);
        }
      }),
      { numRuns: RUNS, seed: 3 },
    );
  });

  it('brings lip to teeth on f v for 34 ms unless closed lips leave no room', () => {
    const open = fc.constantFrom<Viseme>('aa', 'SS', 'U', 'DD', 'sil');
    const room = fc.tuple(open, fc.integer({ min: 90, max: 200 }));
    const spoken = fc
      .array(fc.tuple(fc.constantFrom<Viseme>('FF', 'PP'), fc.integer({ min: 0, max: 100 }), room), {
        maxLength: 9,
      })
      .map((rows) =>
        line(['aa', 120], ...rows.flatMap(([v, ms, after]): [Viseme, number][] => [[v, ms], after])),
      );
    fc.assert(
      fc.property(spoken, (cues) => {
        const curve = curveOf(cues);
        for (const cue of cues.filter((c) => c.viseme === 'FF')) {
          expect(heldFor(curve, 'FF', cue.start - 0.15, cue.end + 0.15)).toBeGreaterThanOrEqual(HOLD);
        }
      }),
      { numRuns: RUNS, seed: 4 },
    );
  });

  it('holds both contacts where f follows m at once', () => {
    const curve = curveOf(line(['aa', 90], ['PP', 60], ['FF', 70], ['aa', 90], ['sil', 100]));
    expect(heldFor(curve, 'PP', 0, 0.4)).toBeGreaterThanOrEqual(HOLD);
    expect(heldFor(curve, 'FF', 0, 0.4)).toBeGreaterThanOrEqual(HOLD);
  });

  it('takes two contacts in a row as one', () => {
    const curve = curveOf(line(['aa', 100], ['PP', 50], ['PP', 50], ['aa', 100], ['sil', 60]));
    expect(heldFor(curve, 'PP', 0, 0.4)).toBeGreaterThanOrEqual(0.085);
  });

  it('keeps the lips together over a breath between two closures', () => {
    const curve = curveOf(line(['aa', 100], ['PP', 50], ['sil', 35], ['PP', 50], ['aa', 100], ['sil', 60]));
    expect(heldFor(curve, 'PP', 0, 0.4)).toBeGreaterThanOrEqual(0.12);
  });

  it('opens well in a vowel between two closures, and less the faster they come', () => {
    const peak = (ms: number): number => {
      const curve = curveOf(line(['sil', 100], ['PP', 60], ['aa', ms], ['PP', 60], ['sil', 100]));
      let highest = 0;
      for (let t = 0; t < 1; t += MS) highest = Math.max(highest, openAt(curve, t));
      return highest;
    };
    expect(peak(150)).toBeGreaterThan(12);
    expect(peak(90)).toBeGreaterThan(6);
    expect(peak(70)).toBeGreaterThan(4);
    expect(peak(60)).toBeLessThan(peak(90));
  });

  it('never opens or closes the lips faster than lips move', () => {
    fc.assert(
      fc.property(speech, fc.boolean(), (cues, loud) => {
        const curve = curveOf(cues);
        if (loud) curve.addSound(hum(durationOf(cues)), 16_000);
        let [before, fastest] = [0, 0];
        for (let t = 0; t <= durationOf(cues) + 0.15; t += MS) {
          const open = openAt(curve, t);
          fastest = Math.max(fastest, Math.abs(open - before) / MS);
          before = open;
        }
        expect(fastest).toBeLessThan(MOST_MM_PER_SECOND);
      }),
      { numRuns: RUNS, seed: 9 },
    );
  });

  it('brings the teeth within 2 mm for 34 ms on every s and sh', () => {
    fc.assert(
      fc.property(speech, (cues) => {
        const curve = curveOf(cues);
        const duration = Math.max(durationOf(cues), SHORTEST);
        for (const cue of cues.filter(({ viseme }) => viseme === 'SS' || viseme === 'CH')) {
          let [held, longest] = [0, 0];
          for (let t = cue.start - 0.1; t < Math.min(cue.end + 0.1, duration); t += MS) {
            held = millimetres(at(curve, t), JAW_MM) < 2 ? held + MS : 0;
            longest = Math.max(longest, held);
          }
          expect(longest + MS).toBeGreaterThanOrEqual(HOLD);
        }
      }),
      { numRuns: RUNS, seed: 10 },
    );
  });

  it('lets the vowel show through what only the tongue makes', () => {
    const under = (vowel: Viseme): Float32Array =>
      at(curveOf(line([vowel, 120], ['DD', 70], [vowel, 120])), 0.14);
    expect(weightOf(under('U'), 'U')).toBeGreaterThan(0.3);
    expect(millimetres(under('aa'), OPEN_MM)).toBeGreaterThan(millimetres(under('I'), OPEN_MM) + 2);
  });

  it('carries rounding, spreading and the jaw through closed lips as undertones', () => {
    const held = (vowel: Viseme): number[] => {
      const weights = wholeAt(curveOf(line([vowel, 150], ['PP', 80], [vowel, 150])), 0.175);
      expect(weightOf(weights, 'PP')).toBeCloseTo(CONTACT_STRENGTH, 5);
      return UNDERTONES.map((_, index) => weights[FIRST_UNDERTONE + index]!);
    };
    const [[roundU = 0, spreadU], [roundI, spreadI = 0], [, , jawA = 0]] = [
      held('U'),
      held('I'),
      held('aa'),
    ] as [number[], number[], number[]];
    expect(roundU).toBeGreaterThan(0.4);
    expect(spreadU).toBeLessThan(0.05);
    expect(roundI).toBeLessThan(0.05);
    expect(spreadI).toBeGreaterThan(0.2);
    expect(jawA).toBeGreaterThan(0.1);
    fc.assert(
      fc.property(speech, fc.array(moment, { minLength: 20, maxLength: 20 }), (cues, times) => {
        const curve = curveOf(cues);
        for (const t of times) {
          const weights = wholeAt(curve, t);
          for (const w of weights) expect(w >= 0 && w <= 1).toBe(true);
          const jaw = weights[FIRST_UNDERTONE + UNDERTONES.indexOf('jawBehind')]!;
          expect(jaw).toBeLessThanOrEqual(0.4 * weightOf(weights, 'PP'));
        }
      }),
      { numRuns: RUNS, seed: 11 },
    );
  });

  it('opens wider for a louder voice, and closes all the same', () => {
    const cues = line(['sil', 100], ['aa', 300], ['PP', 60], ['aa', 300], ['sil', 100]);
    const curve = curveOf(cues);
    const usual = openAt(curveOf(cues), 0.25);
    const samples = hum(0.9);
    for (let i = 0; i < samples.length; i++) {
      samples[i] = (i / 16_000 < 0.43 ? 800 : 14_000) * Math.sin((i / 16_000) * 2 * Math.PI * 140);
    }
    curve.addSound(samples, 16_000);
    expect(openAt(curve, 0.6)).toBeGreaterThan(openAt(curve, 0.25) * 1.15);
    expect(openAt(curve, 0.6)).toBeGreaterThan(usual);
    expect(heldFor(curve, 'PP', 0.3, 0.6)).toBeGreaterThanOrEqual(HOLD);
  });
});
