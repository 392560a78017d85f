import type { ClockReading } from '../clock/clock-reading.ts';
import type { OutputClock } from '../clock/output-clock.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads the clock of an audio context. */
export class ClockReader {
  readonly #context: AudioContext;
  readonly #clock: OutputClock;
  readonly #reading: Mutable<ClockReading> = {
    running: false,
    nowMs: 0,
    currentTime: 0,
    outputTime: undefined,
    outputMs: undefined,
    outputLatency: undefined,
    baseLatency: undefined,
  };

  constructor(context: AudioContext, clock: OutputClock) {
    this.#context = context;
    this.#clock = clock;
  }

  /** Once a frame, at its beginning: reads where it is due. Allocates nothing but the timestamp of a reading. */
  update(performanceMs: number): void {
    if (this.#clock.wantsReading(performanceMs)) this.read(performanceMs);
  }

  /** Reads at once. */
  read(nowMs: number): void {
    const context = this.#context;
    const output = context.getOutputTimestamp?.();
    const reading = this.#reading;
    reading.running = context.state === 'running';
    reading.nowMs = nowMs;
    reading.currentTime = context.currentTime;
    reading.outputTime = output?.contextTime;
    reading.outputMs = output?.performanceTime;
    reading.outputLatency = context.outputLatency;
    reading.baseLatency = context.baseLatency;
    this.#clock.handleReading(reading);
  }
}
