import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../../src/captions/columns.ts';
import { type CaptionRoom, FULL_ROOM, fits, inRows, phrasesOf } from '../../../src/captions/phrases.ts';

const cut = (text: string, room: CaptionRoom = FULL_ROOM) =>
  phrasesOf(text, room).map(({ from, to }) => text.slice(from, to));

const words = fc
  .array(
    fc.oneof(
      fc.stringMatching(/^[a-z]{1,12}[,.!?]?$/),
      fc.constantFrom('«Ja»', 'día', 'Mr.', '—', 'שלום', 'привет.'),
    ),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((all) => all.join(' '));
const rooms = fc.record({
  columns: fc.integer({ min: 14, max: 60 }),
  rows: fc.integer({ min: 1, max: 3 }),
  indent: fc.integer({ min: 0, max: 10 }),
});

describe('columns', () => {
  it('are one for a letter, two for a Chinese one, none for an accent of its own', () => {
    expect(columnsOf('Mira, día')).toBe(9);
    expect(columnsOf('你好')).toBe(4);
    expect(columnsOf('e\u0301a')).toBe(2);
  });
});

describe('phrases', () => {
  it('leave what fits whole', () => {
    expect(cut('Welcome, traveller. The gate closes at dusk.')).toEqual([
      'Welcome, traveller. The gate closes at dusk.',
    ]);
    expect(cut('')).toEqual([]);
  });

  it('end with a sentence where one fits, and not at a title', () => {
    const text =
      'You have come a long way to see Dr. Smith, I think. He left at dawn and will not be back before the snow melts.';
    expect(cut(text)[0]).toBe('You have come a long way to see Dr. Smith, I think. ');
  });

  it('end with a clause in a long sentence, else between words, evenly', () => {
    const clauses =
      'Take the bench by the fire that nobody has taken, and I will bring you soup and cheese and a cup of something warm.';
    expect(cut(clauses)[0]).toBe('Take the bench by the fire that nobody has taken, ');
    const none =
      'Five boats went out this morning and only four of them came back to us before the storm was over the bay';
    const [first, second] = cut(none);
    expect(Math.abs(first!.length - second!.length)).toBeLessThan(16);
  });

  it('part Chinese and Thai between words, at half as many letters', () => {
    const chinese = '城门在黄昏时关闭，'.repeat(12);
    for (const phrase of cut(chinese)) expect(columnsOf(phrase)).toBeLessThanOrEqual(80);
    expect(cut(chinese)[0]!.endsWith('，')).toBe(true);
    const thai = 'ยินดีต้อนรับนักเดินทางประตูจะปิดตอนพลบค่ำ'.repeat(5);
    expect(cut(thai).join('')).toBe(thai);
  });

  it('cover every text, each fits, and no letter is torn', () => {
    fc.assert(
      fc.property(fc.oneof(words, fc.string({ unit: 'binary', maxLength: 300 })), rooms, (text, room) => {
        const phrases = cut(text, room);
        expect(phrases.join('')).toBe(text);
        for (const phrase of phrases) {
          expect(phrase.length).toBeGreaterThan(0);
          const letters = [...new Intl.Segmenter().segment(phrase)];
          expect(letters.length === 1 || fits(phrase, room)).toBe(true);
        }
        for (const phrase of phrases.slice(0, -1)) expect(phrase).not.toMatch(/[\uD800-\uDBFF]$/);
      }),
      { seed: 7, numRuns: 120 },
    );
  });
});

describe('rows', () => {
  it('are parted at a comma, about in the middle, not after a short word', () => {
    const text = 'Halt, who goes there so late on the mountain path?';
    expect(inRows(text, FULL_ROOM)).toBe('Halt, who goes there so late\non the mountain path?');
    const clause = 'Welcome, stranger from afar, come in from the cold tonight.';
    expect(inRows(clause, FULL_ROOM)).toBe('Welcome, stranger from afar,\ncome in from the cold tonight.');
    expect(inRows('Short.', FULL_ROOM)).toBe('Short.');
    const three = { columns: 26, rows: 3, indent: 0 };
    expect(inRows('Five silver for the loaf, and butter for six if you have them.', three)).toBe(
      'Five silver for the loaf,\nand butter for six\nif you have them.',
    );
  });

  it('fit, and keep every place of the text', () => {
    fc.assert(
      fc.property(words, rooms, (text, room) => {
        for (const phrase of cut(text, room)) {
          const shown = inRows(phrase.trimEnd(), room);
          expect(shown.replaceAll('\n', ' ')).toBe(phrase.trimEnd());
          const rows = shown.split('\n');
          expect(rows.length).toBeLessThanOrEqual(room.rows);
          rows.forEach((row, index) => {
            // A word that does not go beside the name goes below it.
            const indent = index === 0 && row.includes(' ') ? room.indent : 0;
            expect(columnsOf(row) + indent).toBeLessThanOrEqual(room.columns);
          });
        }
      }),
      { seed: 9 },
    );
  });
});
