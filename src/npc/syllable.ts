import type { Cue, WordMark } from '../speech/cue.ts';
import type { Viseme } from '../speech/viseme.ts';

/** Shapes of vowels: the middle of a syllable. */
const VOWELS: ReadonlySet<Viseme> = new Set(['aa', 'E', 'I', 'O', 'U']);

/**
 * Line time, seconds, at which the syllable spoken at `from` ends: the end of a word or of a vowel that is followed by
 * no other vowel, whichever comes first after `from`; `from + within` where none comes so soon.
 */
export function syllableEnd(
  cues: readonly Cue[],
  words: readonly WordMark[],
  from: number,
  within: number,
): number {
  let end = from + within;
  for (const word of words) if (word.end > from && word.end < end) end = word.end;
  for (const [index, cue] of cues.entries()) {
    if (cue.end <= from || cue.end >= end || !VOWELS.has(cue.viseme)) continue;
    const next = cues[index + 1];
    if (!next || !VOWELS.has(next.viseme)) end = cue.end;
  }
  return end;
}
