import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignPhones } from '../../../src/synth/align.ts';

/** The phones of each stretch of text that is named between bars, as aligned: `|th|` asks for those on t and h. */
function on(text: string, phones: string): string {
  const ids = phones.split(' ');
  const letters = alignPhones(text, ids);
  return [...text]
    .map((letter, at) => {
      const here = ids.filter((_, index) => letters[index] === at);
      return here.length > 0 ? `${letter}:${here.join('+')}` : '';
    })
    .filter(Boolean)
    .join(' ');
}

/** How many phones fall on each word between spaces. */
function counts(text: string, phones: string): number[] {
  const ids = phones.split(' ');
  const letters = alignPhones(text, ids);
  return [...text.matchAll(/\S+/g)].map(
    (word) =>
      ids.filter(
        (id, index) =>
          id !== 'pau' && letters[index]! >= word.index && letters[index]! < word.index + word[0].length,
      ).length,
  );
}

describe('alignPhones', () => {
  it.each([
    ['map', 'm ae p', 'm:m a:ae p:p'],
    ['ship', 'sh ih p', 's:sh i:ih p:p'],
    ['think', 'th ih ng k', 't:th i:ih n:ng k:k'],
    ['phone', 'f ow n', 'p:f o:ow n:n'],
    ['knight', 'n ay t', 'n:n i:ay t:t'],
    ['quick', 'k w ih k', 'q:k u:w i:ih c:k'],
    ['box', 'b aa k s', 'b:b o:aa x:k+s'],
    ['one', 'w ah n', 'o:w+ah n:n'],
    ['make', 'm ey k', 'm:m a:ey k:k'],
    ['the', 'dh ax', 't:dh e:ax'],
  ])('finds the letters of %s', (text, phones, expected) => {
    expect(on(text, phones)).toBe(expected);
  });

  it('keeps the phones of expanded numbers, titles and initials on what was written', () => {
    expect(counts('has 42 cats', 'hh ae z f ao r t iy t uw k ae t s')).toEqual([3, 7, 4]);
    expect(counts('Dr. Smith', 'd aa k t er s m ih th')).toEqual([5, 4]);
    expect(counts('gives 1000 XP', 'g ih v z w ah n th aw z ax n d eh k s p iy')).toEqual([4, 9, 5]);
    expect(counts('1,000,000 people', 'w ah n m ih l y ax n p iy p ax l')).toEqual([9, 5]);
    expect(counts('$5.50 now', 'f ay v d aa l er z f ih f t iy s eh n t s n aw')).toEqual([18, 2]);
  });

  it('puts pauses on what stands between words', () => {
    const text = 'Hello, you.';
    const ids = 'pau hh ax l ow pau y uw pau'.split(' ');
    const letters = alignPhones(text, ids);
    expect(', ').toContain(text[letters[5]!]);
    expect(text[letters[8]!]).toBe('.');
    expect(letters[0]).toBe(0);
  });

  it('lets doubled words and unspoken hints stay in their own words', () => {
    expect(
      counts('we queued through the rough borough', 'w iy k y uw d th r uw dh ax r ah f b er ow'),
    ).toEqual([2, 4, 3, 2, 3, 3]);
    expect(counts('no no no', 'n ow n ow n ow')).toEqual([2, 2, 2]);
  });

  it('gives every phone a letter of the text, never falling, whatever the two are', () => {
    const phones = fc.array(fc.constantFrom(...'pau aa b k s iy hh zh xx'.split(' ')), { maxLength: 40 });
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), phones, (text, ids) => {
        const letters = alignPhones(text, ids);
        expect(letters).toHaveLength(ids.length);
        let before = 0;
        for (const letter of letters) {
          expect(letter).toBeGreaterThanOrEqual(before);
          expect(letter).toBeLessThan(Math.max(1, text.length));
          before = letter;
        }
      }),
      { seed: 5 },
    );
  });
});
