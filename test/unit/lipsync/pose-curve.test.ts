import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOLD } from '../../../src/lipsync/contact.ts';
import { CONTACT_STRENGTH, JAW_MM, OPEN_MM } from '../../../src/lipsync/gesture.ts';
import { FIRST_UNDERTONE, ROW, UNDERTONES } from '../../../src/lipsync/grid.ts';
import { MOST_MM_PER_SECOND } from '../../../src/lipsync/lip-speed.ts';
import { LOOK_AHEAD, PoseCurve, SHORTEST, SOUND_LOOK_AHEAD } from '../../../src/lipsync/pose-curve.ts';
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

/** Visemes and undertones. */
function wholeAt(curve: PoseCurve, time: number): Float32Array {
  const out = new Float32Array(ROW).fill(Number.NaN);
  curve.sample(time, out);
  return out;
}

/** The fastest change of any weight from `from` on, a millisecond. */
function fastestOf(curve: PoseCurve, from: number, cues: readonly Cue[]): number {
  let [last, fastest] = [wholeAt(curve, from), 0];
  for (let t = from; t < durationOf(cues) + 0.1; t += MS) {
    const next = wholeAt(curve, t);
    for (let w = 0; w < ROW; w++) fastest = Math.max(fastest, Math.abs(next[w]! - last[w]!));
    last = next;
  }
  return fastest;
}

const millimetres = (weights: Float32Array, each: Float64Array): number =>
  each.reduce((sum, mm, v) => sum + mm * weights[v]!, 0);
const openAt = (curve: PoseCurve, time: number): number => millimetres(at(curve, time), OPEN_MM);

/** A hum of changing loudness, 16 kHz; the same for the same seed. */
function hum(seconds: number, seed = 1): Int16Array<ArrayBuffer> {
  return Int16Array.from({ length: Math.round(seconds * 16_000) }, (_, i) => {
    const loud = 0.5 + 0.5 * Math.sin((i / 16_000) * 2 * Math.PI * 3.1 + seed);
    return 9_000 * loud * Math.sin((i / 16_000) * 2 * Math.PI * 140);
  });
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
