import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cuesOfPhones, type Phone } from '../../../src/lipsync/phones.ts';
import type { Cue } from '../../../src/speech/cue.ts';
import { Judge } from '../../bench/visemes/accuracy/score.ts';
import { phonesOfIpa } from '../../bench/visemes/corpus/ipa.ts';

const IDS = 'pau p b m f t k s n r aa ae eh iy ow uw ay'.split(' ');

/** A made-up piece of speech: sounds of 60 to 200 ms. */
const speech = fc
  .array(fc.record({ id: fc.constantFrom(...IDS), ms: fc.integer({ min: 60, max: 200 }) }), {
    minLength: 40,
    maxLength: 60,
  })
  .map((sounds): Phone[] => {
    let start = 0;
    return sounds.map(({ id, ms }) => {
      const phone = { id, start, end: start + ms / 1000 };
      start = phone.end;
      return phone;
    });
  });

function judged(phones: readonly Phone[], cues: readonly Cue[]) {
  const judge = new Judge();
  judge.add({ phones, duration: phones.at(-1)!.end }, cues);
  return judge.accuracy();
}

describe('the judge of timing', () => {
  it('finds the truth true, a delay late, and silence empty', () => {
    fc.assert(
      fc.property(speech, (phones) => {
        const cues = cuesOfPhones(phones);
        expect(judged(phones, cues)).toMatchObject({
          visemes: 1,
          groups: 1,
          falsePerMinute: 0,
          lagMs: 0,
          onsetMs: 0,
        });
        const late = judged(
          phones,
          cues.map((cue) => ({ ...cue, start: cue.start + 0.1, end: cue.end + 0.1 })),
        );
        expect(late.lagMs).toBeCloseTo(100, 6);
        expect(late.visemes).toBeLessThan(0.6);
        expect(judged(phones, [])).toMatchObject({ falsePerMinute: 0 });
        expect(judged(phones, []).visemes).toBeLessThan(0.35);
      }),
      { seed: 4, numRuns: 20 },
    );
  });

  it('counts a closure within 40 ms as found, and one in a vowel away from any as false', () => {
    const phones: Phone[] = [
      { id: 'aa', start: 0, end: 0.5 },
      { id: 'm', start: 0.5, end: 0.6 },
      { id: 'aa', start: 0.6, end: 1.6 },
    ];
    const closed = (start: number, end: number): Cue => ({ viseme: 'PP', start, end, weight: 1 });
    expect(judged(phones, [closed(0.63, 0.66)])).toMatchObject({ closures: 1, falsePerMinute: 0 });
    expect(judged(phones, [closed(0.65, 0.7)])).toMatchObject({
      closures: 0,
      falsePerMinute: 1 / (1.5 / 60),
    });
    expect(judged(phones, [closed(0.45, 0.47), closed(1, 1.1)])).toMatchObject({
      closures: 1,
      falsePerMinute: 40,
    });
  });
});

describe('IPA', () => {
  it('is read as espeak writes it', () => {
    expect(phonesOfIpa('ˈeɪ', 'en-us')).toEqual(['ey']);
    expect(phonesOfIpa('tʃ', 'es')).toEqual(['ch']);
    expect(phonesOfIpa('ɾ', 'en-us')).toEqual(['dx']);
    expect(phonesOfIpa('ɾ', 'es')).toEqual(['rt']);
    expect(phonesOfIpa('ɑ̃', 'fr')).toEqual(['aa']);
    expect(phonesOfIpa('ç', 'de')).toEqual(['cc']);
    expect(phonesOfIpa('', 'de')).toEqual([]);
  });
});
