import type { ArrivalLog } from '../recording.ts';
import type { HeardMap } from './heard.ts';

/** When context frames were rendered, by the time of day that the audio thread noted. */
export type RenderedAt = (contextFrame: number) => number;

/** A gap in a line, and what the network did. */
export interface Gap {
  readonly line: number;
  /** Line time at which the sound stopped, seconds. */
  readonly at: number;
  /** Performance time at which the last sample before it was rendered, milliseconds. */
  readonly stoppedMs: number;
  /** Context times between which there is no sound, seconds. */
  readonly from: number;
  readonly to: number;
  /** Silence, milliseconds: less than that where sound between was not decoded. */
  readonly addedMs: number;
  /** Longest wait for audio that caused it, beyond its length in sound, milliseconds. */
  readonly stallMs: number;
  /** Audio that was there when that wait began, milliseconds. */
  readonly bufferedMs: number;
  /** Half the target when the sound stopped, or after what the stall has taught, where that is more, milliseconds. */
  readonly refillMs: number;
  /** From the last rendered sample until so much audio had come, milliseconds. */
  readonly refilledMs: number;
}

/** Part of the target that the player waits for after a stall. */
const REFILL = 0.5;
/** The page learns of the end of a stall when the sound goes on, and a frame tells of it, milliseconds later at most. */
const LEARNT_MS = 100;

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
    const silences = heard.silencesBetween(before, piece);
    const [begun, over] = [silences[0], silences.at(-1)];
    if (!begun || !over) return [];
    const at = (before.start + before.frames) / rates.context;
    const stoppedMs = renderedAt(end);
    const next = come.findIndex(({ ms }, k) => k > 0 && ms > stoppedMs);
    const [last, first] = [come[next - 1], come[next]];
    if (!last || !first) return [];
    const dueMs = last.ms + 1000 * first.own;
    const learntMs = renderedAt(over.context + over.frames) + LEARNT_MS;
    const refillMs = REFILL * Math.max(targetMs(stoppedMs), targetMs(learntMs));
    const refilled = come.find(({ seconds }) => seconds >= Math.min(whole, at + refillMs / 1000));
    return [
      {
        line,
        at,
        stoppedMs,
        from: begun.context / rates.context,
        to: (over.context + over.frames) / rates.context,
        addedMs: (1000 * silences.reduce((sum, { frames }) => sum + frames, 0)) / rates.context,
        stallMs: first.ms - dueMs,
        bufferedMs: Math.max(0, stoppedMs - dueMs),
        refillMs,
        refilledMs: (refilled?.ms ?? Number.POSITIVE_INFINITY) - stoppedMs,
      },
    ];
  });
}

/** A wait for audio that the network made up for. */
export interface Wait {
  readonly line: number;
  /** Beyond the length of the audio that came with it, milliseconds. */
  readonly ms: number;
  /** What the player wanted to hold back when it began, milliseconds. */
  readonly targetMs: number;
  /** Whether the sound stopped in it. */
  readonly stopped: boolean;
}

/** Waits shorter than this are the pace of the frames, milliseconds. */
const SHORTEST_WAIT_MS = 60;

/** All waits for audio of a line, from its second on: before that, nothing is known of the network. */
export function findWaits(
  line: number,
  gaps: readonly Gap[],
  arrivals: readonly ArrivalLog[],
  lineRate: number,
  targetMs: (ms: number) => number,
): Wait[] {
  const own = arrivals.filter((arrival) => arrival.line === line);
  return own.slice(1).flatMap((arrival, index) => {
    const before = own[index]!;
    const dueMs = before.ms + (1000 * arrival.samples) / lineRate;
    const ms = arrival.ms - dueMs;
    if (ms < SHORTEST_WAIT_MS) return [];
    const stopped = gaps.some(
      (gap) => gap.line === line && before.ms <= gap.stoppedMs && gap.stoppedMs <= arrival.ms,
    );
    return [{ line, ms, targetMs: targetMs(before.ms), stopped }];
  });
}
