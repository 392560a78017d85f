import { decodePiece } from './piece-codec.ts';
import type { LinePiece } from './store.ts';

/** Length of the name of a making of a line: 8 bytes in hex. */
export const TOKEN_BYTES = 16;

/** A message on a line's channel: number of the piece (0: the line failed), name of the making, piece. */
const HEAD_BYTES = 4 + TOKEN_BYTES;

/** What the store has of a line. */
export interface Look {
  /** Name of the making; empty where there is none. */
  readonly token: string;
  /** From the number that was asked for. */
  readonly pieces: readonly Buffer[];
}

/** What is told of a line, put into its order: a message may be lost, come twice, or be of another making. */
export class Told {
  /** The number of the piece that is wanted next. */
  next = 1;
  readonly #early = new Map<number, { readonly token: string; readonly bytes: Buffer }>();
  #token: string | undefined;
  #mustLook = true;
  #wake = () => {};
  #woken = false;

  /** Whether something is missing, or nothing was heard for a while. */
  get mustLook(): boolean {
    return this.#mustLook || this.#early.size > 0;
  }

  readonly wake = (): void => {
    this.#woken = true;
    this.#wake();
  };

  /** A message came. */
  readonly handle = (message: Buffer): void => {
    if (message.length <= HEAD_BYTES) return; // None of ours.
    const number = message.readUInt32LE();
    const token = message.toString('latin1', 4, HEAD_BYTES);
    if (number === 0 || number >= this.next)
      this.#early.set(number, { token, bytes: message.subarray(HEAD_BYTES) });
    this.wake();
  };

  /**
   * What a look at the store gave; undefined where it is away. Returns whether the line still goes on: another making of
   * it is none that could be gone on with.
   */
  handleLook(there: Look | undefined): boolean {
    this.#mustLook = false;
    if (!there || there.token === '')
      return this.#early.get(0)?.token === this.#token && this.#token !== undefined;
    this.#token ??= there.token;
    if (there.token !== this.#token) return false;
    for (const [index, bytes] of there.pieces.entries()) {
      this.#early.set(this.next + index, { token: there.token, bytes });
    }
    return true;
  }

  /** The next piece, if it is there. Throws why the line failed, once all that came before was taken. */
  take(): LinePiece | undefined {
    if (this.#token === undefined) return undefined; // Nobody knows yet whose pieces are wanted.
    const there = this.#early.get(this.next) ?? this.#early.get(0);
    if (!there) return undefined;
    const mine = there.token === this.#token;
    if (this.#early.delete(this.next)) this.next += mine ? 1 : 0;
    else this.#early.delete(0);
    return mine ? decodePiece(there.bytes) : undefined;
  }

  /** Resolves when something was told, or after `ms`: then it is time for a look. */
  async more(ms: number): Promise<void> {
    if (!this.#woken) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          this.#mustLook = true;
          resolve();
        }, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#woken = false;
  }
}
