import { READING, READING_LENGTH } from '../../src/clock/gap-map.ts';
import type { LineAudio } from '../../src/playback/line-player.ts';

/** Line time, seconds, that is heard of a line at a performance time. */
export function playheadAt(line: LineAudio, performanceMs: number): number {
  const reading = new Float64Array(READING_LENGTH);
  line.readAt(performanceMs, reading);
  return reading[READING.line]!;
}
