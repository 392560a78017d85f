import { EnglishReader } from './g2p/english.ts';
import { type ReadWord, ruledReader } from './g2p/read-text.ts';
import type { SoundModel } from './hearing.ts';
import { decoding, finish, readingMatrices } from './model.ts';

/** What tells sounds, as it is stored: it can be handed to another thread. */
export type PackedSounds = string;

/** What reads English, as it is stored. */
export interface PackedEnglish {
  readonly weights: string;
  readonly labels: string;
  readonly letters: string;
  readonly phones: string;
  readonly exceptions: string;
}

/** Loads what tells sounds: a module of its own, some 170 kB, that nothing else loads. */
export async function loadPackedSounds(): Promise<PackedSounds> {
  return (await import('./lore/sounds.ts')).SOUND_WEIGHTS;
}

/** Loads what reads English: a module of its own, some 250 kB, that nothing else loads. */
export async function loadPackedEnglish(): Promise<PackedEnglish> {
  const lore = await import('./lore/english.ts');
  return {
    weights: lore.ENGLISH_WEIGHTS,
    labels: lore.ENGLISH_LABELS,
    letters: lore.EXCEPTION_LETTERS,
    phones: lore.EXCEPTION_PHONES,
    exceptions: lore.ENGLISH_EXCEPTIONS,
  };
}

/** Whether a language is read by what {@link loadPackedEnglish} loads. */
export const isEnglish = (lang: string): boolean => /^en([-_]|$)/i.test(lang);

/** Unpacks what tells sounds, in small steps. */
export function* unpackingSounds(packed: PackedSounds): Generator<void, SoundModel> {
  const [first, second, gateInput, gateState, last] = yield* readingMatrices(yield* decoding(packed));
  return { first: first!, second: second!, gateInput: gateInput!, gateState: gateState!, last: last! };
}

/** Unpacks what reads English, in small steps. */
export function* unpackingEnglish(packed: PackedEnglish): Generator<void, ReadWord> {
  const { labels, letters, phones, exceptions } = packed;
  const matrices = yield* readingMatrices(yield* decoding(packed.weights));
  const reader = new EnglishReader({
    matrices,
    labels: labels.split(','),
    letters,
    phones: phones.split(' '),
    exceptions,
  });
  return (word) => reader.read(word);
}

let sounds: Promise<SoundModel> | undefined;
let english: Promise<ReadWord> | undefined;

/** The model that tells sounds, loaded and unpacked on first use. */
export function loadSoundModel(): Promise<SoundModel> {
  sounds ??= loadPackedSounds().then((packed) => finish(unpackingSounds(packed)));
  return sounds;
}

/**
 * A reader of words in a language: en, es, fr, pt, ko, de or it, with or without a region; undefined for others. That of
 * English is loaded on first use.
 */
export async function loadReader(lang: string): Promise<ReadWord | undefined> {
  if (!isEnglish(lang)) return ruledReader(lang);
  english ??= loadPackedEnglish().then((packed) => finish(unpackingEnglish(packed)));
  return english;
}
