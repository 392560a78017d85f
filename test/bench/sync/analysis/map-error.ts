import type { LineLog } from '../recording.ts';
import { beyond, type HeardMap } from './heard.ts';
import { median } from './statistics.ts';

/** How far the player's own gap map is off what was decoded. */
export interface MapError {
  /** Places compared, and places that could not be. */
  readonly count: number;
  readonly lost: number;
  /** Median of the differences where one decoded sample is heard, context frames; with their sign. */
  readonly typical: number;
  /**
   * Largest difference, context frames; rounded to a thousandth, which is what the map's seconds can tell. In the
   * crossfades of stretched time two places are heard, and the map must lie between them.
   */
  readonly worst: number;
}

/** Compares the map of one line wherever sound of it was decoded, and in the gaps between. */
export function mapError(line: number, log: LineLog, heard: HeardMap, sampleRate: number): MapError {
  const pieces = heard.of(line);
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (!first || !last) return { count: 0, lost: 0, typical: Number.NaN, worst: Number.NaN };
  let worst = 0;
  let lost = 0;
  const offs: number[] = [];
  let count = 0;
  for (const [index, lineTime] of log.map.entries()) {
    const context = log.mapFrom + index * log.mapStep;
    if (context < first.context || context > last.context + last.frames) continue;
    const at = heard.at(line, context)!;
    if (at.where === 'lost') {
      lost++;
      continue;
    }
    if (at.where === 'piece') offs.push(beyond(at, lineTime * sampleRate));
    worst = Math.max(worst, Math.abs(beyond(at, lineTime * sampleRate)));
    count++;
  }
  return { count, lost, typical: rounded(median(offs)), worst: rounded(worst) };
}

function rounded(frames: number): number {
  return Math.round(frames * 1000) / 1000;
}
