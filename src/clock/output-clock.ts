import { type ClockReading, offsetByLatency, offsetByTimestamp, stepOf } from './clock-reading.ts';
import { DriftFilter } from './drift-filter.ts';
import { StepGate } from './step-gate.ts';

/** Milliseconds between two readings of a calm clock: a reading allocates, and the clock drifts slowly. */
const CALM_INTERVAL_MS = 100;
/** Who asks for a moment farther than this from what was read or asked before looks ahead, milliseconds: no frame is. */
const FAR_MS = 1_000;

/** For how long every frame reads the clock after a start, a step or a change of device, milliseconds. */
const UNEASY_MS = 2_000;

/** Noise from which on every frame reads the clock, so that it averages out, seconds. */
const NOISY = 1e-3;

/** Least deviation that is not noise, seconds: timestamps were seen to be 0.7 ms off, dropouts to be 3 to 160 ms long. */
const STEP = 1.5e-3;

/** The same in standard deviations of the readings. */
const STEP_DEVIATIONS = 4;

/** Deviation that is never noise, seconds: `currentTime` moves in steps of up to 23 ms. */
const MAX_STEP = 0.03;

/** Readings within noise after which the clock is settled. */
const SETTLING = 5;

/** For how long timestamps must be unusable before the latency takes their place, milliseconds. */
const PATIENCE_MS = 500;

/** Noise of timestamps before it is known, seconds. */
const TIMESTAMP_NOISE = 3e-4;

/** A uniform spread over a step, as a standard deviation. */
const DEVIATION_OF_STEP = 1 / Math.sqrt(12);

/** What the page hears when: the map between performance time and the context time that leaves the device. */
export interface HeardClock {
  /** Whether a believable reading has come. Before it, {@link contextTimeAt} is 0. */
  readonly synced: boolean;
  /**
   * Context time, seconds, of the sample that is heard when the frame of `performanceMs` is seen. Never less than at an
   * earlier time that was asked for, as long as nobody asks for the future. Allocates nothing.
   */
  contextTimeAt(performanceMs: number): number;
  /** Performance time, milliseconds, at which the sample at `contextTime` seconds is heard, by what is known now. */
  performanceMsAt(contextTime: number): number;
}

/**
 * The map from performance time to the context time that leaves the device at that moment: what the listener hears.
 *
 * - It never goes backwards while audio runs, and stands while it does not, whatever the readings are. It goes no
 *   further than what is rendered.
 * - Readings come from `getOutputTimestamp`, else from `currentTime` less the latency; clock-reading.ts says what is
 *   believed. The first one after a start or resume is taken whole, then a phase-locked loop follows offset and rate: on
 *   a steady device, 99 of 100 frames are within 0.3 ms of its timestamps, 5 ms where there are none.
 * - A step (a dropout, another device) is believed at the second reading that tells of it: within 0.2 s at 20 frames a
 *   second or more. Until then the map stands rather than be ahead.
 * - On a sink that drops out all the time and lies in one reading of eight, the error stays below 0.12 s, is below 5 ms
 *   0.3 s after the last dropout and below 1 ms after 1.5 s.
 *
 * Look-up allocates nothing.
 */
export class OutputClock implements HeardClock {
  readonly #filter = new DriftFilter();
  readonly #gate = new StepGate();
  #trim = 0;
  #displayLatency = 0;
  #source: 'none' | 'timestamp' | 'latency' = 'none';
  #synced = false;
  #running = false;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #stoodAtMs = Number.NEGATIVE_INFINITY;
  #timestampAtMs = Number.NEGATIVE_INFINITY;
  #uneasyUntilMs = Number.NEGATIVE_INFINITY;
  #settled = 0;
  #offset = Number.NaN;
  #outputMs: number | undefined;
  #askedMs = 0;
  #floor = 0;
  #error = 0;

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

  /**
   * How much later than the device says its sound is heard, milliseconds; negative for sooner. Default 0. May be set at
   * any time: a greater value lets the map stand until the sound has caught up, a smaller one moves it on at once.
   */
  get trimMs(): number {
    return this.#trim * 1000;
  }

  set trimMs(trimMs: number) {
    this.#keepFloor(this.#askedMs);
    this.#trim = trimMs / 1000;
  }

  /** How much later than its performance time a frame is seen, milliseconds. Default 0. */
  get displayLatencyMs(): number {
    return this.#displayLatency * 1000;
  }

  set displayLatencyMs(displayLatencyMs: number) {
    this.#keepFloor(this.#askedMs);
    this.#displayLatency = displayLatencyMs / 1000;
  }

