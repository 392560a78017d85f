import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf, replacePieces } from '../../../src/speech/index-map.ts';
import { readLexicon, wordsInLexicon } from '../../../src/speech/lexicon.ts';
import { markedVoices } from '../../../src/speech/marked-voices.ts';
import { parseMarkup } from '../../../src/speech/markup.ts';
import { spokenText } from '../../../src/speech/spoken-text.ts';
import { collect } from '../../kit/collect.ts';
import { toneVoices } from '../../kit/tone-voices.ts';

const RUNS = process.env.PARLEY_LONG ? 20_000 : 500;

const lexicon = readLexicon({
  version: 1,
  words: {
    en: {
      Mira: 'ˈmiːɹə',
      Parley: { arpabet: 'P AE1 R L IY0' },
      NPC: { say: 'non player character' },
      'it’s': { say: 'it is' },
    },
    'en-GB': { Mira: '/ˈmaɪɹə/' },
    es: { Mira: { ipa: 'ˈmiɾa' } },
    '*': { Zyx: 'zɪks' },
  },
});

describe('a lexicon', () => {
  it('tells how a word is said in a language, nearest first, whatever its case', () => {
    expect(lexicon.find('MIRA', 'en-US')?.ipa).toBe('ˈmiːɹə');
    expect(lexicon.find('mira', 'en_gb')?.ipa).toBe('ˈmaɪɹə');
    expect(lexicon.find('Mira', 'es-419')?.ipa).toBe('ˈmiɾa');
    expect(lexicon.find('Mira', 'fr')).toBeUndefined();
    expect(lexicon.find('Zyx', 'ko')?.sounds?.map(({ id }) => id)).toEqual(['z', 'ih', 'k', 's']);
    expect(lexicon.find('Parley', 'en')).toEqual({
      ipa: 'pˈæɹliː',
      sounds: [
        { id: 'p', stress: 0 },
        { id: 'ae', stress: 1 },
        { id: 'r', stress: 0 },
        { id: 'l', stress: 0 },
        { id: 'iy', stress: 0 },
      ],
    });
    expect(lexicon.find('constructor', 'en')).toBeUndefined();
  });

  it('takes a region with either sign, and passes over what it does not know', () => {
    const read = readLexicon({
      version: 1,
      words: { en_GB: { fu: { stress: 1, ipa: 'fuː' } }, 'zh-Hans-CN': { 米: 'mi' } },
    });
    expect(read.find('Fu', 'en-GB')?.ipa).toBe('fuː');
    expect(read.find('米', 'zh-Hans-CN')?.ipa).toBe('mi');
  });

  it('finds in a text every word that it takes', () => {
    const words = ['R2-D2', 'Xochi-tl', '3PO', 'it’s', 'Ångström', 'e\u0301a', 'ab'];
    for (const word of words) {
      const one = readLexicon({ version: 1, words: { en: { [word]: { say: 'x' } } } });
      expect(wordsInLexicon(`Is ${word} here?`, 'en', one).replacements, word).toHaveLength(1);
    }
  });

  it('finds its words in a text: with endings, between hyphens, and whole ones first', () => {
    const text = "Mira's NPC isn't Mira-like: IT'S parley.";
    const { sounds, replacements } = wordsInLexicon(text, 'en', lexicon);
    expect(sounds.map(({ from, to }) => text.slice(from, to))).toEqual(['Mira', 'Mira', 'parley']);
    expect(replacements.map(({ from, to, by }) => `${text.slice(from, to)}=${by}`)).toEqual([
      'NPC=non player character',
      "IT'S=it is",
    ]);
  });

  it.each<[unknown, RegExp]>([
    [null, /lexicon\.json: expected an object, got null/],
    [{ version: 2 }, /version: expected 1, got 2/],
    [{ version: 1, words: [] }, /words: expected an object, got a list/],
    [{ version: 1, words: { en: { a: 5 } } }, /words\.en\.a: expected/],
    [{ version: 1, words: { en: { a: 'Mira!' } } }, /words\.en\.a: expected IPA such as/],
    [{ version: 1, words: { en: { a: '' } } }, /words\.en\.a: expected 1 to 200/],
    [{ version: 1, words: { en: { a: { arpabet: 'P XX' } } } }, /arpabet: expected ARPAbet such as/],
    [{ version: 1, words: { en: { a: { sounds: 'x' } } } }, /one of ipa, arpabet and say/],
    [
      { version: 1, words: { en: { a: { ipa: 'a', say: 'b' } } } },
      /en\.a: expected .* one of .*, got ipa and say/,
    ],
    [{ version: 1, words: { en: { 'New Xochi': 'a' } } }, /New Xochi: expected one word/],
    [{ version: 1, words: { en: { 'Dr.': { say: 'doctor' } } } }, /Dr\.: expected one word/],
    [{ version: 1, words: { en: { 'C++': { say: 'see' } } } }, /C\+\+: expected one word/],
    [
      { version: 1, words: { en: { Mira: 'a', mira: 'i' } } },
      /mira: expected a word of its own, got that of Mira/,
    ],
    [{ version: 1, words: { en: { a: 'a' }, EN: { A: 'i' } } }, /EN\.A: expected a word of its own/],
    [{ version: 1, words: { engilsh: {} } }, /words\.engilsh: expected a language code such as "en"/],
  ])('refuses %j in words', (value, message) => {
    expect(() => readLexicon(value)).toThrow(message);
  });

  it('throws nothing but what it means to, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue())), (words) => {
        try {
          const read = readLexicon({ version: 1, words });
          for (const word of ['a', '__proto__', 'toString']) read.find(word, 'en');
        } catch (error) {
          expect((error as { code?: string }).code).toBe('invalid-input');
        }
      }),
      { seed: 17, numRuns: RUNS },
    );
  });
});

