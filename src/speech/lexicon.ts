import { Field } from './field.ts';
import type { Replacement } from './index-map.ts';
import {
  type PronouncedSound,
  soundsOfArpabet,
  soundsOfIpa,
  strangersToArpabet,
  strangersToIpa,
} from './ipa.ts';

/** How a word is said: by its sounds, or by other words. */
export type Pronunciation =
  | { readonly ipa: string; readonly sounds: readonly PronouncedSound[]; readonly say?: undefined }
  | { readonly say: string; readonly ipa?: undefined; readonly sounds?: undefined };

/** A stretch of a text whose sounds are given: `text.slice(from, to)`. */
export interface SaidSounds {
  readonly from: number;
  readonly to: number;
  readonly ipa: string;
  readonly sounds: readonly PronouncedSound[];
}

/** Words of a game and how they are said, by language. Made by {@link readLexicon}. */
export interface Lexicon {
  /** How a word is said; letter case and the way accents are written do not matter. `lang` is a BCP 47 code. */
  find(word: string, lang: string): Pronunciation | undefined;
}

/** A word with what holds it together: it's, well-known. */
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*/gu;

const WHOLE_WORD = new RegExp(`^(?:${WORD.source})$`, 'u');

/** A BCP 47 code, or {@link ANY}. */
const LANGUAGE = /^(?:\*|[a-z]{2,3}(?:[-_][a-z0-9]{1,8})*)$/i;

/** Longest pronunciation and replacement, characters. */
const LONGEST = 200;

/** The language under which words of every language stand. */
const ANY = '*';

/**
 * Reads a lexicon: `{ version: 1, words: { en: { Mira: "ˈmiːɹə", Parley: { arpabet: "P AE1 R L IY0" }, NPC: { say: "en
 * pee see" } }, "*": { … } } }`. A plain string is IPA. Words of a region (`en-GB`) go before those of its language, and
 * those before `*`. Throws {@link InputError}, which names the place, for what is no lexicon, no IPA and no ARPAbet, and
 * for words that no text can have: two with a blank between, `Dr.`, one that stands there twice.
 */
export function readLexicon(value: unknown, file = 'lexicon.json'): Lexicon {
  const field = new Field(value, file);
  field.get('version').oneOf([1] as const);
  const languages = new Map<string, Map<string, Pronunciation>>();
  const written = new Map<string, string>();
  for (const name of namesOf(field.get('words'))) {
    const list = field.get('words').get(name);
    if (!LANGUAGE.test(name))
      throw list.wrong(`a language code such as "en" or "en-GB", or "*"`, `"${name}"`);
    const lang = langKey(name);
    const words = languages.get(lang) ?? new Map<string, Pronunciation>();
    languages.set(lang, words);
    for (const word of namesOf(list)) {
      const key = lexiconKey(word);
      if (!WHOLE_WORD.test(word)) {
        throw list
          .get(word)
          .wrong(`one word, of letters and digits, which "'" and "-" may join`, `"${word}"`);
      }
      const other = written.get(`${lang} ${key}`);
      if (other !== undefined) throw list.get(word).wrong('a word of its own', `that of ${other}`);
      written.set(`${lang} ${key}`, word);
      words.set(key, readPronunciation(list.get(word)));
    }
  }
  return {
    find(word, lang) {
      const key = lexiconKey(word);
      const parts = langKey(lang).split('-');
      for (; parts.length > 0; parts.pop()) {
        const found = languages.get(parts.join('-'))?.get(key);
        if (found) return found;
      }
      return languages.get(ANY)?.get(key);
    },
  };
}

/** A stretch of a text that a lexicon knows: `text.slice(from, to)`. */
export interface KnownStretch {
  readonly from: number;
  readonly to: number;
  readonly said: Pronunciation;
}

/**
 * The stretches of a text that a lexicon knows, in their order: whole words, as long as may be of what hyphens join, and
 * the word before 's.
 */
