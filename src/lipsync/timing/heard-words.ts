import type { Step } from './aligner.ts';
import { HOP } from './mel.ts';
import type { Unit } from './script.ts';

/** What a sound may lack against the best one in its frames, at worst, and what one lacks that has none: natural logarithms. */
const WORST = -4;
/**
 * The odds of a word being said, by what its sounds lack on average: even at the first, and steeper the larger the second.
 * Logistic regression over right, wrong and mixed texts in voices that training heard.
 */
const EVEN = -2.35;
const STEEP = 1.4;
/** The odds of a word being as the one before it is: texts fit or fail in runs, natural logarithm. */
const RUN = 3;
/** The probability of the contrary. */
const CHANGE = 1 / (1 + Math.exp(RUN));

/** A line that is over: the most likely path of its text through it, and what was heard in each frame. */
export interface HeardLine {
  readonly units: readonly Unit[];
  /** Number of words of the text. */
  readonly words: number;
  readonly path: readonly Step[];
  readonly frames: number;
  /** Log likelihood of a sound in a frame less that of the best one: 0 or below. */
  lacking(frame: number, sound: number): number;
  /** The probability that something is said in a frame. */
  speech(frame: number): number;
}

/** What of a text was heard in a line. */
export interface HeardText {
  /** By word; undefined for those that were not said. */
  readonly spans: readonly ({ readonly start: number; readonly end: number } | undefined)[];
  /** The share of the text that was said, times the share of the speech that it accounts for. */
  readonly confidence: number;
}

/**
 * Tells which words of a text were said, and when: by how well the sounds that it asks for fit, against whatever sound
 * fits best in the same frames, word by word and by the words beside (forward-backward, Rabiner 1989).
 */
export function hearText(line: HeardLine): HeardText {
  const { units, words, path, frames } = line;
  const held = new Float64Array(units.length);
  const lacking = new Float64Array(units.length);
  const spans: { start: number; end: number }[] = [];
  let elsewhere = 0;
  for (const [index, { unit, frame }] of path.entries()) {
    const until = path[index + 1]?.frame ?? frames;
    const { word, sound } = units[unit]!;
    for (let f = frame; f < until; f++) {
      if (word < 0) elsewhere += line.speech(f);
      else lacking[unit] = lacking[unit]! + line.lacking(f, sound);
    }
    held[unit] = held[unit]! + until - frame;
    // A path that was decided on the way may go back to the word before for a moment; its time is over then.
    if (word < 0 || word < spans.length - 1) continue;
    const span = spans[word];
    if (span) span.end = until * HOP;
    else spans[word] = { start: frame * HOP, end: until * HOP };
  }
  const said = saidWords(oddsOf(units, words, held, lacking));
  let [asked, found, inWords, covered] = [0, 0, 0, 0];
  for (const [u, { word }] of units.entries()) {
    if (word < 0) continue;
    asked++;
    found += said[word]!;
    inWords += held[u]!;
    covered += held[u]! * said[word]!;
  }
  return {
    spans: Array.from(said, (probability, word) => (probability < 0.5 ? undefined : spans[word])),
    confidence: inWords === 0 ? 0 : (found / asked) * (covered / (inWords + elsewhere)),
  };
}

/** The odds of each word, taken by itself, of having been said, natural logarithm. */
function oddsOf(
  units: readonly Unit[],
  words: number,
  held: Float64Array,
  lacking: Float64Array,
): Float64Array {
  const sum = new Float64Array(words);
  const sounds = new Float64Array(words);
  for (const [u, { word, optional }] of units.entries()) {
    const frames = held[u]!;
    if (word < 0 || (frames === 0 && optional !== undefined)) continue;
    sum[word] = sum[word]! + (frames === 0 ? WORST : Math.max(lacking[u]! / frames, WORST));
    sounds[word] = sounds[word]! + 1;
  }
  return sum.map((lacks, word) => (sounds[word]! > 0 ? STEEP * (lacks / sounds[word]! - EVEN) : 0));
}

/** The probability of each word of having been said, by its own odds and those of the words around it. */
function saidWords(odds: Float64Array): Float64Array {
  const likely = odds.map((one) => 1 / (1 + Math.exp(-one)));
  const said = new Float64Array(odds.length);
  let before = 0.5;
  for (let word = 0; word < said.length; word++) {
    before = both(likely[word]!, word === 0 ? 0.5 : beside(before));
    said[word] = before;
  }
  let after = 0.5;
  for (let word = said.length - 1; word >= 0; word--) {
    said[word] = both(said[word]!, after);
    after = beside(both(likely[word]!, after));
  }
  return said;
}

/** Of two that know of one thing independently. */
function both(one: number, other: number): number {
  return (one * other) / (one * other + (1 - one) * (1 - other));
}

/** The probability of a word, by that of the one beside it. */
function beside(probability: number): number {
  return probability * (1 - CHANGE) + (1 - probability) * CHANGE;
}
