import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cuesOfPhones, type Phone } from '../../../src/lipsync/phones.ts';

/** All phones that Flite's English voices know. */
const INVENTORY =
  'pau aa ae ah ao aw ax axr ay b ch d dh dx eh el em en er ey f g hh hv ih ix iy jh k l m n nx ng ow oy p r s sh t th uh uw v w y z zh'.split(
    ' ',
  );

function phones(ids: readonly string[], length = 0.1): Phone[] {
  return ids.map((id, index) => ({ id, start: index * length, end: (index + 1) * length, from: index }));
}

function shapes(...ids: string[]): string[] {
  return cuesOfPhones(phones(ids)).map((cue) => cue.viseme);
}

describe('cuesOfPhones', () => {
  it('closes the lips on p b m and brings lip to teeth on f v, at full weight', () => {
    for (const id of ['p', 'b', 'm', 'em']) {
      expect(cuesOfPhones(phones([id]))[0]).toMatchObject({ viseme: 'PP', weight: 1 });
    }
    for (const id of ['f', 'v'])
      expect(cuesOfPhones(phones([id]))[0]).toMatchObject({ viseme: 'FF', weight: 1 });
  });

  it('follows the published table for a word of every kind', () => {
    expect(shapes('pau', 'th', 'ih', 'ng', 'k')).toEqual(['sil', 'TH', 'I', 'nn', 'kk']);
    expect(shapes('ch', 'er', 's')).toEqual(['CH', 'RR', 'SS']);
    expect(shapes('w', 'uh', 'd', 'l', 'ao')).toEqual(['U', 'U', 'DD', 'nn', 'O']);
    expect(shapes('r', 'eh', 'd')).toEqual(['RR', 'E', 'DD']);
  });

  it.each([
    ['ey', 'E', 'I'],
    ['ay', 'aa', 'I'],
    ['oy', 'O', 'I'],
    ['ow', 'O', 'U'],
    ['aw', 'aa', 'U'],
  ])('splits the diphthong %s into %s and %s, 60 to 40', (id, first, second) => {
    const cues = cuesOfPhones(phones([id], 0.2));
    expect(cues.map((cue) => cue.viseme)).toEqual([first, second]);
    expect(cues[0]!.end).toBeCloseTo(0.12, 9);
    expect(cues[1]!.start).toBe(cues[0]!.end);
    expect(cues[1]!.end).toBeCloseTo(0.2, 9);
  });

  it('breathes h through the shape of the sound after it, weaker', () => {
    const [breath, vowel] = cuesOfPhones(phones(['hh', 'iy']));
    expect(breath!.viseme).toBe('I');
    expect(breath!.weight).toBeLessThan(vowel!.weight);
    expect(shapes('hh', 'aw')).toEqual(['aa', 'aa', 'U']);
    expect(shapes('hh', 'pau')).toEqual(['sil', 'sil']);
  });

  it('knows every phone that Flite can speak', () => {
    for (const id of INVENTORY.filter((known) => known !== 'pau'))
      expect(shapes(id, 'aa')[0]).not.toBe('sil');
  });

  it('rests the mouth on a phone it does not know, rather than breaking the line', () => {
    expect(shapes('constructor', '??')).toEqual(['sil', 'sil']);
  });

  it('covers the phones without gap or overlap, each cue with the letter of its phone', () => {
    const run = fc.array(
      fc.tuple(fc.constantFrom(...INVENTORY), fc.double({ min: 0, max: 0.3, noNaN: true })),
      {
        minLength: 1,
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(run, (entries) => {
        let reached = 0;
        const given = entries.map(([id, length], from) => {
          const phone = { id, start: reached, end: reached + length, from };
          reached = phone.end;
          return phone;
        });
        let end = 0;
        let from = 0;
        for (const cue of cuesOfPhones(given)) {
          expect(cue.start).toBe(end);
          expect(cue.end).toBeGreaterThan(cue.start);
          expect(cue.weight).toBeGreaterThan(0);
          expect(cue.weight).toBeLessThanOrEqual(1);
          expect(cue.from).toBeGreaterThanOrEqual(from);
          [end, from] = [cue.end, cue.from!];
        }
        expect(end).toBe(reached);
      }),
      { seed: 3 },
    );
  });
});
