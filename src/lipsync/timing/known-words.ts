import { type Lexicon, lexiconKey, type Pronunciation, stretchesInLexicon } from '../../speech/lexicon.ts';

/** How words are said, by the key of each: a lexicon as plain data. */
export type KnownWords = ReadonlyMap<string, Pronunciation>;

/** The stretches of a text that a lexicon knows. */
export function knownWords(text: string, lang: string, lexicon: Lexicon | undefined): KnownWords {
  const stretches = lexicon ? stretchesInLexicon(text, lang, lexicon) : [];
  return new Map(stretches.map(({ from, to, said }) => [lexiconKey(text.slice(from, to)), said]));
}

/** A lexicon of those words alone. */
export function lexiconOf(known: KnownWords): Lexicon {
  return { find: (word) => known.get(lexiconKey(word)) };
}
