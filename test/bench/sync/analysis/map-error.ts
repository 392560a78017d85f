import type { LineLog } from '../recording.ts';
import type { HeardMap } from './heard.ts';

/** How far the player's own gap map is off what was decoded. */
export interface MapError {
  /** Places compared. */
  readonly count: number;
  /** Largest difference, context frames; rounded to a thousandth, which is what the map's seconds can tell. */
  readonly worst: number;
  /** Largest difference in crossfades between two places of the line, context frames: there are two truths. */
  readonly worstInSplices: number;
}

/** Compares the map of one line wherever sound of it was decoded, and in the gaps between. */
export function mapError(line: number, log: LineLog, heard: HeardMap, sampleRate: number): MapError {
  const pieces = heard.of(line);
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (!first || !last) return { count: 0, worst: Number.NaN, worstInSplices: 0 };
  let worst = 0;
  let worstInSplices = 0;
  let count = 0;
  for (const [index, lineTime] of log.map.entries()) {
    const context = log.mapFrom + index * log.mapStep;
    if (context < first.context || context > last.context + last.frames) continue;
    const at = heard.at(line, context)!;
    const mapped = lineTime * sampleRate;
    const off = Math.max(at.frame - mapped, mapped - at.until, 0);
    if (at.where === 'splice') worstInSplices = Math.max(worstInSplices, off);
    else worst = Math.max(worst, off);
    count++;
  }
  return { count, worst: rounded(worst), worstInSplices: rounded(worstInSplices) };
}

function rounded(frames: number): number {
  return Math.round(frames * 1000) / 1000;
}
