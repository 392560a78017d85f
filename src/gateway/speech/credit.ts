import { MAX_CREDIT } from '../../protocol/wire.ts';
import type { Waiter } from '../lines/part-cursor.ts';

/** Bytes of sound that a client has allowed. */
export class Credit {
  #bytes: number;
  #waiter: Waiter | undefined;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes = Math.min(MAX_CREDIT, this.#bytes + bytes);
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.wake();
  }

  take(bytes: number): void {
    this.#bytes -= bytes;
  }

  clear(): void {
    this.#bytes = 0;
  }

  /** Has one woken, once, when there is more. It takes the place of any before. */
  wait(waiter: Waiter): void {
    this.#waiter = waiter;
  }

  /** Nobody waits any more. */
  unwait(): void {
    this.#waiter = undefined;
  }
}
