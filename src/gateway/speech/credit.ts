import { MAX_CREDIT } from '../../protocol/wire.ts';
import type { Leaving } from '../lines/readers.ts';

/** Bytes of sound that a client has allowed. */
export class Credit {
  #bytes: number;
  #wake: (() => void) | undefined;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes = Math.min(MAX_CREDIT, this.#bytes + bytes);
    this.#wake?.();
  }

  take(bytes: number): void {
    this.#bytes -= bytes;
  }

  clear(): void {
    this.#bytes = 0;
  }

  /** Whoever waits looks again. */
  nudge(): void {
    this.#wake?.();
  }

  /** Resolves once there are so many bytes, or `signal` has aborted and somebody nudged. */
  async atLeast(bytes: number, signal: Pick<Leaving, 'aborted'>): Promise<void> {
    while (this.#bytes < bytes && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
