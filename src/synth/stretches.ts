import { type MappedText, placeOf } from '../speech/index-map.ts';
import type { SaidSounds } from '../speech/lexicon.ts';
import { type Segment, segmentText } from '../speech/segment.ts';
import type { SpokenText } from '../speech/spoken-text.ts';

/** A segment, and the silence after it where the writer has set one, seconds. */
export interface Stretch extends Segment {
  readonly pauseAfter?: number;
}

/** The segments of a cleaned text between the pauses of the text it was made of, and the silence before the first. */
export function stretchesOf(
  clean: MappedText,
  pauses: SpokenText['pauses'],
): { lead: number; stretches: Stretch[] } {
  const stretches: Stretch[] = [];
  let lead = 0;
  let from = 0;
  for (const { at, seconds } of [...pauses, { at: Number.POSITIVE_INFINITY, seconds: 0 }]) {
    const to = placeOf(clean, at);
    for (const segment of segmentText(clean.text.slice(from, to)))
      stretches.push({ ...segment, from: segment.from + from, to: segment.to + from });
    from = to;
    const last = stretches.pop();
    if (!last) lead += seconds;
    else if (seconds > 0) stretches.push({ ...last, pauseAfter: (last.pauseAfter ?? 0) + seconds });
    else stretches.push(last);
  }
  return { lead, stretches };
}

/** The given sounds that lie whole within a segment, by their places in it. */
export function soundsWithin(
  sounds: readonly SaidSounds[],
  clean: MappedText,
  segment: Segment,
): SaidSounds[] {
  return sounds.flatMap((said) => {
    const from = placeOf(clean, said.from);
    const to = placeOf(clean, said.to);
    if (from < segment.from || to > segment.to || to <= from) return [];
    return [{ ...said, from: from - segment.from, to: to - segment.from }];
  });
}
