import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClockReading } from '../../../src/clock/clock-reading.ts';
import type { OutputClock } from '../../../src/clock/output-clock.ts';

/** A frame of a trace: what could be read at it, and what was heard in truth, seconds of context time. */
export interface Moment {
  readonly reading: ClockReading;
  readonly truth: number;
}

/** What a clock said at a frame. */
export interface Answer {
  readonly nowMs: number;
  readonly heard: number;
  /** What it said less what was true, milliseconds: positive where it was ahead of the sound. */
  readonly errorMs: number;
  /** Whether it was read at this frame. */
  readonly read: boolean;
}

/** Plays a trace to a clock as the audio host does. `before` is called ahead of each frame. */
export function play(
  clock: OutputClock,
  trace: readonly Moment[],
  before?: (nowMs: number) => void,
): Answer[] {
  return trace.map(({ reading, truth }) => {
    const { nowMs } = reading;
    before?.(nowMs);
    const read = clock.wantsReading(nowMs);
    if (read) clock.handleReading(reading);
    const heard = clock.contextTimeAt(nowMs);
    return { nowMs, heard, errorMs: (heard - truth) * 1000, read };
  });
}

/** Errors of the frames from `fromMs` to `toMs`, without their sign, smallest first. */
export function errorsOf(
  answers: readonly Answer[],
  fromMs: number,
  toMs = Number.POSITIVE_INFINITY,
): number[] {
  return answers
    .filter(({ nowMs }) => nowMs >= fromMs && nowMs < toMs)
    .map(({ errorMs }) => Math.abs(errorMs))
    .sort((a, b) => a - b);
}

/** The value below which this part of sorted values lies. */
export function quantile(sorted: readonly number[], part: number): number {
  if (sorted.length === 0) throw new Error('Expected values, got none.');
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
}

/**
 * A recorded trace; see traces/README.md. Its truth is the output timestamp of each frame, which no later one
 * contradicts by more than 0.7 ms where the device is steady, and never more than was rendered.
 */
export function recorded(name: string): Moment[] {
  const file = readFileSync(join(import.meta.dirname, 'traces', `${name}.json`), 'utf8');
  const { baseLatency, readings } = JSON.parse(file) as { baseLatency: number; readings: number[][] };
  return readings.map(([running, nowMs, currentTime, outputTime, outputMs, outputLatency]) => ({
    reading: {
      running: running === 1,
      nowMs: nowMs!,
      currentTime: currentTime!,
      outputTime,
      outputMs,
      outputLatency,
      baseLatency,
    },
    truth: outputMs ? Math.min(currentTime!, (nowMs! - outputMs) / 1000 + outputTime!) : 0,
  }));
}

/** A device that does not exist. */
export interface DeviceOptions {
  readonly seconds: number;
  /** Frames a second at which it is looked at. Default 60. */
  readonly framesPerSecond?: number;
  /** Seconds that are rendered at once. Default 0.01. */
  readonly buffer?: number;
  /** Seconds from rendering to the ear, at a time in seconds. Default 0.04. */
  readonly latency?: (at: number) => number;
  /** How much faster than the computer's clock it runs, millionths. Default 0. */
  readonly ppm?: number;
  /** Dropouts, in order: when they begin and how long they last, seconds. */
  readonly dropouts?: readonly (readonly [at: number, seconds: number])[];
  /** Largest error of a timestamp, milliseconds. Default 0.05. */
  readonly noiseMs?: number;
  /** `stepped`: stamped now with what was heard at the last buffer, as browsers do that know no better. Default `exact`. */
  readonly timestamps?: 'exact' | 'stepped' | 'none';
  /** Spoils a reading. */
  readonly spoil?: (reading: ClockReading, random: () => number) => ClockReading;
  readonly seed?: number;
}

/** The trace of a device that does not exist. Its first sample is rendered at time 1 s. */
export function device(options: DeviceOptions): Moment[] {
  const { seconds, framesPerSecond = 60, buffer = 0.01, latency = () => 0.04, ppm = 0 } = options;
  const { dropouts = [], noiseMs = 0.05, timestamps = 'exact', spoil, seed = 1 } = options;
  const random = randomOf(seed);
  const played = (at: number): number => {
    const missed = dropouts.reduce((sum, [from, length]) => sum + clamp(at - from, 0, length), 0);
    return Math.max(0, (at - 1 - missed) * (1 + ppm / 1e6));
  };
  const timeOf = (position: number): number =>
    dropouts.reduce(
      (time, [from, length]) => (time > from ? time + length : time),
      1 + position / (1 + ppm / 1e6),
    );
  const moments: Moment[] = [];
  for (let frame = 0; frame < seconds * framesPerSecond; frame++) {
    const at = 1 + (frame + 0.3 * random()) / framesPerSecond;
    const heardAt = (time: number) => Math.max(0, played(time) - latency(time));
    const bufferAt = timeOf(Math.floor(played(at) / buffer + 1e-9) * buffer);
    const stamped = heardAt(bufferAt);
    const has = timestamps !== 'none';
    const reading = {
      running: true,
      nowMs: at * 1000,
      currentTime: Math.ceil(played(at) / buffer + 1e-9) * buffer,
      outputTime: has ? stamped + (stamped > 0 ? ((random() - 0.5) * 2 * noiseMs) / 1000 : 0) : undefined,
      outputMs: has ? (timestamps === 'stepped' ? at : bufferAt) * 1000 : undefined,
      outputLatency: latency(at) as number | undefined,
      baseLatency: buffer as number | undefined,
    };
    moments.push({ reading: spoil ? spoil(reading, random) : reading, truth: heardAt(at) });
  }
  return moments;
}

/** Even random numbers from 0 to 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
