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
  /** `getOutputTimestamp().performanceTime`, milliseconds. */
  readonly outputMs: number | undefined;
  /** The context's `outputLatency`, seconds. Undefined where it is missing, as in Safari. */
  readonly outputLatency: number | undefined;
  /** The context's `baseLatency`, seconds. */
  readonly baseLatency: number | undefined;
}

/** Longest latency that is believed, seconds. Bluetooth reaches 0.3; a loaded sink was seen to claim 7.8. */
const MAX_LATENCY = 1;

/** Oldest timestamp that is believed, milliseconds. */
const MAX_AGE_MS = 1_000;

/** Part of a deviation that one reading corrects: at ten readings a second, half of it is gone after 0.3 s. */
const GAIN = 0.2;

/** Deviation that is not noise, seconds: a change of device or a gap in rendering. */
const JUMP = 0.05;

/** Readings in a row that must agree on a jump before it is believed. */
const JUMP_READINGS = 3;

/**
 * The map from performance time to the context time that leaves the device at that moment: what the listener hears.
 * Readings that cannot be true are passed over; the map never goes backwards while audio runs and stands while it does not.
 */
export class OutputClock {
  #offset = 0;
  #synced = false;
  #running = false;
  #deviating = 0;
  #latest = 0;
  #error = 0;

  /** Whether a believable reading has come. Before it, {@link contextTimeAt} is 0. */
  get synced(): boolean {
    return this.#synced;
  }

  /**
   * How far the map was off the newest reading when that came, seconds: what a frame drawn just before it was ahead of
   * the sound (or behind it, where negative).
   */
  get error(): number {
    return this.#error;
  }

  /** Takes in a reading; ten a second are plenty. */
  handleReading(reading: ClockReading): void {
    const resumed = reading.running && !this.#running;
    this.#running = reading.running;
    if (!reading.running) return;
    const offset = offsetOf(reading);
    this.#error = this.#synced && !resumed ? this.#offset - offset : 0;
    if (!this.#synced || resumed) this.#jumpTo(offset);
    else this.#approach(offset);
  }

  /** Context time, seconds, of the sample that leaves the device at `performanceMs`. */
  contextTimeAt(performanceMs: number): number {
    if (this.#running && this.#synced)
      this.#latest = Math.max(this.#latest, performanceMs / 1000 + this.#offset);
    return this.#latest;
  }

  /** Performance time, milliseconds, at which the sample at `contextTime` seconds leaves the device, by what is known now. */
  performanceMsAt(contextTime: number): number {
    return (contextTime - this.#offset) * 1000;
  }

  #approach(offset: number): void {
    const deviation = offset - this.#offset;
    if (Math.abs(deviation) < JUMP) {
      this.#deviating = 0;
      this.#offset += GAIN * deviation;
      return;
    }
    this.#deviating++;
    if (this.#deviating >= JUMP_READINGS) this.#jumpTo(offset);
  }

  #jumpTo(offset: number): void {
    this.#offset = offset;
    this.#synced = true;
    this.#deviating = 0;
  }
}

/** Seconds from performance time to output context time, by the best reading that can be true. */
function offsetOf(reading: ClockReading): number {
  const { outputTime, outputMs, nowMs, currentTime } = reading;
  if (outputTime !== undefined && outputMs !== undefined && outputTime > 0) {
    const offset = outputTime - outputMs / 1000;
    const latency = currentTime - (nowMs / 1000 + offset);
    if (Math.abs(nowMs - outputMs) <= MAX_AGE_MS && latency >= 0 && latency <= MAX_LATENCY) return offset;
  }
  return currentTime - latencyOf(reading) - nowMs / 1000;
}

function latencyOf({ outputLatency, baseLatency }: ClockReading): number {
  if (outputLatency !== undefined && outputLatency > 0 && outputLatency <= MAX_LATENCY) return outputLatency;
  if (baseLatency !== undefined && baseLatency > 0 && baseLatency <= MAX_LATENCY) return baseLatency;
  return 0;
}
