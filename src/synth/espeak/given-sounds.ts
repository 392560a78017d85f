import { type MappedText, type Replacement, replacePieces } from '../../speech/index-map.ts';
import type { SaidSounds } from '../../speech/lexicon.ts';
import type { MnemonicWriter } from './mnemonics.ts';

/** What English adds to a name: the engine would read it as a letter after sounds that were given. */
const POSSESSIVE = /^['’]s(?![\p{L}\p{N}])/u;
const HISSING = /[szʃʒ]$/;
const VOICELESS = /[ptkfθ]$/;

/** The text with given sounds in the engine's own writing; `voice` names the voice that it is set to. */
export function withGivenSounds(
  text: string,
  said: readonly SaidSounds[],
  writer: MnemonicWriter,
  voice: string,
): MappedText {
  const replacements: Replacement[] = [];
  for (const { from, to, ipa } of said) {
    const ending = voice.startsWith('en') ? (POSSESSIVE.exec(text.slice(to))?.[0] ?? '') : '';
    const sounds = writer.write(ending === '' ? ipa : ipa + endingOf(ipa), voice);
    if (sounds !== '') replacements.push({ from, to: to + ending.length, by: `[[${sounds}]]` });
  }
  return replacePieces(text, replacements);
}

function endingOf(ipa: string): string {
  if (HISSING.test(ipa)) return 'ɪz';
  return VOICELESS.test(ipa) ? 's' : 'z';
}
