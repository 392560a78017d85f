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
    const found = lexicon.find(small, lang);
    if (!found) continue;
    known.set(small, found);
    known.set(small.normalize('NFD').replace(/\p{M}/gu, ''), found);
  }
  return known;
}

/** A lexicon of those words alone. */
export function lexiconOf(known: KnownWords): Lexicon {
  return { find: (word) => known.get(word) };
}
