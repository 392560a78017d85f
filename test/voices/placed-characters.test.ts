import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlacedCharacters } from '../../src/voices/placed-characters.ts';

/** What stands in the text at each place; `-` where there is none. */
function placed(text: string, ...runs: string[]): string {
  const places = new PlacedCharacters(text);
  const found = runs.flatMap((run) => places.place([...run]));
  for (let nth = 1; nth < found.length; nth++)
    if (found[nth]! >= 0) expect(found[nth]).toBeGreaterThan(Math.max(-1, ...found.slice(0, nth)));
  return found.map((at) => (at < 0 ? '-' : text[at])).join('');
}

describe('characters in their text', () => {
  it.each([
    ['the text as it is', 'Hi there.', ['Hi there.'], 'Hi there.'],
    [
      'runs that are cut in a word',
      'We’re going there.',
      ['We’re go', 'ing th', 'ere.'],
      'We’re going there.',
    ],
    ['other letters’ case', 'HELLO you', ['hello You'], 'HELLO you'],
    ['a space before and one after', 'Hi you', [' Hi ', 'you '], '-Hi you-'],
    ['spaces and lines drawn together', 'Hi,\n\n  you', ['Hi, you'], 'Hi,\nyou'],
    ['marks that are left out', '*Hi* – “you”!', ['Hi you'], 'Hi you'],
    ['a number written out', 'Pay 100 coins.', ['Pay one hundred coins.'], 'Pay --- ------- coins.'],
    ['a word that is left out', 'Oh my, dear friend.', ['Oh dear friend.'], 'Oh dear friend.'],
    ['a word that stands nowhere', 'Hi you two.', ['Hi xqx you two.'], 'Hi --- you two.'],
    ['pairs of surrogates', 'A 😀 b', ['A 😀 b'], null],
  ])('are found with %s', (_, text, runs, expected) => {
    if (expected !== null) {
      // A space has its place where the text has one there.
      expect(placed(text, ...runs).replaceAll('-', ' ')).toBe(expected.replaceAll('-', ' '));
      return;
    }
    expect(new PlacedCharacters(text).place(['A', ' ', '😀', ' ', 'b'])).toEqual([0, 1, 2, 4, 5]);
  });

  it('are all found where a service tells the text, however it is cut', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 60 })), (given, cuts) => {
        const characters = [...given];
        const places = new PlacedCharacters(given);
        const ends = [...cuts, characters.length].sort((a, b) => a - b);
        let from = 0;
        let index = 0;
        for (const to of ends) {
          const run = characters.slice(from, Math.max(from, to));
          for (const [nth, at] of places.place(run).entries()) {
            if (run[nth]!.trim() !== '') expect(at).toBe(index);
            index += run[nth]!.length;
          }
          from = Math.max(from, to);
        }
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  it('never fall, whatever is told', () => {
    const words = fc.array(fc.constantFrom('the', 'gate', 'th', 'e', ' ', '.', '7', 'ate'), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(words, words, (text, runs) => {
        placed(text.join(''), ...runs);
      }),
      { seed: 6, numRuns: 400 },
    );
  });
});
