import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClauseCutter, type CutterOptions } from '../../../src/speech/clause-cutter.ts';

function cut(text: string, options: CutterOptions = {}): string[] {
  const cutter = new ClauseCutter(options);
  return [...cutter.push(text), ...cutter.end()];
}

/** As a language model writes: a few characters at a time. */
function cutInPieces(pieces: readonly string[], options: CutterOptions = {}): string[] {
  const cutter = new ClauseCutter(options);
  return [...pieces.flatMap((piece) => cutter.push(piece)), ...cutter.end()];
}

describe('a text is cut', () => {
  it('at the ends of sentences, white space going with what is before it', () => {
    expect(cut('Come in. Sit down! Are you cold?')).toEqual(['Come in. ', 'Sit down! ', 'Are you cold?']);
    expect(cut('"Stop!" he said. Nobody did.')).toEqual(['"Stop!" he said. ', 'Nobody did.']);
    expect(cut('Well... maybe not. Go.')).toEqual(['Well... maybe not. ', 'Go.']);
  });

  it('first at a breath, so that its sound can start early, and later not', () => {
    expect(
      cut(
        'When the sun had gone down, the gate was shut for the night. When it rose, it was opened again, as always.',
      ),
    ).toEqual([
      'When the sun had gone down, ',
      'the gate was shut for the night. ',
      'When it rose, it was opened again, as always.',
    ]);
    expect(cut('No, wait a moment please. Now.')).toEqual(['No, wait a moment please. ', 'Now.']);
  });

  it('never inside numbers, shortenings, names and items', () => {
    for (const text of [
      'It costs 3.50 or 1,250.75 in all.',
      'Dr. Smith met Mr. J. R. R. Tolkien on St. Mary Street.',
      'Look at No. 5 and at Fig. 2 again.',
      'Take salt, e.g. sea salt, i.e. the coarse one.',
      'La Sra. Gómez vive en la calle.',
      'Das ist z. B. Herr Dr. Weber.',
      'Go to www.example.com now.',
    ]) {
      expect(cut(text, { shortestFirst: 1_000 }), text).toEqual([text]);
    }
    expect(cut('1. Open the gate. 2. Close it.')).toEqual(['1. Open the gate. ', '2. Close it.']);
    expect(cut('No. Then go.')).toEqual(['No. ', 'Then go.']);
  });

  it('in scripts without spaces', () => {
    expect(cut('你好。今天天气很好！我们走吧？', { lang: 'zh' })).toEqual([
      '你好。',
      '今天天气很好！',
      '我们走吧？',
    ]);
    expect(cut('今日は。お元気ですか。', { lang: 'ja' })).toEqual(['今日は。', 'お元気ですか。']);
    expect(cut('مرحبا. كيف حالك؟ بخير.', { lang: 'ar' })).toEqual(['مرحبا. ', 'كيف حالك؟ ', 'بخير.']);
  });

  it('at a breath or between words where a sentence is too long, and never inside a character', () => {
    const long = `${'word '.repeat(30)}and so on, ${'more '.repeat(30)}`;
    for (const clause of cut(long, { longest: 100 })) {
      expect(clause.length).toBeLessThanOrEqual(100);
      expect(clause).toMatch(/ $/);
    }
    const emoji = '👩‍🚀'.repeat(100);
    expect(cut(`a${emoji}`, { longest: 50 }).every((clause) => !/^[\udc00-\udfff]/.test(clause))).toBe(true);
    expect(cut('x'.repeat(450), { longest: 200 }).map((clause) => clause.length)).toEqual([200, 200, 50]);
  });

  it('as soon as it is certain, and no sooner', () => {
    const cutter = new ClauseCutter();
    expect(cutter.push('He waited.')).toEqual([]);
    expect(cutter.push(' ')).toEqual([]);
    expect(cutter.push('T')).toEqual(['He waited. ']);
    expect(cutter.push('hen it cost 3')).toEqual([]);
    expect(cutter.push('.')).toEqual([]);
    expect(cutter.push('5 more. ')).toEqual([]);
    expect(cutter.end()).toEqual(['Then it cost 3.5 more. ']);
    expect(cutter.end()).toEqual([]);
  });

  it('without a language that Intl does not know', () => {
    expect(cut('One. Two.', { lang: 'not a language' })).toEqual(['One. ', 'Two.']);
  });
});

const RUNS = process.env.PARLEY_LONG ? 20_000 : 400;

describe('however a text comes in', () => {
  const words = fc.constantFrom(
    'the',
    'gate',
    'Mira',
    'closes',
    'Dr.',
    'No.',
    '5',
    '3.14',
    '1,000',
    'e.g.',
    'A.',
    'end.',
    'end!',
    'what?',
    'so,',
    'then;',
    'well:',
    '—',
    '"yes."',
    '(no)',
    '...',
    'père',
    '你好。',
    '世界，',
    '👋🏽',
    'مرحبا؟',
    'x'.repeat(90),
    '\n',
    '\n\n',
    'z.B.',
  );
  const text = fc
    .array(fc.tuple(words, fc.constantFrom(' ', ' ', ' ', '', '  ', '\n')), { maxLength: 60 })
    .map((pairs) => pairs.map(([word, space]) => word + space).join(''));
  const options = fc.record({
    longest: fc.integer({ min: 40, max: 220 }),
    shortestFirst: fc.integer({ min: 5, max: 35 }),
  });

  it('the clauses joined are the text, none is longer than it may be, and each has something to say', () => {
    fc.assert(
      fc.property(text, options, (whole, given) => {
        const clauses = cut(whole, given);
        expect(clauses.join('')).toBe(whole);
        for (const [index, clause] of clauses.entries()) {
          expect(clause.length).toBeLessThanOrEqual(given.longest + 1);
          if (index < clauses.length - 1 && clause.length < given.longest)
            expect(clause).toMatch(/[\p{L}\p{N}]/u);
        }
      }),
      { seed: 11, numRuns: RUNS },
    );
  });

  it('they are the same clauses', () => {
    fc.assert(
      fc.property(
        text,
        options,
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }),
        (whole, given, steps) => {
          const pieces: string[] = [];
          for (let at = 0, nth = 0; at < whole.length; nth++) {
            const step = steps[nth % steps.length]!;
            pieces.push(whole.slice(at, at + step));
            at += step;
          }
          expect(cutInPieces(pieces, given)).toEqual(cut(whole, given));
        },
      ),
      { seed: 12, numRuns: RUNS },
    );
  });
});
