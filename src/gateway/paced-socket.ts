import type { WebSocket } from 'ws';
import { tellDrop } from './drops.ts';

/** Above this many unsent bytes a line waits, below the other it goes on: three seconds of sound, and under one. */
export const HIGH_WATER = 256 * 1024;
const LOW_WATER = 64 * 1024;

/** A client that lets this many answers lie while it goes on asking is dropped, bytes. */
const LIMIT = 1024 * 1024;

/** A socket that is written to at the pace its reader takes. */
export class PacedSocket {
  readonly #socket: WebSocket;
  readonly #onTaken: () => void;
  #resume: (() => void) | undefined;

  /** `onTaken` fires whenever the reader has taken something: it lives, however slow it is. */
  constructor(socket: WebSocket, onTaken: () => void) {
    this.#socket = socket;
    this.#onTaken = onTaken;
    socket.on('close', () => this.#resume?.());
  }

  /** Sends a message; dropped when the socket is no longer open. */
  send(data: string | Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > LIMIT) {
      tellDrop(this.#socket, 'unread');
      this.#socket.terminate();
      return;
    }
    this.#socket.send(data, this.#handleSent);
  }

  /** Resolves once more may be sent, or the socket is closed. */
  async room(): Promise<void> {
    if (this.#socket.bufferedAmount <= HIGH_WATER || this.#socket.readyState !== this.#socket.OPEN) return;
    await new Promise<void>((resolve) => {
      this.#resume = resolve;
    });
    this.#resume = undefined;
  }

  readonly #handleSent = (error?: Error): void => {
    if (!error) this.#onTaken();
    if (error || this.#socket.bufferedAmount < LOW_WATER) this.#resume?.();
  };
}
