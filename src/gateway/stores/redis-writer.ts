import type { SpeechError } from '../../speech/errors.ts';
import { encodeFailure, encodePiece } from './piece-codec.ts';
import type { RedisLink } from './redis-link.ts';
import type { Scripts } from './redis-scripts.ts';
import { type LinePiece, type LineWriter, StoreAwayError } from './store.ts';

/** A gateway that makes a line and is not heard of for so long has lost it, ms; it shows itself three times as often. */
export const LOCK_MS = 4_500;

/** How long a line that is whole can still be read, ms. */
const WHOLE_MS = 60_000;

/** How long the rest of a line is kept for a store that is away, ms. */
const LAST_MS = 15_000;

interface WriterOptions {
  readonly link: RedisLink;
  readonly scripts: Scripts;
  /** Lock and pieces. */
  readonly keys: [string, string];
  readonly channel: string;
  readonly token: string;
  readonly onEnd: () => void;
}

/**
 * Writes the pieces of a line that is made here, in order, as fast as the store takes them. One that comes back without
 * its memory is given all of them again, so that those who follow go on.
 */
export class RedisWriter implements LineWriter {
  readonly #options: WriterOptions;
  readonly #pieces: LinePiece[] = [];
  readonly #lifts = new Set<(priority: number) => void>();
  readonly #timer: ReturnType<typeof setInterval>;
  #last: ReturnType<typeof setTimeout> | undefined;
  #written = 0;
  #writing: Promise<void> | undefined;
  /** Another makes it now: what is made here is heard here alone. */
  #lost = false;
  #whole = false;
  #ended = false;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#show(), LOCK_MS / 3);
    this.#timer.unref();
  }

  write(piece: LinePiece): void {
    if (this.#ended || this.#whole) return;
    this.#pieces.push(piece);
    this.flush();
  }

  /** Writes what is not written yet. */
  flush(): void {
    void this.#flush();
  }

  /** Where the store is away, the rest is written once it is back, for those who still wait. */
  async finish(): Promise<void> {
    if (this.#ended || this.#whole) return;
    this.#whole = true;
    this.#last = setTimeout(() => this.dispose(), LAST_MS);
    this.#last.unref();
    await this.#flush();
  }

  async fail(error: SpeechError): Promise<void> {
    if (this.#ended || this.#whole) return;
    await this.#flush();
    this.dispose();
    const { scripts, keys, token, channel } = this.#options;
    await this.#ask(() => scripts.parleyFail(...keys, token, channel, encodeFailure(error)));
  }

  async readers(): Promise<number> {
    const { link, channel } = this.#options;
    if (this.#lost) return 0;
    const counted = await this.#ask(() => link.client.pubsub('NUMSUB', channel) as Promise<unknown[]>);
    return Number(counted?.[1] ?? 0);
  }

  onLift(listener: (priority: number) => void): () => void {
    this.#lifts.add(listener);
    return () => this.#lifts.delete(listener);
  }

  /** Another gateway wants the line with this priority. */
  lift(priority: number): void {
    for (const listener of this.#lifts) listener(priority);
  }

  /** Writes nothing more. */
  dispose(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    clearTimeout(this.#last);
    this.#options.onEnd();
  }

  async #flush(): Promise<void> {
    while (this.#writing) await this.#writing;
    if (this.#lost || this.#ended) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    await this.#writing;
    if (this.#whole && (this.#lost || this.#written === this.#pieces.length)) await this.#conclude();
  }

  async #conclude(): Promise<void> {
    if (this.#ended) return;
    this.dispose();
    const { scripts, keys, token } = this.#options;
    await this.#ask(() => scripts.parleyHold(...keys, token, WHOLE_MS, `${token} whole`));
  }

  async #writeAll(): Promise<void> {
    const { scripts, keys, token, channel } = this.#options;
    while (this.#written < this.#pieces.length && !this.#lost) {
      const number = this.#written + 1;
      const piece = encodePiece(this.#pieces[number - 1]!);
      const count = await this.#ask(() =>
        scripts.parleyAppend(...keys, token, LOCK_MS, channel, number, piece),
      );
      if (count === undefined) return;
      if (count >= 0) this.#written = count;
      else await this.#claim();
    }
  }

  /** The lock has gone: the store has lost its memory, or another has taken over. */
  async #claim(): Promise<void> {
    const { scripts, keys, token } = this.#options;
    const claimed = await this.#ask(() => scripts.parleyLead(...keys, token, LOCK_MS));
    if (claimed === 0) this.#lost = true;
    if (claimed === 1) this.#written = 0;
  }

  async #show(): Promise<void> {
    if (this.#lost || this.#writing) return;
    const { scripts, keys, token } = this.#options;
    const held = await this.#ask(() => scripts.parleyHold(...keys, token, LOCK_MS, token));
    if (held !== 0 || this.#ended) return;
    await this.#claim();
    this.flush();
  }

  /** An answer of the store, or undefined when there is none: the line is heard here all the same. */
  async #ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#options.link.ask(question);
    } catch (error) {
      if (!(error instanceof StoreAwayError)) this.#lost = true;
      return undefined;
    }
  }
}
