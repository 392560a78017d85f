/** What an audio context tells about its time at one moment. */
export interface ClockReading {
  /** Whether the context renders; false while it is suspended or interrupted. */
  readonly running: boolean;
  /** Performance time of the reading, milliseconds. */
  readonly nowMs: number;
  /** The context's `currentTime`, seconds: the next block to be rendered. */
  readonly currentTime: number;
  /** `getOutputTimestamp().contextTime`, seconds: what left the device at `outputMs`. Undefined where it is missing. */
  readonly outputTime: number | undefined;
  /** `getOutputTimestamp().performanceTime`, milliseconds; 0 before the first block. */
  readonly outputMs: number | undefined;
  /** The context's `outputLatency`, seconds. Undefined where it is missing, as in Safari; 0 before it is known. */
  readonly outputLatency: number | undefined;
  /** The context's `baseLatency`, seconds. */
  readonly baseLatency: number | undefined;
}

/** Longest latency that is believed, seconds. Bluetooth reaches 0.3 and AirPlay 2; a loaded sink was seen to claim 7.8. */
export const MAX_LATENCY = 2.5;

/** Oldest timestamp that is believed, milliseconds. */
const MAX_AGE_MS = 1_000;

/**
 * Seconds from performance time to the context time that leaves the device, by the output timestamp; NaN where it
 * cannot be believed: not there, not begun, older than 1 s, of what is not rendered yet, or more than 2.5 s late.
 * Where the device has played all that was rendered, it stands at `currentTime`.
 */
export function offsetByTimestamp(reading: ClockReading): number {
  const { outputTime, outputMs, nowMs, currentTime } = reading;
  if (outputTime === undefined || outputMs === undefined) return Number.NaN;
  const believable =
    outputTime > 0 && outputMs > 0 && outputTime <= currentTime && Math.abs(nowMs - outputMs) <= MAX_AGE_MS;
  if (!believable) return Number.NaN;
  const now = nowMs / 1000;
  const heard = Math.min(currentTime, now + outputTime - outputMs / 1000);
  return currentTime - heard <= MAX_LATENCY ? heard - now : Number.NaN;
}

/**
 * The same without a timestamp: `currentTime` less the latency. It moves on by a whole buffer (`baseLatency`) at once
 * and so is seen half a buffer too far on average. Without `outputLatency`, one more buffer stands in for the device.
 */
export function offsetByLatency({ currentTime, nowMs, outputLatency, baseLatency }: ClockReading): number {
  const buffer = believedOr(baseLatency, 0);
  return currentTime - buffer / 2 - believedOr(outputLatency, buffer) - nowMs / 1000;
}

/** Size of the steps in which `currentTime` is seen to move, seconds. */
export function stepOf({ baseLatency }: ClockReading): number {
  return believedOr(baseLatency, TYPICAL_STEP);
}

/** Seconds; Chromium's steps on two sinks are 9 to 23 ms. */
const TYPICAL_STEP = 0.012;

function believedOr(latency: number | undefined, otherwise: number): number {
  return latency !== undefined && latency > 0 && latency <= MAX_LATENCY ? latency : otherwise;
}
