import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FULL_ROOM } from '../../../src/captions/phrases.ts';
import { CaptionScript } from '../../../src/captions/script.ts';

function scriptOf(text: string): CaptionScript {
  const script = new CaptionScript(FULL_ROOM);
  script.read(text);
  return script;
}

describe('the script of a line', () => {
  it('leaves out mark-up, and finds places of the text as given', () => {
    const source = 'The <em>gate</em> closes <pause 1s/>at dusk.';
    const script = scriptOf(source);
    expect(script.text).toBe('The gate closes at dusk.');
    for (const word of ['gate', 'closes', 'dusk']) {
      expect(script.text.slice(script.placeOf(source.indexOf(word)))).toMatch(new RegExp(`^${word}`));
    }
    expect(script.placeOf(source.length)).toBe(script.text.length);
  });

  it('shows a phrase in two rows, whose places keep their distance', () => {
    const shown = scriptOf('  Welcome, stranger from afar, come in from the cold tonight.').shown(0);
    expect(shown.from).toBe(2);
    expect(shown.text).toBe('Welcome, stranger from afar,\ncome in from the cold tonight.');
  });

  it('of a text that is being written never takes back what it has shown', () => {
    const clause = fc.stringMatching(/^[a-z]{1,9}( [a-z]{1,9}){2,9}[,.]$/);
    fc.assert(
      fc.property(fc.array(clause, { minLength: 1, maxLength: 12 }), (clauses) => {
        const script = new CaptionScript(FULL_ROOM);
        let text = '';
        for (const piece of clauses) {
          const before = script.phrases;
          text += text ? ` ${piece}` : piece;
          script.read(text);
          const { phrases } = script;
          expect(phrases.map(({ from, to }) => text.slice(from, to)).join('')).toBe(text);
          before.slice(0, -1).forEach((phrase, index) => {
            expect(phrases[index]).toEqual(phrase);
          });
          if (before.length > 0)
            expect(phrases[before.length - 1]!.to).toBeGreaterThanOrEqual(before.at(-1)!.to);
        }
      }),
      { seed: 11 },
    );
  });
});