export function stretchesInLexicon(text: string, lang: string, lexicon: Lexicon): KnownStretch[] {
  return Array.from(text.matchAll(WORD)).flatMap(({ 0: word, index }) =>
    stretchesOf(word, lang, lexicon).map(({ from, to, said }) => ({
      from: index + from,
      to: index + to,
      said,
    })),
  );
}

/** The words of a text that a lexicon knows: those said by their sounds, and those said by other words. */
export function wordsInLexicon(
  text: string,
  lang: string,
  lexicon: Lexicon,
): { sounds: SaidSounds[]; replacements: Replacement[] } {
  const sounds: SaidSounds[] = [];
  const replacements: Replacement[] = [];
  for (const { from, to, said } of stretchesInLexicon(text, lang, lexicon)) {
    if (said.say !== undefined) replacements.push({ from, to, by: said.say });
    else sounds.push({ from, to, ipa: said.ipa, sounds: said.sounds });
  }
  return { sounds, replacements };
}

const KINDS: ReadonlySet<string> = new Set(['ipa', 'arpabet', 'say']);

function readPronunciation(field: Field): Pronunciation {
  if (typeof field.value === 'string') return fromIpa(field);
  const kinds = namesOf(field).filter((name) => KINDS.has(name));
  const [kind] = kinds;
  if (kinds.length !== 1) {
    throw field.wrong('IPA, or an object with one of ipa, arpabet and say', kinds.join(' and ') || undefined);
  }
  if (kind === 'ipa') return fromIpa(field.get('ipa'));
  if (kind === 'say') return { say: bounded(field.get('say')) };
  const arpabet = field.get('arpabet');
  const { ipa, sounds } = soundsOfArpabet(bounded(arpabet));
  const strange = strangersToArpabet(bounded(arpabet));
  if (strange !== '' || sounds.length === 0) throw arpabet.wrong('ARPAbet such as "P AE1 R L IY0"');
  return { ipa, sounds };
}

function fromIpa(field: Field): Pronunciation {
  const ipa = bounded(field).replace(/^[/[]|[/\]]$/g, '');
  const sounds = soundsOfIpa(ipa);
  if (strangersToIpa(ipa) !== '' || sounds.length === 0) throw field.wrong('IPA such as "ˈmiːɹə"');
  return { ipa, sounds };
}

function bounded(field: Field): string {
  const text = field.text().trim();
  if (text === '' || text.length > LONGEST) throw field.wrong(`1 to ${LONGEST} characters`);
  return text;
}

function namesOf(field: Field): string[] {
  field.get(''); // An object, or an error that says so.
  return Object.keys(field.value as object);
}

function langKey(lang: string): string {
  return lang.toLowerCase().replaceAll('_', '-');
}

/** What a word is looked up by: letter case and the way accents and apostrophes are written do not matter. */
export function lexiconKey(word: string): string {
  return word.normalize('NFC').toLowerCase().replaceAll('’', "'");
}

function stretchesOf(word: string, lang: string, lexicon: Lexicon): KnownStretch[] {
  const parts = Array.from(word.matchAll(/[^-]+/g), ({ 0: part, index }) => ({
    from: index,
    to: index + part.length,
  }));
  const found: KnownStretch[] = [];
  for (let first = 0; first < parts.length; first++) {
    for (let last = parts.length - 1; last >= first; last--) {
      const known = findStretch(word, parts[first]!.from, parts[last]!.to, lang, lexicon);
      if (!known) continue;
      found.push(known);
      first = last;
      break;
    }
  }
  return found;
}

/** A stretch of a word as it stands, or without the 's of "Mira's". */
function findStretch(
  word: string,
  from: number,
  to: number,
  lang: string,
  lexicon: Lexicon,
): KnownStretch | undefined {
  const whole = word.slice(from, to);
  const said = lexicon.find(whole, lang);
  if (said) return { from, to, said };
  const stem = whole.replace(/['’]s?$/i, '');
  const known = stem === whole ? undefined : lexicon.find(stem, lang);
  return known && { from, to: from + stem.length, said: known };
}
