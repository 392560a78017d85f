import type { ArrivalLog } from '../recording.ts';
import type { HeardMap } from './heard.ts';

/** When context frames were rendered, by the time of day that the audio thread noted. */
export type RenderedAt = (contextFrame: number) => number;

/** A gap in a line, and what the network did. */
export interface Gap {
  readonly line: number;
  /** Line time at which the sound stopped, seconds. */
  readonly at: number;
  /** Silence, milliseconds. */
  readonly addedMs: number;
  /** Longest wait for audio that caused it, beyond its length in sound, milliseconds. */
  readonly stallMs: number;
  /** Audio that was there when that wait began, milliseconds. */
  readonly bufferedMs: number;
  /** Half the target when the sound stopped, or when it went on, where that is more, milliseconds. */
  readonly refillMs: number;
  /** From the last rendered sample until so much audio had come, milliseconds. */
  readonly refilledMs: number;
}

/** Part of the target that the player waits for after a stall. */
const REFILL = 0.5;

/** Gaps of a line, each with the wait behind it. `targetMs`: what the player wants to hold back at a performance time. */
export function findGaps(
  line: number,
  heard: HeardMap,
  arrivals: readonly ArrivalLog[],
  renderedAt: RenderedAt,
  rates: { readonly line: number; readonly context: number },
  targetMs: (ms: number) => number,
): Gap[] {
  const own = arrivals.filter((arrival) => arrival.line === line);
  let samples = 0;
  /** Seconds of the line that are there from each arrival on. */
  const come = own.map((arrival) => {
    samples += arrival.samples;
    return { ms: arrival.ms, seconds: samples / rates.line, own: arrival.samples / rates.line };
  });
  const whole = come.at(-1)?.seconds ?? 0;
  const pieces = heard.of(line);
  return pieces.slice(1).flatMap((piece, index) => {
    const before = pieces[index]!;
    const end = before.context + before.frames;
    if (!heard.silentBetween(before, piece)) return [];
    const at = (before.start + before.frames) / rates.context;
    const stoppedMs = renderedAt(end);
    const next = come.findIndex(({ ms }, k) => k > 0 && ms > stoppedMs);
    const [last, first] = [come[next - 1], come[next]];
    if (!last || !first) return [];
    const dueMs = last.ms + 1000 * first.own;
    const refillMs = REFILL * Math.max(targetMs(stoppedMs), targetMs(renderedAt(piece.context)));
    const refilled = come.find(({ seconds }) => seconds >= Math.min(whole, at + refillMs / 1000));
    return [
      {
        line,
        at,
        addedMs: (1000 * (piece.context - end)) / rates.context,
        stallMs: first.ms - dueMs,
        bufferedMs: Math.max(0, stoppedMs - dueMs),
        refillMs,
        refilledMs: (refilled?.ms ?? Number.POSITIVE_INFINITY) - stoppedMs,
      },
    ];
  });
}
