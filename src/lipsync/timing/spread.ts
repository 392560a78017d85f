import type { Cue, WordMark } from '../../speech/cue.ts';
import type { Lexicon } from '../../speech/lexicon.ts';
import { VISEME_INDEX, VISEMES } from '../../speech/viseme.ts';
import { type ReadWord, readWord } from './g2p/read-text.ts';
import { wordsOfText } from './g2p/words.ts';
import { Script, type Unit, usualSeconds } from './script.ts';

/** A pause at a mark of punctuation, seconds in usual speech. */
const PAUSE_SECONDS = 0.2;
/** What is said before a pause is drawn out from its last vowel on, by this much (Klatt 1976). */
const DRAWN_OUT = 1.6;

/** What is known of a line whose sound is not looked at. */
export interface SpreadOptions {
  readonly text: string;
  /** BCP 47. */
  readonly lang: string;
  readonly read: ReadWord;
  /** How words are said that are not read as they are spelled. */
  readonly lexicon?: Lexicon | undefined;
  /** When speech begins and ends, seconds; without an end, speech is taken to be as fast as usual. */
  readonly start?: number;
  readonly end?: number;
  /** Words whose times are known: their sounds are spread within them. */
  readonly words?: readonly WordMark[];
}

/**
 * Cues and words of a text by the usual length of each sound: within the times of words where a service tells them, else
 * over the whole of the speech. Good to a tenth of a second or two.
 */
export function spreadText({ text, lang, read, lexicon, start = 0, end, words = [] }: SpreadOptions): {
  cues: Cue[];
  words: WordMark[];
} {
  const readable = wordsOfText(text, lexicon, lang);
  const script = new Script();
  script.append(
    readable.flatMap((word, index) => readWord(word, index, lang, read)),
    (word) => readable[word]!.marked,
  );
  const units = script.units.slice(1).filter((unit) => unit.word >= 0 || pause(unit) > 0);
  const lengths = lengthsOf(units);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const pace = end === undefined ? 1 : Math.max(end - start, 0) / Math.max(total, 1e-9);
  const cues: Cue[] = [];
  const told = new Map<number, { start: number; end: number }>();
  let time = start;
  for (let u = 0; u < units.length; ) {
    const { word } = units[u]!;
    let last = u;
    while (last < units.length && units[last]!.word === word) last++;
    const group = lengths.slice(u, last);
    const length = group.reduce((sum, one) => sum + one, 0);
    const { from, to } = readable[word] ?? { from: -1, to: -1 };
    const marks = word < 0 ? [] : words.filter((mark) => mark.from < to && from < mark.to);
    const begun = marks.length > 0 ? Math.max(marks[0]!.start, cues.at(-1)?.end ?? 0) : time;
    const over = marks.length > 0 ? Math.max(marks.at(-1)!.end, begun) : time + length * pace;
    if (word >= 0) {
      told.set(word, { start: begun, end: over });
      lay(cues, units.slice(u, last), group, begun, (over - begun) / length);
    }
    time = over;
    u = last;
  }
  return {
    cues,
    words: [...told].map(([word, span]) => {
      const { from, to } = readable[word]!;
      return { text: text.slice(from, to), ...span, from, to };
    }),
  };
}

function lay(
  cues: Cue[],
  units: readonly Unit[],
  lengths: readonly number[],
  start: number,
  pace: number,
): void {
  let time = start;
  for (const [index, { viseme, weight, from }] of units.entries()) {
    const end = time + lengths[index]! * pace;
    if (end > time) cues.push({ viseme: VISEMES[viseme]!, start: time, end, weight, from });
    time = end;
  }
}

/** Usual lengths of units, seconds. */
function lengthsOf(units: readonly Unit[]): number[] {
  const lengths = units.map((unit) => (unit.word < 0 ? pause(unit) : usualSeconds(unit.sound)));
  for (let u = 0; u < units.length; u++) {
    const last = units[u]!.word >= 0 && (units[u + 1]?.word ?? -1) < 0;
    for (let back = u; last && back >= 0 && units[back]!.word === units[u]!.word; back--) {
      lengths[back] = lengths[back]! * DRAWN_OUT;
      if (units[back]!.viseme >= VISEME_INDEX.aa) break;
    }
  }
  return lengths;
}

/** A pause that nothing asks for takes no time. */
function pause({ optional = 0 }: Unit): number {
  return optional > -1 ? PAUSE_SECONDS : 0;
}
