import { smoothStep } from '../lipsync/smooth.ts';
import type { WordMark } from '../speech/cue.ts';
import { CHANNEL } from './channels.ts';
import { chance } from './noise.ts';

const {
  headPitch: HEAD_PITCH,
  browInnerUp: BROW_INNER_UP,
  browOuterUpLeft: BROW_OUTER_UP_LEFT,
  browOuterUpRight: BROW_OUTER_UP_RIGHT,
} = CHANNEL;

/*
 * Speakers nod and lift their brows on words that carry weight, within about 100 ms of the stressed syllable (Hadar et
 * al. 1983; Graf et al. 2002; Swerts & Krahmer 2008). Which words carry weight is not known here: longer ones more
 * often, "the" and "of" never.
 */
/** An accent begins this long before its word, seconds. */
const BEFORE = 0.08;
const RISE = 0.14;
const FALL = 0.32;
/** A nod goes down by this much at most, radians (about 2.6°). */
const NOD = 0.045;
const BROW = 0.22;
/** Words of so many letters and fewer carry no accent. */
const LIGHT = 3;

/** How much accent a word carries, 0 to 1. */
function weightOf(word: WordMark, seed: number): number {
  const letters = word.to - word.from;
  if (letters <= LIGHT) return 0;
  const likely = 0.25 + 0.09 * (letters - LIGHT);
  return chance(seed, word.from * 2) < likely ? 0.45 + 0.55 * chance(seed, word.from * 2 + 1) : 0;
}

/**
 * Adds the nods and brow lifts of a spoken line to the pose: a pure function of `seed`, the words and the playhead
 * (line time, seconds). `amount` scales them, 0 to 1. Words are in rising order.
 */
export function addAccents(
  pose: Float32Array,
  seed: number,
  words: readonly WordMark[],
  playhead: number,
  amount: number,
): void {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle]!.start - BEFORE + RISE + FALL > playhead) high = middle;
    else low = middle + 1;
  }
  let nod = 0;
  let brow = 0;
  for (let i = low; i < words.length && words[i]!.start - BEFORE < playhead; i++) {
    const word = words[i]!;
    const since = playhead - (word.start - BEFORE);
    const weight = weightOf(word, seed) * smoothStep(since / RISE) * smoothStep((RISE + FALL - since) / FALL);
    nod = Math.max(nod, weight);
    if (chance(seed, word.to) < 0.4) brow = Math.max(brow, weight);
  }
  pose[HEAD_PITCH] = pose[HEAD_PITCH]! - NOD * nod * amount;
  pose[BROW_INNER_UP] = pose[BROW_INNER_UP]! + BROW * brow * amount;
  pose[BROW_OUTER_UP_LEFT] = pose[BROW_OUTER_UP_LEFT]! + 0.6 * BROW * brow * amount;
  pose[BROW_OUTER_UP_RIGHT] = pose[BROW_OUTER_UP_RIGHT]! + 0.6 * BROW * brow * amount;
}
