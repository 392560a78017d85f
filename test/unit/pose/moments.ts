import { MOMENT, MOMENT_LENGTH } from '../../../src/pose/moment.ts';
import { Phrasing } from '../../../src/pose/phrasing.ts';
import type { WordMark } from '../../../src/speech/cue.ts';

/** A moment for tests; what is left out is 0. */
export function momentOf(fields: Partial<Record<keyof typeof MOMENT, number>>): Float64Array {
  const moment = new Float64Array(MOMENT_LENGTH);
  for (const [name, value] of Object.entries(fields)) moment[MOMENT[name as keyof typeof MOMENT]] = value;
  return moment;
}

/** The words of a text as if each were spoken in `seconds`, with a pause after every mark. */
export function wordsOf(text: string, seconds = 0.35, pause = 0.4): WordMark[] {
  let time = 0.1;
  return [...text.matchAll(/[\p{L}\p{N}'’-]+/gu)].map((match) => {
    const [from, to] = [match.index, match.index + match[0].length];
    const word = { text: match[0], start: time, end: time + seconds, from, to };
    time += seconds + 0.03 + (/^[.,;:!?…]/.test(text.slice(to)) ? pause : 0);
    return word;
  });
}

/** The phrases of a text, spoken as {@link wordsOf} has it. */
export function phrasingOf(text: string, seed = 1): Phrasing {
  const phrasing = new Phrasing(seed);
  phrasing.update(wordsOf(text), text);
  return phrasing;
}
