import type { OutputPair } from '../recording.ts';
import { leastSquares, median, quantile, robustLine, type Straight, valueAt } from './statistics.ts';

/** When each context frame left the device: one straight line through a whole run, made afterwards. */
export interface ClockFit {
  /** Performance time, milliseconds, at which the sample at a context time in seconds was heard. */
  msAt(contextTime: number): number;
  /** Context time, seconds, that was heard at a performance time in milliseconds. */
  contextTimeAt(ms: number): number;
  /** Part of the readings that lie on the line. */
  readonly inliers: number;
  /** How far those are off it, 99 of 100 at most, milliseconds. */
  readonly residualMs: number;
  /** Context seconds a second of performance time, less 1, in millionths. */
  readonly skewPpm: number;
}

/** Readings farther off the line than this many median deviations are wrong. */
const OUTLIER = 6;
/** Readings nearer than this are right, milliseconds, however near the others are. */
const CLOSE_MS = 0.2;

/** A straight line through all readings of a run that agree with it. */
export function fitClock(pairs: readonly OutputPair[]): ClockFit {
  const xs = pairs.map(({ contextTime }) => contextTime);
  const ys = pairs.map(({ ms }) => ms);
  const first = robustLine(xs, ys);
  const off = pairs.map(({ contextTime, ms }) => Math.abs(ms - valueAt(first, contextTime)));
  const limit = Math.max(CLOSE_MS, OUTLIER * median(off));
  const good = pairs.filter((_, index) => off[index]! <= limit);
  const line: Straight = leastSquares(
    good.map(({ contextTime }) => contextTime),
    good.map(({ ms }) => ms),
  );
  return {
    msAt: (contextTime) => valueAt(line, contextTime),
    contextTimeAt: (ms) => line.origin + (ms - line.height) / line.slope,
    inliers: good.length / pairs.length,
    residualMs: quantile(
      good.map(({ contextTime, ms }) => Math.abs(ms - valueAt(line, contextTime))),
      0.99,
    ),
    skewPpm: (1000 / line.slope - 1) * 1e6,
  };
}
