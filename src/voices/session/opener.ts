import { sleep } from './pause.ts';

/** Longest wait before another attempt after one failure, seconds; doubles with each further one up to the cap. */
const FIRST_WAIT = 0.1;
const LONGEST_WAIT = 2;

/** Seconds to wait after so many failures in a row: full jitter, so that many players do not come back at once. */
export function backOff(failures: number, random: number): number {
  return failures === 0 ? 0 : random * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1));
}

/** Opens sockets, and after a failure not at once. */
export class Opener<Opened> {
  readonly #connect: (signal: AbortSignal) => Promise<Opened>;
  #failures = 0;
  #failedAt = 0;

  constructor(connect: (signal: AbortSignal) => Promise<Opened>) {
    this.#connect = connect;
  }

  /** One more socket. Throws why it could not be opened. */
  async open(signal: AbortSignal): Promise<Opened> {
    const waited = (performance.now() - this.#failedAt) / 1000;
    await sleep(backOff(this.#failures, Math.random()) - waited, signal);
    try {
      const opened = await this.#connect(signal);
      this.#failures = 0;
      return opened;
    } catch (error) {
      if (!signal.aborted) {
        this.#failures++;
        this.#failedAt = performance.now();
      }
      throw error;
    }
  }
}
