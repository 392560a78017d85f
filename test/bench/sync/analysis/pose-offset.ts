import type { FrameLog } from '../recording.ts';
import type { ClockFit } from './clock-fit.ts';
import type { HeardMap } from './heard.ts';
import { leastSquares, median, quantile } from './statistics.ts';

/** How far the face was off the sound, frame by frame. */
export interface PoseOffset {
  /** Frames judged: all in which sound of the line was heard. */
  readonly count: number;
  /** Milliseconds; negative where the face is first. */
  readonly medianMs: number;
  /** 99 of 100 frames are nearer, milliseconds. */
  readonly p99Ms: number;
  readonly worstMs: number;
  /** Milliseconds a minute, and its standard error. */
  readonly driftMs: number;
  readonly driftErrorMs: number;
  /** Frames in gaps that showed another moment than the one at which the sound stopped, by more than 2 ms. */
  readonly wanderedInGaps: number;
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
  let wanderedInGaps = 0;
  for (const { ms, line, playhead } of frames) {
    if (line < 0) continue;
    const at = heard.at(line, clock.contextTimeAt(ms) * sampleRate);
    if (!at) continue;
    const offset = 1000 * (at.frame / sampleRate - playhead);
    if (at.where === 'piece' || at.where === 'splice') {
      times.push(ms);
      offsets.push(offset);
    } else if (at.where === 'gap' && Math.abs(offset) > 2) wanderedInGaps++;
  }
  const { slope, error } = driftOf(times, offsets);
  const off = offsets.map(Math.abs);
  return {
    count: offsets.length,
    medianMs: median(offsets),
    p99Ms: quantile(off, 0.99),
    worstMs: quantile(off, 1),
    driftMs: slope * MINUTE_MS,
    driftErrorMs: error * MINUTE_MS,
    wanderedInGaps,
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
