import type { Phone } from '../lipsync/phones.ts';
import type { EmphasisLevel } from '../speech/marks.ts';
import type { SpokenText } from '../speech/spoken-text.ts';

/** How much louder than their neighbours words are made: 3.5, 2 and -3 dB. */
const GAINS: Readonly<Record<EmphasisLevel, number>> = { strong: 1.5, moderate: 1.26, reduced: 0.7 };

/** Time in which the loudness changes, seconds: it lies in the sounds before and after. */
const RAMP = 0.02;

/** Full scale of 16-bit samples. */
const FULL_SCALE = 32_767;

/**
 * Makes emphasised words of a stretch louder, in place. `phones` are in line time, with their letters in the text as
 * given; `start` is the line time of the first sample.
 */
export function emphasise(
  samples: Int16Array,
  sampleRate: number,
  start: number,
  phones: readonly Phone[],
  emphasis: SpokenText['emphasis'],
): void {
  for (const { from, to, level } of emphasis) {
    const said = phones.filter((phone) => phone.id !== 'pau' && phone.from! >= from && phone.from! < to);
    if (said.length === 0) continue;
    const begin = (said[0]!.start - start) * sampleRate;
    const end = (said.at(-1)!.end - start) * sampleRate;
    const ramp = RAMP * sampleRate;
    const last = Math.min(samples.length, Math.ceil(end + ramp));
    for (let index = Math.max(0, Math.floor(begin - ramp)); index < last; index++) {
      const share = Math.min(1, Math.max(0, 1 - Math.max(begin - index, index - end) / ramp));
      const louder = samples[index]! * (1 + (GAINS[level] - 1) * share);
      samples[index] = Math.max(-FULL_SCALE, Math.min(FULL_SCALE, Math.round(louder)));
    }
  }
}
