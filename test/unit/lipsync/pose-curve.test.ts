import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTACT_STRENGTH } from '../../../src/lipsync/gesture.ts';
import { LOOK_AHEAD, PoseCurve, SHORTEST, SOUND_LOOK_AHEAD } from '../../../src/lipsync/pose-curve.ts';
import type { Cue } from '../../../src/speech/cue.ts';
import { InputError } from '../../../src/speech/errors.ts';
import { VISEME_COUNT, VISEME_INDEX } from '../../../src/speech/viseme.ts';
import {
  at,
  curveOf,
  durationOf,
  fastestOf,
  hum,
  line,
  MS,
  moment,
  RUNS,
  speech,
  sumOf,
  weightOf,
  wholeAt,
} from './curve-kit.ts';

describe('a pose curve', () => {
  it('keeps weights between 0 and 1 and their sum at most 1', () => {
    fc.assert(
      fc.property(speech, fc.array(moment, { minLength: 20, maxLength: 20 }), (cues, times) => {
        const curve = curveOf(cues);
        for (const t of times) {
          const weights = at(curve, t);
          for (const w of weights) expect(w >= 0 && w <= 1).toBe(true);
          expect(sumOf(weights)).toBeLessThanOrEqual(1 + 1e-6);
          expect(weights[VISEME_INDEX.sil]).toBe(0);
        }
      }),
      { numRuns: RUNS, seed: 1 },
    );
  });

  it('moves without jumps and without corners', () => {
    fc.assert(
      fc.property(speech, (cues) => {
        const curve = curveOf(cues);
        const step = 0.5 * MS;
        let before = at(curve, -step);
        let slopes: number[] = new Array(VISEME_COUNT).fill(0);
        let fastest = 0;
        let sharpest = 0;
        for (let t = 0; t <= durationOf(cues) + 0.15; t += step) {
          const now = at(curve, t);
          const next = Array.from(now, (w, v) => (w - before[v]!) / (step / MS));
          for (let v = 0; v < VISEME_COUNT; v++) {
            fastest = Math.max(fastest, Math.abs(next[v]!));
            sharpest = Math.max(sharpest, Math.abs(next[v]! - slopes[v]!));
          }
          before = now;
          slopes = next;
        }
        expect(fastest).toBeLessThan(0.07); // weight per millisecond
        expect(sharpest).toBeLessThan(0.007); // a corner would change the slope at once
      }),
      { numRuns: Math.ceil(RUNS / 5), seed: 2 },
    );
  });

  it('is ahead of the sound by 15 ms', () => {
    const curve = curveOf(line(['sil', 200], ['aa', 200], ['PP', 120], ['aa', 200], ['sil', 200]));
    const held = Array.from({ length: 500 }, (_, i) => 0.3 + i * MS).filter(
      (time) => weightOf(at(curve, time), 'PP') > CONTACT_STRENGTH / 2,
    );
    expect((held[0]! + held.at(-1)!) / 2).toBeCloseTo(0.46 - 0.015, 2.5);
  });

  it('does not care how its sound is cut, nor whether cues or sound come first', () => {
    fc.assert(
      fc.property(
        speech,
        fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 9 }),
        fc.array(moment, { minLength: 20, maxLength: 20 }),
        (cues, cuts, times) => {
          const samples = hum(durationOf(cues), 2);
          const whole = new PoseCurve();
          whole.addSound(samples, 16_000);
          whole.addCues(cues);
          whole.end(durationOf(cues));
          const pieces = curveOf(cues);
          for (let from = 0, n = 0; from < samples.length; n++) {
            const to = from + cuts[n % cuts.length]!;
            pieces.addSound(samples.subarray(from, to), 16_000);
            from = to;
          }
          for (const t of times) expect(at(pieces, t)).toEqual(at(whole, t));
        },
      ),
      { numRuns: RUNS, seed: 12 },
    );
  });

  it('leaves what is older than its look-ahead as it was when more sound comes', () => {
    fc.assert(
      fc.property(speech, fc.double({ min: 0, max: 1, noNaN: true }), (cues, share) => {
        const samples = hum(durationOf(cues), 3);
        const cut = Math.floor(samples.length * share);
        const curve = curveOf(cues);
        curve.addSound(samples.subarray(0, cut), 16_000);
        const times = [0.001, 0.02, 0.05, 0.1].map((back) => cut / 16_000 - SOUND_LOOK_AHEAD - back);
        const before = times.map((t) => at(curve, t));
        curve.addSound(samples.subarray(cut), 16_000);
        expect(times.map((t) => at(curve, t))).toEqual(before);
      }),
      { numRuns: RUNS, seed: 13 },
    );
  });

  it('passes over to cues that come too late without a jump', () => {
    fc.assert(
      fc.property(speech, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (cues, share, cut) => {
        const known = cues.slice(0, cut % (cues.length + 1));
        const curve = new PoseCurve();
        curve.addCues(known);
        const now = durationOf(cues) * share;
        const before = wholeAt(curve, now);
        curve.addCues(cues.slice(known.length));
        curve.addSound(hum(durationOf(cues)), 16_000);
        curve.end(durationOf(cues));
        if (now >= durationOf(cues)) return;
        expect(wholeAt(curve, now)).toEqual(before);
        const whole = curveOf(cues);
        whole.addSound(hum(durationOf(cues)), 16_000);
        // Passing over goes by 0.04 a millisecond at most, on top of what the curve itself does.
        expect(fastestOf(curve, now, cues)).toBeLessThan(Math.max(0.04, fastestOf(whole, 0, cues)) + 0.04);
      }),
      { numRuns: Math.ceil(RUNS / 3), seed: 14 },
    );
  });

  it('rounds the lips ahead of a rounded vowel, and lets vowels colour each other', () => {
    const curve = curveOf(line(['sil', 80], ['SS', 90], ['U', 120], ['aa', 120], ['sil', 100]));
    expect(weightOf(at(curve, 0.1), 'U')).toBeGreaterThan(0.1);
    const seam = at(curve, 0.275);
    expect(weightOf(seam, 'U')).toBeGreaterThan(0.05);
    expect(weightOf(seam, 'aa')).toBeGreaterThan(0.05);
  });

  it('comes to rest in a pause', () => {
    const curve = curveOf(line(['aa', 150], ['sil', 200], ['aa', 150]));
    expect(sumOf(at(curve, 0.25))).toBe(0);
  });

  it('is exactly at rest before the line and from its end on', () => {
    fc.assert(
      fc.property(speech, fc.double({ min: 0, max: 5, noNaN: true }), (cues, beyond) => {
        const curve = curveOf(cues);
        const rest = Math.max(durationOf(cues), SHORTEST);
        expect(sumOf(at(curve, rest + beyond))).toBe(0);
        expect(sumOf(at(curve, -beyond))).toBe(0);
      }),
      { numRuns: RUNS, seed: 5 },
    );
  });

  it('rests when a line is cut short of the cues that were announced', () => {
    const curve = new PoseCurve();
    curve.addCues(line(['aa', 300], ['PP', 80], ['aa', 300]));
    curve.end(0.25);
    expect(weightOf(at(curve, 0.12), 'aa')).toBeGreaterThan(0.5);
    for (let t = 0; t < 1; t += MS) expect(weightOf(at(curve, t), 'PP')).toBe(0);
    expect(sumOf(at(curve, 0.25))).toBe(0);
  });

  it('is the same whether cues come at once or one by one', () => {
    fc.assert(
      fc.property(speech, fc.array(moment, { minLength: 20, maxLength: 20 }), (cues, times) => {
        const whole = curveOf(cues);
        const pieces = new PoseCurve();
        for (const cue of cues) pieces.addCues([cue]);
        pieces.end(durationOf(cues));
        for (const t of times) expect(at(pieces, t)).toEqual(at(whole, t));
      }),
      { numRuns: RUNS, seed: 6 },
    );
  });

  it('leaves what is older than the look-ahead as it was when more comes', () => {
    fc.assert(
      fc.property(speech, fc.nat(), (cues, cut) => {
        const known = cues.slice(0, cut % (cues.length + 1));
        const next = cues[known.length]?.start ?? durationOf(cues);
        const curve = new PoseCurve();
        curve.addCues(known);
        const times = [0.001, 0.02, 0.05, 0.1].map((back) => next - LOOK_AHEAD - back);
        const before = times.map((t) => at(curve, t));
        curve.addCues(cues.slice(known.length));
        curve.end(durationOf(cues));
        expect(times.map((t) => at(curve, t))).toEqual(before);
      }),
      { numRuns: RUNS, seed: 7 },
    );
  });

  it('does not care about the order in which it is read', () => {
    fc.assert(
      fc.property(speech, fc.array(moment, { minLength: 10, maxLength: 10 }), (cues, times) => {
        const curve = curveOf(cues);
        const there = times.map((t) => at(curve, t));
        const back = [...times].reverse().map((t) => at(curve, t));
        expect(back.reverse()).toEqual(there);
      }),
      { numRuns: RUNS, seed: 8 },
    );
  });

  it('takes overlapping cues as if the earlier one had the right of way', () => {
    const overlapping: Cue[] = [
      { viseme: 'aa', start: 0, end: 0.2, weight: 1 },
      { viseme: 'U', start: 0.1, end: 0.3, weight: 1 },
    ];
    const tidy: Cue[] = [overlapping[0]!, { ...overlapping[1]!, start: 0.2 }];
    for (let t = 0; t < 0.4; t += 0.01) expect(at(curveOf(overlapping), t)).toEqual(at(curveOf(tidy), t));
  });

  it('refuses times that are no numbers', () => {
    const curve = new PoseCurve();
    expect(() => curve.addCues([{ viseme: 'aa', start: Number.NaN, end: 1, weight: 1 }])).toThrow(InputError);
    expect(() => curve.end(Number.NaN)).toThrow(InputError);
  });
});
