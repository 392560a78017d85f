import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PhoneMouth, type TimedSound } from '../../src/voices/phone-mouth.ts';

const sound = (ipa: string, start: number, end: number): TimedSound => ({ ipa, start, end });
const shapes = (cues: readonly { viseme: string; start: number; end: number }[]) =>
  cues.map(({ viseme, start, end }) => [viseme, Math.round(start * 1000), Math.round(end * 1000)]);

describe('a mouth of sounds', () => {
  it('rests before the first and in pauses, and closes what rounding leaves open', () => {
    const mouth = new PhoneMouth();
    const cues = mouth.push([sound('m', 0.1, 0.2), sound('ˈæ', 0.21, 0.3), sound('p', 0.5, 0.6)]);
    expect(shapes([...cues, ...mouth.end(0.7)])).toEqual([
      ['sil', 0, 100],
      ['PP', 100, 200],
      ['aa', 200, 300],
      ['sil', 300, 500],
      ['PP', 500, 600],
      ['sil', 600, 700],
    ]);
  });

  it('reads several sounds in one, diphthongs, affricates, marks and silence', () => {
    const mouth = new PhoneMouth();
    const cues = mouth.push([
      sound('tʃ', 0, 0.1),
      sound('əl', 0.1, 0.2),
      sound('oʊ', 0.2, 0.3),
      sound('ʔ', 0.3, 0.31),
      sound('[silence]', 0.31, 0.4),
      sound('', 0.4, 0.45),
    ]);
    expect(shapes(cues)).toEqual([
      ['CH', 0, 100],
      ['E', 100, 150],
      ['nn', 150, 200],
      ['O', 200, 260],
      ['U', 260, 300],
      ['sil', 300, 400],
      ['sil', 400, 450],
    ]);
  });

  it('breathes an h through the sound that follows, also from run to run, and at the end through none', () => {
    const mouth = new PhoneMouth();
    expect(mouth.push([sound('h', 0, 0.1)])).toEqual([]);
    expect(mouth.push([sound('i', 0.1, 0.2), sound('h', 0.2, 0.3)])).toMatchObject([
      { viseme: 'I', start: 0, end: 0.1, weight: 0.6 },
      { viseme: 'I', start: 0.1, end: 0.2, weight: 1 },
    ]);
    expect(shapes(mouth.end(0.4))).toEqual([
      ['sil', 200, 300],
      ['sil', 300, 400],
    ]);
  });

  it('never overlaps and leaves no gap, whatever comes', () => {
    const time = fc.double({ min: -1, max: 5, noNaN: true });
    const any = fc.record({
      ipa: fc.constantFrom('m', 'h', 'oʊ', 'x', '?', '', 'tʃɪ'),
      start: time,
      end: time,
    });
    fc.assert(
      fc.property(fc.array(fc.array(any, { maxLength: 6 }), { maxLength: 6 }), time, (runs, duration) => {
        const mouth = new PhoneMouth();
        const cues = [...runs.flatMap((run) => mouth.push(run)), ...mouth.end(duration)];
        for (const [nth, { start, end }] of cues.entries()) {
          expect(start).toBeCloseTo(cues[nth - 1]?.end ?? 0, 9);
          expect(end).toBeGreaterThan(start);
        }
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});
