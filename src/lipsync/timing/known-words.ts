import type { Lexicon, Pronunciation } from '../../speech/lexicon.ts';
import { wordsOfText } from './g2p/read-text.ts';

/** How words are said, by the word in small letters, without accents too: a lexicon as plain data. */
export type KnownWords = ReadonlyMap<string, Pronunciation>;

/** The words of a text that a lexicon knows. */
export function knownWords(text: string, lang: string, lexicon: Lexicon | undefined): KnownWords {
  const known = new Map<string, Pronunciation>();
  if (!lexicon) return known;
  for (const word of wordsOfText(text)) {
    const small = word.text.replaceAll('’', "'").normalize('NFC').toLowerCase();
    const found = lexicon.find(small, lang) ?? withoutEnding(small, lang, lexicon);
    if (!found) continue;
    known.set(small, found);
    known.set(small.normalize('NFD').replace(/\p{M}/gu, ''), found);
  }
  return known;
}

/** Of "mira's" and "players'" the word before; what the ending sounds like is added. */
function withoutEnding(word: string, lang: string, lexicon: Lexicon): Pronunciation | undefined {
  const [, stem = '', ending = ''] = /^(.+)'(s?)$/.exec(word) ?? [];
  const found = stem === '' ? undefined : lexicon.find(stem, lang);
  if (!found || ending === '') return found;
  if (found.say !== undefined) return { say: `${found.say}'s` };
  return { ipa: `${found.ipa}z`, sounds: [...found.sounds, { id: 'z', stress: 0 }] };
}

/** A lexicon of those words alone. */
export function lexiconOf(known: KnownWords): Lexicon {
  return { find: (word) => known.get(word) };
}
