import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cuesOfPhones } from '../../../../src/lipsync/phones.ts';
import { numberWords } from '../../../../src/lipsync/timing/g2p/numbers.ts';
import { readWord } from '../../../../src/lipsync/timing/g2p/read-text.ts';
import { wordsOfText } from '../../../../src/lipsync/timing/g2p/words.ts';
import { knownWords, lexiconOf } from '../../../../src/lipsync/timing/known-words.ts';
import { loadReader } from '../../../../src/lipsync/timing/learned.ts';
import { SOUNDS, soundsOf } from '../../../../src/lipsync/timing/sounds.ts';
import { type Lexicon, readLexicon } from '../../../../src/speech/lexicon.ts';

async function phones(text: string, lang: string, lexicon?: Lexicon): Promise<string> {
  const read = (await loadReader(lang))!;
  return wordsOfText(text, lexicon, lang)
    .map((word, index) =>
      readWord(word, index, lang, read)
        .map(({ id }) => id)
        .join(' '),
    )
    .join(' | ');
}

describe('spelling is read', () => {
  it.each([
    ['es', 'queso guitarra jamón', 'k e s o | g iy t a rr a | x a m o n'],
    ['es', 'cielo lucha niño', 'th y e l o | l uw ch a | n iy ny o'],
    ['es-MX', 'cielo', 's y e l o'],
    ['es', 'vaca caballo', 'b a k a | k a bh a ly o'],
    ['it', 'ciao gnocchi scena', 'ch a o | ny o k iy | sh e n a'],
    ['it', 'chiesa famiglia', 'k y e z a | f a m iy ly a'],
    ['pt', 'gente tia chuva', 'zh e n ch iy | ch y ah | sh uw v ah'],
    ['pt', 'mão filho', 'm ah uw | f iy ly uw'],
    ['de', 'Stein ich Bach', 'sh t ay n | ih cc | b a x'],
    ['de', 'Volk zwei Mühle', 'f ao l k | t s v ay | m yu l ax'],
    ['de', 'Tag Wand', 't a k | v a n t'],
    ['fr', 'bonjour beaucoup', 'b o zh uw rh | b o k uw'],
    ['fr', 'les vins blancs', 'l e | v eh | b l aa'],
    ['fr', 'montagne chat', 'm o t aa ny | sh aa'],
    ['ko', '한국', 'hh a n k uw k'],
    ['ko', '값이', 'k a p sh iy'],
    ['ko', '국물', 'k uw ng m uw l'],
    ['ko', '좋다', 'jh o t a'],
  ])('%s: %s', async (lang, text, right) => {
    expect(await phones(text, lang)).toBe(right);
  });

  it('in English, by what was learned and by the list of exceptions', async () => {
    expect(await phones('The wolf bit my thumb', 'en')).toBe('dh ax | w uh l f | b ih t | m ay | th ah m');
    expect(await phones('through have one', 'en')).toBe('th r uw | hh ae v | w ah n');
    // In no dictionary.
    expect(await phones('blimpet', 'en-GB')).toMatch(/^b l ih m p (ax|ih|eh) t$/);
  });

  it("by a game's lexicon first", async () => {
    const lexicon = readLexicon({
      version: 1,
      words: { en: { Mira: 'ˈmiːɹə', NPC: { say: 'en pee see' } } },
    });
    expect(await phones("Mira bit Mira's NPC.", 'en', lexicon)).toBe(
      'm iy r ax | b ih t | m iy r ax z | eh n p iy s iy',
    );
  });

  it('by the lexicon wherever a word of it stands, whatever it is made of', async () => {
    const read = (await loadReader('en'))!;
    const letters = [...'abcdzéñßÅкㄱ'];
    const part = (chars: readonly string[]) =>
      fc.array(fc.constantFrom(...chars), { minLength: 1, maxLength: 4 }).map((list) => list.join(''));
    const entry = fc
      .array(fc.tuple(part([...letters, ...'0123456789']), fc.constantFrom('-', "'")), {
        minLength: 1,
        maxLength: 3,
      })
      .map((parts) =>
        parts.map(([text, joint], at) => (at < parts.length - 1 ? text + joint : text)).join(''),
      );
    const before = fc.constantFrom('', 'He saw ', '4 ', 'Oh, ', '“', '(', 'anti-', '7,5 & ', "it's ");
    const after = fc.constantFrom('', ' is', '.', '!', '’s ship', "' ship", '-like', ' 12', '…', ', 3PO');
    fc.assert(
      fc.property(entry, before, after, fc.boolean(), fc.boolean(), (word, lead, tail, curly, loud) => {
        const lexicon = readLexicon({ version: 1, words: { en: { [word]: 'ʃuːm' } } });
        let written = curly ? word.replaceAll("'", '’') : word;
        if (loud && written.toUpperCase().toLowerCase() === word.toLowerCase())
          written = written.toUpperCase();
        const text = lead + written + tail;
        const words = wordsOfText(text, lexiconOf(knownWords(text, 'en', lexicon)), 'en');
        const found = words.find(({ from }) => from === lead.length)!;
        expect(found.text.startsWith(written)).toBe(true);
        const ids = readWord(found, 0, 'en', read).map(({ id }) => id);
        expect(ids.slice(0, 3)).toEqual(['sh', 'uw', 'm']);
        expect(ids.slice(3)).toEqual(tail.startsWith('’s') ? ['z'] : []);
        // Words neither overlap nor lose their places.
        let reached = 0;
        for (const { from, to, text: one } of words) {
          expect(from).toBeGreaterThanOrEqual(reached);
          expect(text.slice(from, to)).toBe(one);
          reached = to;
        }
      }),
      { seed: 5, numRuns: 400 },
    );
  });

  it('with marks, capitals, numbers and signs', async () => {
    expect(await phones('Dr. BBC 42 50 & 3', 'en')).toBe(
      'd aa k t er | b iy b iy s iy | f ao r t iy t uw | f ih f t iy | ae n d | th r iy',
    );
    expect(await phones('', 'en')).toBe('');
  });

  it('and every phone has a sound and a shape', async () => {
    const text: Record<string, string> = {
      es: 'El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia y frío añoraba.',
      fr: 'Portez ce vieux whisky au juge blond qui fume, dès Noël où un zéphyr haï.',
      pt: 'Luís argüia à Júlia que brações, fé, chá, óxido, pôr, zângão eram palavras.',
      de: 'Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.',
      it: 'Quel vituperabile xenofobo zelante assaggia il whisky ed esclama alleluja.',
      ko: '키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다.',
      en: 'The quick brown fox jumps over the lazy dog, measuring joys.',
    };
    for (const [lang, pangram] of Object.entries(text)) {
      const ids = (await phones(pangram, lang)).split(/[ |]+/);
      expect(ids.length).toBeGreaterThan(25);
      for (const id of ids) {
        expect(soundsOf(id)[0], `${lang} ${id}`).toBeGreaterThan(0);
        expect(
          ['a', ...SOUNDS].includes(id) || cuesOfPhones([{ id, start: 0, end: 1 }])[0]?.viseme !== 'sil',
        ).toBe(true);
      }
    }
  });
});

describe('numbers', () => {
  it('are words', () => {
    expect(numberWords('0', 'en')).toEqual(['zero']);
    expect(numberWords('1984', 'en').join(' ')).toBe('nineteen eighty four');
    expect(numberWords('2305', 'en').join(' ')).toBe('two thousand three hundred five');
    expect(numberWords('47', 'de').join('')).toBe('siebenundvierzig');
    expect(numberWords('81', 'es').join(' ')).toBe('ochenta y uno');
    expect(numberWords('007', 'en').join(' ')).toBe('zero zero seven');
    expect(numberWords('1234567', 'fr').length).toBeGreaterThan(5);
  });
});
