import { replacePieces } from '../../speech/index-map.ts';
import { ARPABET_VOWELS } from '../../speech/ipa.ts';
import type { SaidSounds } from '../../speech/lexicon.ts';

/** A text in which made-up words stand for sounds that were given, and the entries that tell Flite how to say them. */
export interface FliteText {
  readonly text: string;
  /** Lines of `-add_lex`; empty where no sounds were given. */
  readonly addenda: string;
}

/** Sounds of ARPAbet that Flite's English does not have, and what comes nearest. */
const NEAREST: Readonly<Record<string, string>> = {
  ix: 'ih',
  axr: 'er',
  dx: 'd',
  nx: 'n',
  wh: 'w',
  el: 'l',
  em: 'm',
  en: 'n',
};

/**
 * Puts a word that no dictionary has in the place of each stretch, so that the same spelling elsewhere is said as ever.
 * The phones are aligned with the text as it was, so nobody sees it.
 */
export function withGivenSounds(text: string, said: readonly SaidSounds[]): FliteText {
  const words = said.map((_, index) => madeUp(index));
  const replacements = said.map(({ from, to }, index) => ({ from, to, by: words[index]! }));
  const addenda = said.map(({ sounds }, index) => {
    const phones = sounds.map(({ id, stress }) => {
      const known = NEAREST[id] ?? id;
      return ARPABET_VOWELS.has(id) ? `${known}${stress === 0 ? 0 : 1}` : known;
    });
    return `${words[index]} : ${phones.join(' ')}\n`;
  });
  return { text: replacePieces(text, replacements).text, addenda: addenda.join('') };
}

/** Vozama, vozame … vozuda: readable, so that none is spelled out. */
function madeUp(index: number): string {
  const vowel = (at: number) => 'aeiou'[at % 5]!;
  return `voz${vowel(index)}m${vowel(Math.floor(index / 5))}d${vowel(Math.floor(index / 25))}`;
}
