import { SpeechError } from '../../speech/errors.ts';
import type { LeaveListener, Leaving } from './leaving.ts';

/** One who waits for more. */
export interface Waiter {
  /** There may be more: called once for each time that it waits. */
  wake(): void;
}

/** One reader's place in a line, from which it takes part after part as they come. */
export interface PartCursor<Part> {
  /** The next part; undefined where there is none yet, `over` behind the last. Throws the line's `SpeechError` after what came. */
  next(): Part | undefined | 'over';
  /** Has one woken when there may be more. */
  wait(waiter: Waiter): void;
  /** It is not to be woken any more. */
  unwait(waiter: Waiter): void;
}

/** All who wait for more of a line. */
export class Waiters {
  #waiting: Waiter[] = [];

  add(waiter: Waiter): void {
    this.#waiting.push(waiter);
  }

  /** It leaves the others' list, or readers that come and go would fill it. */
  remove(waiter: Waiter): void {
    this.#waiting = this.#waiting.filter((other) => other !== waiter);
  }

  /** There is more, or no more to come. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const waiter of waiting) waiter.wake();
  }
}

/** The parts behind a cursor, as they come; throws `aborted` once nobody reads any more. */
export async function* readParts<Part>(
  cursor: PartCursor<Part>,
  leaving: Leaving,
): AsyncGenerator<Part, void, void> {
  const sleeper = new Sleeper(cursor);
  leaving.addEventListener('abort', sleeper, { once: true });
  try {
    for (;;) {
      if (leaving.aborted) throw SpeechError.aborted();
      const part = cursor.next();
      if (part === 'over') return;
      if (part === undefined) await sleeper.more();
      else yield part;
    }
  } finally {
    leaving.removeEventListener('abort', sleeper);
  }
}

/** Waits for more, or until nobody reads any more. */
class Sleeper implements Waiter, LeaveListener {
  readonly #cursor: PartCursor<unknown>;
  #resolve: (() => void) | undefined;

  constructor(cursor: PartCursor<unknown>) {
    this.#cursor = cursor;
  }

  more(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#cursor.wait(this);
    });
  }

  wake(): void {
    this.#resolve?.();
    this.#resolve = undefined;
  }

  handleEvent(): void {
    this.#cursor.unwait(this);
    this.wake();
  }
}
