import type { OutputPair } from '../recording.ts';
import { leastSquares, median, quantile } from './statistics.ts';

/**
 * When each context frame left the device: made afterwards, from all that the context told in a run. A device runs at
 * one rate, so it is a straight line; where the device dropped out, all that follows is later by as much, on a parallel
 * line.
 */
export interface ClockFit {
  /** Performance time, milliseconds, at which the sample at a context time in seconds was heard. */
  msAt(contextTime: number): number;
  /** Context time, seconds, that was heard at a performance time in milliseconds. */
  contextTimeAt(ms: number): number;
  /** Steps of the device: from which context time on, seconds, and by how much all was heard later, milliseconds. */
  readonly steps: readonly { readonly from: number; readonly ms: number }[];
  /** Part of the readings that lie on the lines. */
  readonly inliers: number;
  /** How far those are off them, 99 of 100 at most, milliseconds. */
  readonly residualMs: number;
  /** Context seconds a second of performance time, less 1, in millionths. */
  readonly skewPpm: number;
}

/** Parallel lines: from `from` (context seconds) on, performance time is `slope * contextTime + height`. */
interface Segment {
  readonly from: number;
  readonly height: number;
  readonly fromMs: number;
}

/** Readings by which a local slope is taken: a second of them. */
const LOCAL = 40;
/** Readings on each side of a step that must agree on it, an eighth of a second, of so many after it. */
const AGREEING = 5;
const SETTLED = 8;
/** A step that is none of noise, milliseconds: a tenth of the smallest buffer that can drop out. */
const STEP_MS = 0.8;
/** Readings farther off their line are wrong, milliseconds. */
const WRONG_MS = 0.4;

/** Fits the lines. Readings are in the order in which they were made. */
export function fitClock(pairs: readonly OutputPair[]): ClockFit {
  const first = median(slopesOf(pairs));
  const segments = segmentsOf(pairs, first);
  const { slope, good } = refine(pairs, segments, first);
  const lines = segments.map((segment) => lineOf(segment, slope));
  const lineAt = (contextTime: number) => lines.findLast(({ from }) => from <= contextTime) ?? lines[0]!;
  return {
    msAt: (contextTime) => slope * contextTime + lineAt(contextTime).height,
    contextTimeAt: (ms) => {
      const index = Math.max(
        0,
        lines.findLastIndex(({ fromMs }) => fromMs <= ms),
      );
      const contextTime = (ms - lines[index]!.height) / slope;
      return Math.min(contextTime, lines[index + 1]?.from ?? Number.POSITIVE_INFINITY);
    },
    steps: lines.slice(1).map(({ from, height }, index) => ({ from, ms: height - lines[index]!.height })),
    inliers: good.length / pairs.length,
    residualMs: quantile(good, 0.99),
    skewPpm: (1000 / slope - 1) * 1e6,
  };
}

/** Slopes over a second each: a few of them cross a step. */
function slopesOf(pairs: readonly OutputPair[]): number[] {
  return pairs.slice(LOCAL).flatMap((pair, index) => {
    const run = pair.contextTime - pairs[index]!.contextTime;
    return run > 0 ? [(pair.ms - pairs[index]!.ms) / run] : [];
  });
}

/** Cuts the row of readings where its height steps and stays. Wrong readings neither make a step nor hide one. */
function segmentsOf(pairs: readonly OutputPair[], slope: number): OutputPair[][] {
  const heights = pairs.map(({ contextTime, ms }) => ms - slope * contextTime);
  const segments: OutputPair[][] = [];
  let begin = 0;
  /** The last heights that lay on the line. */
  let right: number[] = [];
  for (const [at, height] of heights.entries()) {
    const here = median(right.length > 0 ? right : heights.slice(0, LOCAL));
    const later = heights.slice(at, at + SETTLED);
    const there = median(later);
    const settled = later.filter((each) => Math.abs(each - there) < STEP_MS / 2).length >= AGREEING;
    const stepped = settled && Math.abs(height - there) < STEP_MS / 2 && Math.abs(there - here) >= STEP_MS;
    if (stepped && at > begin) {
      segments.push(pairs.slice(begin, at));
      begin = at;
      right = [];
    }
    if (stepped || Math.abs(height - here) < STEP_MS / 2) right = [...right.slice(1 - AGREEING), height];
  }
  segments.push(pairs.slice(begin));
  return joined(segments, slope);
}

/** Without the cuts at which several wrong readings only looked like a step. */
function joined(segments: readonly OutputPair[][], slope: number): OutputPair[][] {
  const all: OutputPair[][] = [];
  for (const segment of segments) {
    const last = all.at(-1);
    const same = last && Math.abs(heightOf(segment, slope) - heightOf(last, slope)) < STEP_MS;
    if (same) last.push(...segment);
    else all.push([...segment]);
  }
  return all;
}

/** The common slope by what is right in every segment, and how far each of those readings is off, milliseconds. */
function refine(
  pairs: readonly OutputPair[],
  segments: readonly (readonly OutputPair[])[],
  first: number,
): { slope: number; good: number[] } {
  let slope = first;
  let good: number[] = [];
  for (let round = 0; round < 3; round++) {
    const xs: number[] = [];
    const ys: number[] = [];
    good = [];
    for (const segment of segments) {
      const height = heightOf(segment, slope);
      const right = segment.filter((pair) => Math.abs(offOf(pair, slope, height)) <= WRONG_MS);
      if (right.length === 0) continue;
      const x = median(right.map(({ contextTime }) => contextTime));
      for (const pair of right) {
        xs.push(pair.contextTime - x);
        ys.push(pair.ms - slope * x - height);
        good.push(Math.abs(offOf(pair, slope, height)));
      }
    }
    if (xs.length > pairs.length / 2) slope = leastSquares(xs, ys).slope;
  }
  return { slope, good };
}

function lineOf(segment: readonly OutputPair[], slope: number): Segment {
  const { contextTime, ms } = segment[0]!;
  return { from: contextTime, fromMs: ms, height: heightOf(segment, slope) };
}

function heightOf(segment: readonly OutputPair[], slope: number): number {
  return median(segment.map(({ contextTime, ms }) => ms - slope * contextTime));
}

function offOf({ contextTime, ms }: OutputPair, slope: number, height: number): number {
  return ms - slope * contextTime - height;
}
