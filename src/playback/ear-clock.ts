import type { OutputClock } from '../clock/output-clock.ts';

/** The output clock for ears some way off: tells what is heard there, once the sound has travelled. */
export class EarClock {
  /** Seconds from the mouth to the ears. Default 0. */
  delaySeconds = 0;

  readonly #clock: OutputClock;

  constructor(clock: OutputClock) {
    this.#clock = clock;
  }

  /** Whether it knows anything yet. */
  get synced(): boolean {
    return this.#clock.synced;
  }

  /** As {@link OutputClock.error}. */
  get error(): number {
    return this.#clock.error;
  }

  /** Context time, seconds, of the sample that is heard when the frame of `performanceMs` is seen. */
  contextTimeAt(performanceMs: number): number {
    return this.#clock.contextTimeAt(performanceMs) - this.delaySeconds;
  }

  /** The same for the sample that leaves the mouth then. */
  spokenTimeAt(performanceMs: number): number {
    return this.#clock.contextTimeAt(performanceMs);
  }

  /** Context time, seconds, whose sample will be heard at a performance time, by what is known now. For plans. */
  plannedTimeAt(performanceMs: number): number {
    return this.#clock.plannedTimeAt(performanceMs) - this.delaySeconds;
  }

  /** Performance time, milliseconds, at which the sample at `contextTime` seconds is heard, by what is known now. */
  performanceMsAt(contextTime: number): number {
    return this.#clock.performanceMsAt(contextTime + this.delaySeconds);
  }
}
