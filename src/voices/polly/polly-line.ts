import type { Cue, WordMark } from '../../speech/cue.ts';
import type { Viseme } from '../../speech/viseme.ts';
import { SpokenWords } from '../spoken-words.ts';
import { unescapeXml } from '../ssml.ts';
import { indexOfBytes, type PollyMark } from './polly-marks.ts';
import type { PollyAsk } from './polly-request.ts';

/** The service's visemes of all its languages, which it names by X-SAMPA, as they are seen. Case matters. */
const VISEMES: Readonly<Record<string, readonly [Viseme, number]>> = {
  sil: ['sil', 1],
  p: ['PP', 1],
  B: ['PP', 0.5], // β: lips come near.
  t: ['DD', 0.9],
  l: ['nn', 0.9],
  S: ['CH', 1],
  T: ['TH', 0.9],
  f: ['FF', 1],
  k: ['kk', 0.9],
  x: ['kk', 0.7],
  J: ['I', 0.6], // ʝ ʎ ɲ
  i: ['I', 0.9],
  r: ['RR', 0.9],
  s: ['SS', 1],
  u: ['U', 1],
  '@': ['E', 0.6],
  a: ['aa', 1],
  e: ['E', 1],
  E: ['E', 0.9],
  o: ['O', 1],
  O: ['O', 0.9],
};

/** For sounds that the table does not have: a tongue behind open lips. */
const UNKNOWN: readonly [Viseme, number] = ['DD', 0.5];

/** Longest time that a last word or sound stands where nothing tells its end, seconds. */
const LONGEST_LAST = 0.5;

/** Cues of all visemes: each lasts until the next. The last is the rest of the line, which {@link lastCue} makes. */
export function cuesOf(marks: readonly PollyMark[]): Cue[] {
  const visemes = visemesOf(marks);
  return visemes.slice(0, -1).flatMap((mark, index) => {
    const end = visemes[index + 1]!.time;
    const [viseme, weight] = VISEMES[mark.viseme] ?? UNKNOWN;
    return end > mark.time ? [{ viseme, start: mark.time, end, weight }] : [];
  });
}

/** What stands at the end of a line that lasts `duration` seconds: as a rule silence. */
export function lastCue(marks: readonly PollyMark[], duration: number): Cue[] {
  const last = visemesOf(marks).at(-1);
  if (!last) return [];
  const [viseme, weight] = VISEMES[last.viseme] ?? UNKNOWN;
  const end = viseme === 'sil' ? duration : Math.min(duration, last.time + LONGEST_LAST);
  return end > last.time ? [{ viseme, start: last.time, end, weight }] : [];
}

function visemesOf(marks: readonly PollyMark[]) {
  return marks.filter((mark) => mark.kind === 'viseme').sort((a, b) => a.time - b.time);
}

/**
 * The words of a line at their places in what is said. The service tells when each begins; it ends where the next begins, or
 * the mouth rests before that.
 */
export function wordsOf(marks: readonly PollyMark[], { spoken, input, places }: PollyAsk): WordMark[] {
  const words = marks.filter((mark) => mark.kind === 'word').sort((a, b) => a.time - b.time);
  const rests = visemesOf(marks).filter(({ viseme }) => viseme === 'sil');
  const bytes = indexOfBytes(input.Text);
  const seek = new SpokenWords(spoken.text);
  const placeOf = (byte: number) => places[bytes[Math.min(byte, bytes.length - 1)]!]!;
  return words.flatMap(({ time, from, to, text }, index) => {
    const rest = rests.find((mark) => mark.time > time)?.time ?? time + LONGEST_LAST;
    const end = Math.min(rest, words[index + 1]?.time ?? rest);
    if (end <= time) return [];
    const [first, last] = [placeOf(from), placeOf(to)];
    const there = spoken.text.slice(first, last);
    if (there === unescapeXml(text)) return [{ text: there, start: time, end, from: first, to: last }];
    // Counted otherwise than documented: the word itself tells where it stands.
    return seek.place(unescapeXml(text), time, end) ?? [];
  });
}
