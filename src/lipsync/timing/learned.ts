import { EnglishReader } from './g2p/english.ts';
import { type ReadWord, ruledReader } from './g2p/read-text.ts';
import type { SoundModel } from './hearing.ts';
import { bytesOf, readMatrices } from './model.ts';

let sounds: Promise<SoundModel> | undefined;
let english: Promise<ReadWord> | undefined;

/** The model that tells sounds, unpacked on first use: a module of its own, some 170 kB, that nothing else loads. */
export function loadSoundModel(): Promise<SoundModel> {
  sounds ??= (async () => {
    const { SOUND_WEIGHTS } = await import('./lore/sounds.ts');
    const [first, second, gateInput, gateState, last] = readMatrices(bytesOf(SOUND_WEIGHTS));
    return { first: first!, second: second!, gateInput: gateInput!, gateState: gateState!, last: last! };
  })();
  return sounds;
}

/**
 * A reader of words in a language: en, es, fr, pt, ko, de or it, with or without a region; undefined for others. That of
 * English is a module of its own, loaded on first use.
 */
export async function loadReader(lang: string): Promise<ReadWord | undefined> {
  if (!/^en([-_]|$)/i.test(lang)) return ruledReader(lang);
  english ??= (async () => {
    const lore = await import('./lore/english.ts');
    const phones = lore.EXCEPTION_PHONES.split(' ');
    const phoneOf = (letter: string): string => phones[lore.EXCEPTION_LETTERS.indexOf(letter)]!;
    const exceptions = new Map(
      lore.ENGLISH_EXCEPTIONS.split(' ').map((row) => {
        const at = row.indexOf('_');
        return [row.slice(0, at), Array.from(row.slice(at + 1), phoneOf).join(' ')];
      }),
    );
    const weights = bytesOf(lore.ENGLISH_WEIGHTS);
    const reader = new EnglishReader({ weights, labels: lore.ENGLISH_LABELS.split(','), exceptions });
    return (word: string) => reader.read(word);
  })();
  return english;
}
