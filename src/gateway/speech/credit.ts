import { MAX_CREDIT } from '../../protocol/wire.ts';

/** Bytes of sound that a client has allowed. */
export class Credit {
  #bytes: number;
  #wake = () => {};

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes = Math.min(MAX_CREDIT, this.#bytes + bytes);
    this.#wake();
  }

  take(bytes: number): void {
    this.#bytes -= bytes;
  }

  clear(): void {
    this.#bytes = 0;
  }

  /** Whoever waits looks again. */
  nudge(): void {
    this.#wake();
  }

  /** Resolves once there are so many bytes, or `signal` has aborted and somebody nudged. */
  async atLeast(bytes: number, signal: AbortSignal): Promise<void> {
    while (this.#bytes < bytes && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
