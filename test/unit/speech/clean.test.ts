import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from '../../../src/speech/clean.ts';

const RUNS = process.env.PARLEY_LONG ? 20_000 : 500;

/** Texts as players, writers and language models send them: prose with anything in between. */
const messy = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.constantFrom(
        ...[
          'Hello',
          ' ',
          '\n\n',
          '👩‍👩‍👧',
          '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
          '1️⃣',
          '<b>',
          '</prosody>',
          '<break time="1s"/>',
          '&amp;',
          '&#39;',
          '&#x1f600;',
        ],
        ...[
          'https://www.example.com/a?b=c',
          'a@b.com',
          '…',
          '—',
          ' - ',
          '--',
          '?!',
          '...',
          '½',
          '“',
          '\u0007',
          '\ud83d',
          '3.5',
          '.5',
        ],
        ...['hmm', 'shh', '5 mm', 'é', 'e\u0301', '€42', '50%', '한국어', '\u202e', '\ufeff', '$', '<'],
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

describe('cleanText', () => {
  it.each([
    ['emoji and their joiners', 'Hi 👩‍👩‍👧 there 👋🏽!', 'Hi there!'],
    ['keycaps and flags', 'Press 1️⃣ 🇬🇧', 'Press 1'],
    ['control characters', 'a\u0000b\u0007 c\u202e', 'ab c'],
    ['markup', 'He <prosody rate="slow">said</prosody> <b>hi</b>.', 'He said hi.'],
    ['what only looks like markup', 'I <3 you', 'I 3 you'],
    ['entities', 'A &amp; B&#39;s &#x41;', "A and B's A"],
    ['typographic quotes', '“It’s” ‘fine’', "\"It's\" 'fine'"],
    ['dashes that part', 'Well — no -- yes - and well-known', 'Well, no, yes, and well-known'],
    ['repeated punctuation', 'What??? No!!! Wait... ,,', 'What? No! Wait.'],
    ['space before punctuation', 'Come in , please !', 'Come in, please!'],
    ['decimals', 'It is .5 or 3.5', 'It is .5 or 3.5'],
    ['paragraphs', 'Chapter One\n\nIt was\nnight.\n\nOh', 'Chapter One. It was night. Oh'],
    ['addresses', 'See https://www.example.com/a/b?c=d. Then go.', 'See example dot com. Then go.'],
    ['signs that are said', '50% & 3 + 4 = 7', '50 percent and 3 plus 4 equals 7'],
    ['accents', 'Café Ångström naïve', 'Cafe Angstrom naive'],
    ['fractions', '½ cup', '1/2 cup'],
    ['noises', 'Hmm, shh! Brr.', 'hum, shush! burr.'],
    ['units that look like noises', '5 mm', '5 mm'],
  ])('makes %s fit to be spoken', (_, given, expected) => {
    expect(cleanText(given).text).toBe(expected);
  });

  it.each(['', '   \n ', '👋🏽', '...?!', '<break/>', '한국어', '— "…" —'])(
    'finds nothing to say in %j',
    (given) => {
      expect(cleanText(given).text).toBe('');
    },
  );

  it('leads back from every word to its place in the text as given', () => {
    const given = '👋🏽 “Hello”, <b>Zoë</b> — you have 50% of 42 € at https://www.example.com/x?y now';
    const { text, sourceIndex } = cleanText(given);
    const place = (word: string) => given.slice(sourceIndex(text.indexOf(word)));
    expect(place('Hello')).toMatch(/^Hello/);
    expect(place('Zoe')).toMatch(/^Zoë/);
    expect(place('percent')).toMatch(/^% of/);
    expect(place('euros')).toMatch(/^€ at/);
    expect(place('example')).toMatch(/^example\.com/);
    expect(place('now')).toBe('now');
    expect(sourceIndex(text.length)).toBe(given.length);
  });

  it('holds only what the synth reads, in tidy order, with a map that never falls', {
    timeout: 120_000,
  }, () => {
    fc.assert(
      fc.property(messy, (given) => {
        const { text, sourceIndex } = cleanText(given);
        expect(text).toMatch(/^[A-Za-z0-9 .,;:!?'"()$/-]*$/);
        expect(text).not.toMatch(/^\s|\s$|\s\s|[,;:!?.] *[,;:](?!\d)/);
        expect(text === '' || /[A-Za-z0-9$]/.test(text)).toBe(true);
        let before = 0;
        for (let index = 0; index <= text.length; index++) {
          const source = sourceIndex(index);
          expect(source).toBeGreaterThanOrEqual(before);
          expect(source).toBeLessThanOrEqual(given.length);
          if (index < text.length) expect(source).toBeLessThan(given.length);
          before = source;
        }
      }),
      { numRuns: RUNS, seed: 7 },
    );
  });

  it('keeps plain prose as it is', () => {
    const prose = 'Mr. Smith said: "It\'s 3.5 miles (or so), isn\'t it?" Then he left!';
    const { text, sourceIndex } = cleanText(prose);
    expect(text).toBe(prose);
    for (let index = 0; index <= prose.length; index++) expect(sourceIndex(index)).toBe(index);
  });
});
