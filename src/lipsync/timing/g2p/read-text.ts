import type { Pronunciation } from '../../../speech/lexicon.ts';
import type { AskedPhone } from '../script.ts';
import { spread } from './english.ts';
import { FRENCH, FRENCH_WORDS } from './french.ts';
import { GERMAN } from './german.ts';
import { ITALIAN } from './italian.ts';
import { readKorean } from './korean.ts';
import { numberWords } from './numbers.ts';
import { portugueseRules } from './portuguese.ts';
import { spanishRules } from './spanish.ts';
import { type SpelledSound, Spelling, type SpellingRule } from './spelling.ts';
import { type ReadableWord, wordsOfText } from './words.ts';

/** Reads a word in small letters as phones. */
export type ReadWord = (word: string) => readonly SpelledSound[];

/** The base of a language tag: `es` of `es-MX`. */
const baseOf = (lang: string): string => lang.toLowerCase().split(/[-_]/)[0]!;

/** Languages, besides English, that are read by rules. */
export const RULED = ['es', 'fr', 'pt', 'de', 'it', 'ko'] as const;

const rulesOf = (rules: readonly SpellingRule[]): ReadWord => {
  const spelling = new Spelling(rules);
  return (word) => spelling.read(word);
};

/** A reader of words by rules; undefined for a language that has none. */
export function ruledReader(lang: string): ReadWord | undefined {
  switch (baseOf(lang)) {
    case 'es':
      return rulesOf(spanishRules(/^es[-_](?!es)/i.test(lang)));
    case 'pt':
      return rulesOf(portugueseRules(/^pt[-_]pt/i.test(lang)));
    case 'it':
      return rulesOf(ITALIAN);
    case 'de':
      return rulesOf(GERMAN);
    case 'ko':
      return readKorean;
    case 'fr': {
      const read = rulesOf(FRENCH);
      return (word) => {
        const known = FRENCH_WORDS[word];
        return known ? spread(known.split(' '), word.length) : read(word);
      };
    }
    default:
      return undefined;
  }
}

const SIGNS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  en: {
    '%': 'percent',
    '&': 'and',
    '+': 'plus',
    '=': 'equals',
    '@': 'at',
    '€': 'euros',
    '£': 'pounds',
    $: 'dollars',
    '°': 'degrees',
  },
  es: {
    '%': 'por ciento',
    '&': 'y',
    '+': 'más',
    '=': 'igual',
    '@': 'arroba',
    '€': 'euros',
    $: 'dólares',
    '°': 'grados',
  },
  fr: {
    '%': 'pour cent',
    '&': 'et',
    '+': 'plus',
    '=': 'égal',
    '@': 'arobase',
    '€': 'euros',
    $: 'dollars',
    '°': 'degrés',
  },
  pt: {
    '%': 'por cento',
    '&': 'e',
    '+': 'mais',
    '=': 'igual',
    '@': 'arroba',
    '€': 'euros',
    $: 'dólares',
    '°': 'graus',
  },
  de: {
    '%': 'prozent',
    '&': 'und',
    '+': 'plus',
    '=': 'gleich',
    '@': 'ät',
    '€': 'euro',
    $: 'dollar',
    '°': 'grad',
  },
  it: {
    '%': 'per cento',
    '&': 'e',
    '+': 'più',
    '=': 'uguale',
    '@': 'chiocciola',
    '€': 'euro',
    $: 'dollari',
    '°': 'gradi',
  },
  ko: { '%': '퍼센트', '€': '유로', $: '달러' },
};

/** Names of letters, for words in capitals without a vowel and single letters. */
const LETTER_NAMES: Readonly<Record<string, string>> = {
  b: 'b iy',
  c: 's iy',
  d: 'd iy',
  f: 'eh f',
  g: 'jh iy',
  h: 'ey ch',
  j: 'jh ey',
  k: 'k ey',
  l: 'eh l',
  m: 'eh m',
  n: 'eh n',
  p: 'p iy',
  q: 'k y uw',
  r: 'aa r',
  s: 'eh s',
  t: 't iy',
  v: 'v iy',
  w: 'd ah b ax l y uw',
  x: 'eh k s',
  y: 'w ay',
  z: 'z iy',
  a: 'ey',
  e: 'iy',
  i: 'ay',
  o: 'ow',
  u: 'y uw',
};
const SHORTHAND: Readonly<Record<string, string>> = {
  mr: 'mister',
  mrs: 'missis',
  ms: 'miz',
  dr: 'doctor',
  st: 'saint',
  vs: 'versus',
};

/** The phones of a word as it stands in a text, with the place of each in that text. */
export function readWord(
  { text, from, said }: ReadableWord,
  word: number,
  lang: string,
  read: ReadWord,
): AskedPhone[] {
  if (said) return onto(spread(idsOf(said, lang, read), text.length), from, word, text.length);
  const base = baseOf(lang);
  const whole = text.replaceAll('’', "'").normalize('NFC');
  if (/^\p{N}/u.test(whole)) {
    const [integer = '', fraction] = whole.replace(/[.,](?=\p{N}{3}(?:\D|$))/gu, '').split(/[.,]/);
    const words = numberWords(integer, base);
    if (fraction)
      words.push(base === 'en' ? 'point' : 'coma', ...[...fraction].flatMap((d) => numberWords(d, base)));
    return words.flatMap((one) => onto(read(one), from, word, text.length));
  }
  const sign = SIGNS[base]?.[whole];
  if (sign) return sign.split(' ').flatMap((one) => onto(read(one), from, word, 1));
  const small = whole.toLowerCase();
  if (base === 'en') {
    if (SHORTHAND[small]) return onto(read(SHORTHAND[small]), from, word, text.length);
    const spelled = /^[B-DF-HJ-NP-TV-XZ]{1,5}$/.test(whole) || /^[A-Z]{2,3}$/.test(whole);
    if (spelled)
      return [...small].flatMap((letter, at) =>
        onto(spread(LETTER_NAMES[letter]!.split(' '), 1), from + at, word, 1),
      );
    const plain = small.normalize('NFD').replace(/\p{M}/gu, '');
    return onto(read(plain), from, word, text.length);
  }
  const phones = onto(read(small), from, word, text.length);
  // A weak e between consonants is often not said.
  return base === 'fr'
    ? phones.map((phone) => (phone.id === 'ax' ? { ...phone, mute: true } : phone))
    : phones;
}

/** The phones that a lexicon asks for. */
function idsOf({ sounds, say = '' }: Pronunciation, lang: string, read: ReadWord): string[] {
  if (sounds) return sounds.map(({ id }) => id);
  return wordsOfText(say).flatMap((one) => readWord(one, 0, lang, read).map(({ id }) => id));
}

function onto(sounds: readonly SpelledSound[], from: number, word: number, length: number): AskedPhone[] {
  return sounds.map(({ id, from: at }) => ({ id, from: from + Math.min(at, length - 1), word }));
}
