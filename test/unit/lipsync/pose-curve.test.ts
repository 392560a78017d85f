import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOLD } from '../../../src/lipsync/contact.ts';
import { CONTACT_STRENGTH } from '../../../src/lipsync/gesture.ts';
import { LOOK_AHEAD, PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import type { Cue } from '../../../src/speech/cue.ts';
import { InputError } from '../../../src/speech/errors.ts';
import { VISEME_COUNT, VISEME_INDEX, VISEMES, type Viseme } from '../../../src/speech/viseme.ts';

const RUNS = process.env.PARLEY_LONG ? 3_000 : 150;
const MS = 0.001;

/** A line from shapes and their lengths in milliseconds. */
function line(...phones: [Viseme, number, number?][]): Cue[] {
  let time = 0;
  return phones.map(([viseme, ms, weight = 1]) => {
    const start = time;
    time += ms * MS;
    return { viseme, start, end: time, weight };
  });
}

const durationOf = (cues: readonly Cue[]): number => cues.at(-1)?.end ?? 0;

function curveOf(cues: readonly Cue[]): PoseCurve {
  const curve = new PoseCurve();
  curve.addCues(cues);
  curve.end(durationOf(cues));
  return curve;
}

function at(curve: PoseCurve, time: number): Float32Array {
  const out = new Float32Array(VISEME_COUNT).fill(Number.NaN);
  curve.sample(time, out);
  return out;
}

const sumOf = (weights: Float32Array): number => weights.reduce((sum, w) => sum + w, 0);
const weightOf = (weights: Float32Array, viseme: Viseme): number => weights[VISEME_INDEX[viseme]]!;

/** Longest time that `viseme` is held in full with everything else at rest, between two moments. */
function heldFor(curve: PoseCurve, viseme: Viseme, from: number, to: number): number {
  const step = 0.25 * MS;
  let held = 0;
  let longest = 0;
  for (let t = from; t <= to; t += step) {
    const weights = at(curve, t);
    const full = weightOf(weights, viseme) > CONTACT_STRENGTH - 1e-5;
    held = full && sumOf(weights) - weightOf(weights, viseme) < 1e-5 ? held + step : 0;
    longest = Math.max(longest, held);
  }
  return longest + 2 * step;
}

const phone = fc.tuple(
  fc.constantFrom(...VISEMES),
  fc.integer({ min: 1, max: 220 }),
  fc.constantFrom(1, 0.5),
);
const speech = fc.array(phone, { minLength: 1, maxLength: 30 }).map((phones) => line(...phones));
const moment = fc.double({ min: -0.5, max: 7, noNaN: true });

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
        expect(fastest).toBeLessThan(0.05); // weight per millisecond
        expect(sharpest).toBeLessThan(0.005); // a corner would change the slope at once
      }),
      { numRuns: Math.ceil(RUNS / 5), seed: 2 },
    );
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
    expect(heldFor(curve, 'PP', 0, 0.4)).toBeGreaterThanOrEqual(0.1);
  });

  it('opens well in a vowel between two closures, and less the faster they come', () => {
    const peak = (ms: number): number => {
      const curve = curveOf(line(['PP', 60], ['aa', ms], ['PP', 60], ['sil', 100]));
      let highest = 0;
      for (let t = 0; t < 1; t += MS) highest = Math.max(highest, weightOf(at(curve, t), 'aa'));
      return highest;
    };
    expect(peak(150)).toBeGreaterThan(0.75);
    expect(peak(90)).toBeGreaterThan(0.5);
    expect(peak(60)).toBeLessThan(peak(90));
  });

  it('rounds the lips ahead of a rounded vowel, and lets vowels colour each other', () => {
    const curve = curveOf(line(['sil', 80], ['SS', 90], ['U', 120], ['aa', 120], ['sil', 100]));
    expect(weightOf(at(curve, 0.15), 'U')).toBeGreaterThan(0.1);
    const seam = at(curve, 0.29);
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
        const rest = Math.max(durationOf(cues), 0.135);
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
