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

  it('never inside a tag, nor by what stands in one', () => {
    for (const text of [
      'See <sub alias="Doctor. Smith, my friend and helper">Dr. S. Smith, sir</sub> now.',
      '<img alt="A dog, which is brown, and very large" src="x.png"/> What a dog.',
      'Read <a href="http://a.b/c. D, e and so on">what stands there</a> &amp; go.',
      'The code is <say-as digits>12. 34, and 5. Six</say-as> now.',
      `<img src="${'x'.repeat(250)}"/>`,
      `<sub alias="y">${'x'.repeat(250)}</sub>`,
    ]) {
      expect(cut(text), text).toEqual([text]);
      expect(cutInPieces([...text]), text).toEqual([text]);
    }
    expect(cut('Come <em>in.</em> <em>Sit</em> down.<pause 2s/> Are you <em>cold</em>?')).toEqual([
      'Come <em>in.</em> ',
      '<em>Sit</em> down.<pause 2s/> ',
      'Are you <em>cold</em>?',
    ]);
    expect(cut('Is 1 < 2, or is <Mr. X> here? He <i')).toEqual(['Is 1 < 2, or is <Mr. X> here? ', 'He <i']);
  });

  it('in Spanish not after its doubled shortenings', () => {
    const text = 'Vive en EE. UU. desde 1999, y nació en Bs. As. hace años. ';
    expect(cut(`${text}Adiós.`, { lang: 'es', shortestFirst: 1_000 })).toEqual([text, 'Adiós.']);
  });

  it('behind a whole sentence when its writer pauses, and nowhere else', () => {
    const settled = (text: string) => {
      const cutter = new ClauseCutter();
      const before = cutter.push(text);
      return [...before, ...cutter.settle()];
    };
    for (const text of [
      'The bridge is out. ',
      'The bridge is out.\n\n',
      'A title\n\n',
      'No.',
      'It was in 1999. ',
      '“Stop!” ',
      '橋は落ちた。',
      '<em>Never</em>!</em> ',
    ]) {
      expect(settled(text).join('').trim(), text).toBe(text.trim());
    }
    for (const text of [
      'It costs 3.',
      'Look at No. ',
      'He met Dr. ',
      'And then ',
      '1. ',
      '...',
      ' ',
      'x <em',
    ])
      expect(settled(text), text).toEqual([]);
    expect(settled('Really? Yes, it is!  "')).toEqual(['Really? ', 'Yes, it is!  ']);
    const cutter = new ClauseCutter();
    expect(cutter.push('Wait. ')).toEqual([]);
    expect(cutter.waiting).toBe(true);
    expect(cutter.settle()).toEqual(['Wait. ']);
    expect(cutter.waiting).toBe(false);
    expect(cutter.settle()).toEqual([]);
    expect([...cutter.push('It is open. Go'), ...cutter.end()]).toEqual(['It is open. ', 'Go']);
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
  const tags = fc.constantFrom(
    '<em>',
    '</em>',
    '<pause 1s/>',
    '<emotion sad strength="0.5">',
    '</emotion>',
    '<sub alias="Doctor. Who, is he">',
    '</sub>',
    '<say-as digits>',
    '</say-as>',
    '<a href="x. Y, z">',
    '</a>',
    '<br>',
    '&amp;',
    '&',
    '<',
    '<3',
    '>',
    `<img alt="${'A dog. '.repeat(50)}"/>`,
  );
  const text = fc
    .array(fc.tuple(words, fc.constantFrom(' ', ' ', ' ', '', '  ', '\n')), { maxLength: 60 })
    .map((pairs) => pairs.map(([word, space]) => word + space).join(''));
  const marked = fc
    .array(fc.tuple(fc.oneof(words, tags), fc.constantFrom(' ', ' ', '')), { maxLength: 60 })
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

  it('no tag is cut', () => {
    fc.assert(
      fc.property(marked, options, (whole, given) => {
        const clauses = cut(whole, given);
        expect(clauses.join('')).toBe(whole);
        let at = 0;
        const places = clauses.map(({ length }) => {
          at += length;
          return at;
        });
        for (const { index, 0: tag } of whole.matchAll(/<\/?[a-z][^<>]*>/g)) {
          if (tag.length > 300) continue;
          for (const place of places) expect(place > index && place < index + tag.length).toBe(false);
        }
      }),
      { seed: 13, numRuns: RUNS },
    );
  });

  it('they are the same clauses', () => {
    fc.assert(
      fc.property(
        fc.oneof(text, marked),
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
