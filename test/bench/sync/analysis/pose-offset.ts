import type { FrameLog } from '../recording.ts';
import type { ClockFit } from './clock-fit.ts';
import { beyond, type HeardMap } from './heard.ts';
import { leastSquares, median, quantile } from './statistics.ts';

/** How far the face was off the sound, frame by frame. */
export interface PoseOffset {
  /** Frames judged: all between the first and the last sample of a line, those in gaps included. */
  readonly count: number;
  /** How much earlier or later the sound was heard that the face shows, milliseconds; negative where the face is first. */
  readonly medianMs: number;
  /** How far the moment that is shown is from the one that is heard: 99 of 100 frames are nearer, milliseconds of the line. */
  readonly p99Ms: number;
  readonly worstMs: number;
  /** How the median moves, milliseconds a minute, and the standard error of that. */
  readonly driftMs: number;
  readonly driftErrorMs: number;
}

/** Frames that are taken together for the drift, milliseconds. */
const BLOCK_MS = 2_000;
const MINUTE_MS = 60_000;

/** What each frame showed against what was heard when it was drawn. */
export function poseOffset(
  frames: readonly FrameLog[],
  heard: HeardMap,
  clock: ClockFit,
  sampleRate: number,
): PoseOffset {
  const times: number[] = [];
  const offsets: number[] = [];
  const off: number[] = [];
  for (const { ms, line, playhead } of frames) {
    if (line < 0) continue;
    const at = heard.at(line, clock.contextTimeAt(ms) * sampleRate);
    if (!at || at.where === 'outside' || at.where === 'lost') continue;
    off.push((1000 * Math.abs(beyond(at, playhead * sampleRate))) / sampleRate);
    const shown = at.where === 'gap' ? undefined : heard.contextOf(line, playhead * sampleRate);
    if (shown === undefined) continue;
    times.push(ms);
    offsets.push(ms - clock.msAt(shown / sampleRate));
  }
  const { slope, error } = driftOf(times, offsets);
  return {
    count: off.length,
    medianMs: median(offsets),
    p99Ms: quantile(off, 0.99),
    worstMs: quantile(off, 1),
    driftMs: slope * MINUTE_MS,
    driftErrorMs: error * MINUTE_MS,
  };
}

/** The line through the medians of short stretches of time. */
function driftOf(times: readonly number[], offsets: readonly number[]): { slope: number; error: number } {
  const blocks = new Map<number, { times: number[]; offsets: number[] }>();
  for (const [index, ms] of times.entries()) {
    const key = Math.floor(ms / BLOCK_MS);
    const block = blocks.get(key) ?? { times: [], offsets: [] };
    blocks.set(key, block);
    block.times.push(ms);
    block.offsets.push(offsets[index]!);
  }
  const all = [...blocks.values()];
  return leastSquares(
    all.map((block) => median(block.times)),
    all.map((block) => median(block.offsets)),
  );
}
