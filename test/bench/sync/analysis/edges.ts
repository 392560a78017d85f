import type { Burst } from '../coded/coded-line.ts';
import type { FrameLog } from '../recording.ts';
import type { ClockFit } from './clock-fit.ts';
import type { HeardMap } from './heard.ts';
import { median, quantile } from './statistics.ts';

/** A start or an end of a burst: sound and mouth at half their heights. */
export interface Edge {
  readonly line: number;
  readonly kind: 'onset' | 'offset';
  /** Performance time at which the sound is heard at half height, milliseconds. */
  readonly soundMs: number;
  /** Mouth less sound by the first frame beyond half height, milliseconds; negative where the mouth is first. */
  readonly frameMs: number;
  /** The same by a straight line between that frame and the one before. */
  readonly betweenMs: number;
  /** Whether the line had stalled before. */
  readonly afterStall: boolean;
}

export interface Edges {
  readonly edges: readonly Edge[];
  /** Edges too near to a gap to be judged, where the mouth lets go as the sound does, and edges in splices. */
  readonly nearGaps: number;
  /** Edges at which no frame was drawn for a while. */
  readonly unseen: number;
  /** Edges at which the mouth did not move. */
  readonly missed: number;
}

/** Farthest that a movement is sought from its sound, milliseconds. */
const REACH_MS = 160;
/** Edges nearer than this to a gap are left out: the mouth lets go within 150 ms and takes hold again. */
const GAP_BEFORE_SECONDS = 0.25;
const GAP_AFTER_SECONDS = 0.4;
/** Longest time without a frame in which a movement can still be told, milliseconds. */
const LONGEST_FRAME_MS = 60;

/** All edges of a line's bursts as they were heard and seen. */
export function findEdges(
  line: number,
  bursts: readonly Burst[],
  heard: HeardMap,
  clock: ClockFit,
  frames: readonly FrameLog[],
  sampleRate: number,
): Edges {
  const pieces = heard.of(line);
  const gaps = pieces.slice(1).flatMap((piece, index) => {
    const before = pieces[index]!;
    const end = before.context + before.frames;
    return heard.silentBetween(before, piece)
      ? [{ from: end / sampleRate, to: piece.context / sampleRate }]
      : [];
  });
  const rest = quantile(
    frames.map(({ gapMm }) => gapMm),
    0.1,
  );
  const edges: Edge[] = [];
  let nearGaps = 0;
  let missed = 0;
  let unseen = 0;
  const msOf = (lineTime: number): number | undefined => {
    const context = heard.contextOf(line, lineTime * sampleRate);
    return context === undefined ? undefined : clock.msAt(context / sampleRate);
  };
  for (const { start, end } of bursts) {
    const [startMs, endMs] = [msOf(start), msOf(end)];
    for (const [kind, soundMs] of [
      ['onset', startMs],
      ['offset', endMs],
    ] as const) {
      if (soundMs === undefined || startMs === undefined || endMs === undefined) {
        nearGaps++;
        continue;
      }
      const context = clock.contextTimeAt(soundMs);
      if (
        gaps.some(({ from, to }) => context > from - GAP_BEFORE_SECONDS && context < to + GAP_AFTER_SECONDS)
      ) {
        nearGaps++;
        continue;
      }
      if (longestFrame(frames, soundMs) > LONGEST_FRAME_MS) {
        unseen++;
        continue;
      }
      const peak = peakBetween(frames, startMs - REACH_MS, endMs + REACH_MS);
      const crossing = crossingAt(frames, soundMs, (rest + peak) / 2, kind === 'onset');
      if (!crossing || peak - rest < 1) missed++;
      else {
        const afterStall = gaps.some(({ to }) => to < context);
        edges.push({ line, kind, soundMs, ...crossing, afterStall });
      }
    }
  }
  return { edges, nearGaps, unseen, missed };
}

/** The longest time without a frame around a moment, milliseconds. */
function longestFrame(frames: readonly FrameLog[], aroundMs: number): number {
  let longest = 0;
  for (let index = 1; index < frames.length; index++) {
    const [from, to] = [frames[index - 1]!.ms, frames[index]!.ms];
    if (to > aroundMs - REACH_MS && from < aroundMs + REACH_MS) longest = Math.max(longest, to - from);
  }
  return longest;
}

/** The widest opening of all frames between two moments. */
function peakBetween(frames: readonly FrameLog[], fromMs: number, toMs: number): number {
  const widths = frames.filter(({ ms }) => ms >= fromMs && ms <= toMs).map(({ gapMm }) => gapMm);
  return widths.length > 0 ? Math.max(...widths) : 0;
}

/** The crossing of `level`, upwards or downwards, that is nearest to `soundMs`. */
function crossingAt(
  frames: readonly FrameLog[],
  soundMs: number,
  level: number,
  up: boolean,
): { frameMs: number; betweenMs: number } | undefined {
  let best: { frameMs: number; betweenMs: number } | undefined;
  for (let index = 1; index < frames.length; index++) {
    const [before, after] = [frames[index - 1]!, frames[index]!];
    if (Math.abs(after.ms - soundMs) > REACH_MS) continue;
    if (
      up ? !(before.gapMm < level && after.gapMm >= level) : !(before.gapMm >= level && after.gapMm < level)
    )
      continue;
    const part = (level - before.gapMm) / (after.gapMm - before.gapMm);
    const betweenMs = before.ms + part * (after.ms - before.ms) - soundMs;
    if (!best || Math.abs(betweenMs) < Math.abs(best.betweenMs))
      best = { frameMs: after.ms - soundMs, betweenMs };
  }
  return best;
}

/** Where a row of offsets lies, milliseconds. */
export interface Spread {
  readonly count: number;
  readonly median: number;
  /** 2.5 and 97.5 of 100 lie below. */
  readonly low: number;
  readonly high: number;
  /** Part that lies in the window from 45 ms before the sound to 15 ms after it. */
  readonly inWindow: number;
}

/** The window in which sound and picture belong together, milliseconds: ATSC IS-191 allows the sound 15 ms early and 45 ms late. */
export const WINDOW_MS = { first: -45, last: 15 } as const;

export function spreadOf(offsets: readonly number[]): Spread {
  const within = offsets.filter((ms) => ms >= WINDOW_MS.first && ms <= WINDOW_MS.last).length;
  return {
    count: offsets.length,
    median: median(offsets),
    low: quantile(offsets, 0.025),
    high: quantile(offsets, 0.975),
    inWindow: within / offsets.length,
  };
}
