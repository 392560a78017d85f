/** A line in which lips and jaw have all their work to do, for tests of geometry. */
import type { Cue } from '../../src/speech/cue.ts';
import type { Viseme } from '../../src/speech/viseme.ts';

/** Every vowel between two closures, a cluster, and a closure much shorter than a frame may show: shapes and seconds. */
const SYLLABLES: readonly (readonly [Viseme, number])[] = [
  ['sil', 0.15],
  ...(['aa', 'E', 'I', 'O', 'U', 'aa'] as const).flatMap((vowel): [Viseme, number][] => [
    ['PP', 0.07],
    [vowel, 0.14],
  ]),
  ['PP', 0.07],
  ['SS', 0.1],
  ['PP', 0.03],
  ['aa', 0.15],
  ['FF', 0.07],
  ['PP', 0.07],
  ['aa', 0.14],
  ['sil', 0.2],
];

/** The cues of the line, spoken `speed` times as fast. */
export function syllables(speed = 1): Cue[] {
  let time = 0;
  return SYLLABLES.map(([viseme, seconds]) => {
    const start = time;
    time += seconds / speed;
    return { viseme, start, end: time, weight: 1 };
  });
}