describe('replacePieces', () => {
  it('leads every character back, in order, and placeOf is its inverse', () => {
    const piece = fc.tuple(fc.nat(30), fc.nat(6), fc.string({ maxLength: 8 }));
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 36 }),
        fc.array(piece, { maxLength: 5 }),
        (source, cuts) => {
          const pieces = cuts
            .map(([from, length, by]) => ({
              from: Math.min(from, source.length),
              to: Math.min(from + length, source.length),
              by,
            }))
            .sort((a, b) => a.from - b.from);
          const made = replacePieces(source, pieces);
          let before = 0;
          for (let index = 0; index <= made.text.length; index++) {
            const at = made.sourceIndex(index);
            expect(at).toBeGreaterThanOrEqual(before);
            before = at;
            const first = placeOf(made, at);
            expect(first).toBeLessThanOrEqual(index);
            expect(made.sourceIndex(first)).toBe(at);
          }
          expect(before).toBe(source.length);
        },
      ),
      { seed: 19, numRuns: RUNS },
    );
  });
});

describe('spokenText', () => {
  it('puts other words in their places, spells what is to be spelled, and leads back', () => {
    const source = 'The <sub alias="old doctor">Dr.</sub> has <say-as digits>42</say-as> NPCs, one NPC.';
    const { text, sourceIndex } = spokenText(parseMarkup(source), { lexicon });
    expect(text).toBe('The old doctor has 4 2 NPCs, one non player character.');
    expect(source.slice(sourceIndex(text.indexOf('has')))).toMatch(/^has/);
    expect(source.slice(sourceIndex(text.indexOf('non')))).toMatch(/^NPC\./);
    expect(sourceIndex(text.length)).toBe(source.length);
  });

  it('lets the writer have the last word against the lexicon', () => {
    const { text, sounds } = spokenText(parseMarkup('<phoneme ph="nɒ">NPC</phoneme> NPC'), { lexicon });
    expect(text).toBe('NPC non player character');
    expect(sounds.map(({ ipa }) => ipa)).toEqual(['nɒ']);
  });
});

describe('markedVoices', () => {
  it('gives a source plain words, and its words and cues back in their places', async () => {
    const inner = toneVoices();
    const voices = markedVoices(inner, { lexicon });
    const text = 'Wait <pause 1s/><em>now</em>, NPC <cue wave/>go.';
    const line = await collect(voices.speak({ text, speed: 1 }, new AbortController().signal));
    expect(inner.requests[0]!.text).toBe('Wait, now, non player character go.');
    expect(line.words.map((word) => word.text)).toEqual(['Wait', 'now', 'NPC', 'go']);
    for (const { text: word, from, to } of line.words) expect(text.slice(from, to)).toBe(word);
    const npc = line.words[2]!;
    expect(npc.end - npc.start).toBeCloseTo('non player character'.length * 0.06, 5);
    expect(text[line.cues.find((cue) => cue.viseme === 'O')!.from!]).toBe('o');
    expect([voices.name, voices.home, voices.timing]).toEqual([inner.name, inner.home, inner.timing]);
  });

  it('passes plain texts on as they are, errors too', async () => {
    const inner = toneVoices();
    const voices = markedVoices(inner);
    const signal = new AbortController().signal;
    const there = await collect(voices.speak({ text: 'mama mia' }, signal));
    expect(there).toEqual(await collect(inner.speak({ text: 'mama mia' }, signal)));
    expect((await collect(voices.speak({ text: '<em>a</em>', voice: 'X' }, signal))).error?.code).toBe(
      'refused',
    );
  });
});