  /** Whether a reading is due: ten times a second, and at every frame until the clock has settled. */
  wantsReading(nowMs: number): boolean {
    if (nowMs - this.#readAtMs >= CALM_INTERVAL_MS) return true;
    return this.#running && (nowMs < this.#uneasyUntilMs || this.#filter.noise > NOISY);
  }

  /** Sound goes to another device, or may: what was learned of the last one weighs no more than one reading. */
  handleDeviceChange(nowMs: number): void {
    this.#keepFloor(nowMs);
    this.#filter.forget();
    this.#disturb(nowMs);
  }

  /** Takes in a reading. */
  handleReading(reading: ClockReading): void {
    const { running, nowMs, currentTime } = reading;
    if (!Number.isFinite(nowMs) || nowMs < this.#readAtMs) return;
    this.#keepFloor(nowMs);
    if (running !== this.#running || nowMs - this.#readAtMs > UNEASY_MS) this.#disturb(nowMs);
    this.#readAtMs = nowMs;
    this.#running = running;
    if (!running) {
      this.#stoodAtMs = nowMs;
      this.#source = 'none'; // The next believable reading is taken whole.
      return;
    }
    if (!Number.isFinite(currentTime) || currentTime < 0) return;
    const time = nowMs / 1000;
    const stale = reading.outputMs !== undefined && reading.outputMs <= this.#stoodAtMs;
    const offset = stale ? Number.NaN : offsetByTimestamp(reading);
    if (!Number.isNaN(offset)) {
      this.#timestampAtMs = nowMs;
      this.#follow('timestamp', offset, reading);
    } else if (this.#source !== 'timestamp' || nowMs - this.#timestampAtMs > PATIENCE_MS) {
      this.#follow('latency', offsetByLatency(reading), reading);
    } else if (time + this.#filter.at(time) > currentTime) {
      this.#follow('timestamp', currentTime - time, reading); // What is not rendered is not heard.
    }
  }

  contextTimeAt(performanceMs: number): number {
    const latestMs = Math.max(this.#askedMs, this.#readAtMs);
    if (performanceMs > this.#askedMs && performanceMs <= latestMs + FAR_MS) this.#askedMs = performanceMs;
    return this.#mapAt(performanceMs);
  }

  performanceMsAt(contextTime: number): number {
    return this.#filter.timeOf(contextTime + this.#trim) * 1000;
  }

  /** Context time, seconds, whose sample will be heard at a performance time: {@link performanceMsAt} the other way round, for plans. */
  plannedTimeAt(performanceMs: number): number {
    const time = performanceMs / 1000;
    return time + this.#filter.at(time) - this.#trim;
  }

  #mapAt(performanceMs: number): number {
    if (!this.#running || !this.#synced) return this.#floor;
    const seen = performanceMs / 1000 + this.#displayLatency;
    let offset = this.#filter.at(seen);
    // While a step back is in doubt, the map waits: a frame that was shown too far cannot be taken back.
    if (this.#gate.inDoubt) offset = Math.min(offset, this.#gate.claimed);
    return Math.max(this.#floor, seen + offset - this.#trim);
  }

  /** Before the map changes: what was told of the time up to `nowMs` stays told. */
  #keepFloor(nowMs: number): void {
    this.#floor = this.#mapAt(Math.min(this.#askedMs, nowMs));
  }

  #follow(source: 'timestamp' | 'latency', offset: number, reading: ClockReading): void {
    const time = reading.nowMs / 1000;
    if (source !== this.#source) {
      this.#source = source;
      this.#lock(
        offset,
        time,
        source === 'timestamp' ? TIMESTAMP_NOISE : stepOf(reading) * DEVIATION_OF_STEP,
      );
      return;
    }
    // The same timestamp once more tells nothing new.
    if (offset === this.#offset && reading.outputMs !== undefined && reading.outputMs === this.#outputMs)
      return;
    this.#offset = offset;
    this.#outputMs = reading.outputMs;
    const deviation = offset - this.#filter.at(time);
    this.#error = -deviation;
    const step = Math.min(MAX_STEP, Math.max(STEP, STEP_DEVIATIONS * this.#filter.noise));
    if (Math.abs(deviation) <= step) {
      this.#filter.correct(offset, time);
      this.#gate.clear();
      this.#settled++;
      return;
    }
    this.#uneasyUntilMs = reading.nowMs + UNEASY_MS;
    // Dropouts only throw a device back: readings that also step forward again and again are noisy.
    if (deviation > 0) this.#filter.noteNoise(Math.min(MAX_STEP, deviation));
    if (this.#gate.handleClaim(offset, time, step) || this.#settled < SETTLING)
      this.#lock(offset, time, this.#filter.noise);
  }

  #lock(offset: number, time: number, noise: number): void {
    this.#filter.lock(offset, time, noise);
    this.#synced = true;
    this.#offset = offset;
    this.#error = 0;
    this.#gate.clear();
  }

  #disturb(nowMs: number): void {
    this.#uneasyUntilMs = nowMs + UNEASY_MS;
    this.#settled = 0;
  }
}
