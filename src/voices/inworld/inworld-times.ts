import { soundsOfIpa } from '../../speech/ipa.ts';
import { VISEMES, type Viseme } from '../../speech/viseme.ts';
import type { TimedCharacter } from '../character-mouth.ts';
import type { TimedSound } from '../phone-mouth.ts';
import { isObject, type Json } from '../session/json-frame.ts';

/** A mouth shape, heard in the sound. */
export interface TimedViseme {
  readonly viseme: Viseme;
  readonly start: number;
  readonly end: number;
  readonly weight: number;
}

/** A word; the last of a chunk may not be settled, and is told again. */
export interface TimedWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly partial: boolean;
}

/** What a chunk says of when what is spoken, seconds from wherever the service counts. */
export interface InworldTimes {
  readonly words: readonly TimedWord[];
  readonly sounds: readonly TimedSound[];
  readonly characters: readonly TimedCharacter[];
  readonly visemes: readonly TimedViseme[];
}

export const NO_TIMES: InworldTimes = { words: [], sounds: [], characters: [], visemes: [] };

/** Sounds that stand for the service's own viseme symbols, where a sound is told that is no IPA. */
const LOOKS: Readonly<Record<string, string>> = {
  sil: '',
  aei: 'ɛ',
  bmp: 'p',
  cdgknstxyz: 't',
  chjsh: 'ʃ',
  ee: 'i',
  fv: 'f',
  l: 'l',
  o: 'ɔ',
  qw: 'w',
  r: 'ɹ',
  th: 'θ',
  u: 'u',
};

/** Names of the visemes as all who use OpenXR's set write them, in small letters. */
const NAMES: ReadonlyMap<string, Viseme> = new Map([
  ...VISEMES.map((viseme) => [viseme.toLowerCase(), viseme] as const),
  ['ih', 'I'],
  ['oh', 'O'],
  ['ou', 'U'],
]);

/** Reads the field `timestampInfo` of a chunk. Never throws; what cannot be read is left out. */
export function readInworldTimes(info: unknown): InworldTimes {
  if (!isObject(info)) return NO_TIMES;
  return {
    ...wordsOf(info.wordAlignment ?? info.word_alignment),
    characters: charactersOf(info.characterAlignment ?? info.character_alignment),
    visemes: visemesOf(info.lipsyncAlignment ?? info.lipsync_alignment),
  };
}

function wordsOf(alignment: unknown): Pick<InworldTimes, 'words' | 'sounds'> {
  if (!isObject(alignment)) return { words: [], sounds: [] };
  const details = listOf(alignment.phoneticDetails).filter(isObject);
  const partial = new Set(
    details.filter((detail) => detail.isPartial === true).map(({ wordIndex }) => wordIndex ?? 0),
  );
  const spans = spansOf(alignment.wordStartTimeSeconds, alignment.wordEndTimeSeconds);
  const words = listOf(alignment.words).flatMap((word, nth) => {
    const span = spans[nth];
    return typeof word === 'string' && span ? [{ word, ...span, partial: partial.has(nth) }] : [];
  });
  const sounds = details.flatMap(({ phones }) => listOf(phones).filter(isObject).flatMap(soundOf));
  return { words, sounds: sounds.toSorted((a, b) => a.start - b.start) };
}

/** Silence comes as a sound of its own, with the viseme of closed lips, which are no rest. */
function soundOf(phone: Json): TimedSound[] {
  const span = spanOf(phone);
  const { phoneSymbol: symbol, visemeSymbol: look } = phone;
  const told = typeof symbol === 'string' && (symbol.startsWith('[') || soundsOfIpa(symbol).length > 0);
  const ipa = told ? String(symbol) : typeof look === 'string' ? LOOKS[look] : undefined;
  return ipa === undefined || !span ? [] : [{ ipa, ...span }];
}

function charactersOf(alignment: unknown): TimedCharacter[] {
  if (!isObject(alignment)) return [];
  const spans = spansOf(alignment.characterStartTimeSeconds, alignment.characterEndTimeSeconds);
  return listOf(alignment.characters).flatMap((character, nth) => {
    const span = spans[nth];
    return typeof character === 'string' && span ? [{ character, ...span }] : [];
  });
}

/** The names of these fields could not be learned: objects in a list or lists side by side, by any plausible name. */
function visemesOf(alignment: unknown): TimedViseme[] {
  const own = isObject(alignment) ? alignment : {};
  const list = Array.isArray(alignment) ? alignment : listOf(own.visemes);
  const columns = list.every((item) => !isObject(item)) ? columnsOf(own, list) : list;
  const read = columns.filter(isObject).flatMap((item) => {
    const viseme = visemeOf(
      item.viseme ?? item.visemeSymbol ?? item.symbol ?? item.name ?? item.shape ?? item.id,
    );
    const start = timeIn(item, /start|begin|offset|^time/i);
    const weight = numberOf(item.weight ?? item.intensity ?? item.value) ?? 1;
    return viseme && start !== undefined
      ? [{ viseme, start, end: endIn(item, start), weight: Math.min(1, weight) }]
      : [];
  });
  // Where no end is told, a shape lasts to the next.
  return read.map(({ end, ...rest }, nth) => ({ ...rest, end: end ?? read[nth + 1]?.start ?? rest.start }));
}

function columnsOf(own: Json, names: readonly unknown[]): Json[] {
  const columns = Object.entries(own).filter(([name, column]) => name !== 'visemes' && Array.isArray(column));
  return names.map((viseme, nth) => ({
    viseme,
    ...Object.fromEntries(columns.map(([name, column]) => [name, (column as unknown[])[nth]])),
  }));
}

function visemeOf(name: unknown): Viseme | undefined {
  if (typeof name === 'number') return VISEMES[name];
  if (typeof name !== 'string') return undefined;
  return NAMES.get(name.toLowerCase().replace(/^.*viseme_|_meta$/g, ''));
}

function endIn(item: Json, start: number): number | undefined {
  const length = timeIn(item, /duration|length/i);
  return timeIn(item, /^end|End/) ?? (length === undefined ? undefined : start + length);
}

/** The time in a field whose name is of a kind; seconds, unless it says ms. */
function timeIn(item: Json, kind: RegExp): number | undefined {
  const name = Object.keys(item).find((each) => kind.test(each));
  const time = name === undefined ? undefined : numberOf(item[name]);
  return time === undefined ? undefined : /ms$|millis/i.test(name!) ? time / 1000 : time;
}

function spanOf(item: Json): { start: number; end: number } | undefined {
  // JSON of this kind leaves out zeros.
  const start = numberOf(item.startTimeSeconds ?? 0);
  const length = numberOf(item.durationSeconds ?? 0);
  return start === undefined || length === undefined ? undefined : { start, end: start + length };
}

function spansOf(starts: unknown, ends: unknown): { start: number; end: number }[] {
  const last = listOf(ends);
  return listOf(starts).map((start, nth) => ({ start: numberOf(start) ?? 0, end: numberOf(last[nth]) ?? 0 }));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
