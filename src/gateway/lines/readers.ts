/** One who is told that reading ends. */
export interface LeaveListener {
  handleEvent(): void;
}

/** Whether somebody still reads: an `AbortSignal`, or what is lighter. */
export interface Leaving {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: LeaveListener, options: { readonly once: true }): void;
  removeEventListener(type: 'abort', listener: LeaveListener): void;
}

/** An `AbortController` with its signal, for those of whom there are thousands: a signal of Node's takes a kilobyte. */
export class Leave implements Leaving {
  #aborted = false;
  #listener: LeaveListener | undefined;

  get aborted(): boolean {
    return this.#aborted;
  }

  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.handleEvent();
  }

  /** One at a time: whoever reads one line after another takes the place of the one before. */
  addEventListener(_type: 'abort', listener: LeaveListener): void {
    this.#listener = listener;
  }

  removeEventListener(_type: 'abort', listener: LeaveListener): void {
    if (this.#listener === listener) this.#listener = undefined;
  }
}

/** Those who wait for more of a line. */
export class Readers {
  #waiting: Reader[] = [];

  /** One more, until it leaves. */
  enter(leaving: Leaving): Reader {
    return new Reader(this, leaving);
  }

  /** There is more, or no more to come. */
  wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const reader of waiting) reader.wake();
  }

  add(reader: Reader): void {
    this.#waiting.push(reader);
  }

  /** It leaves the others' list, or readers that come and go would fill it. */
  remove(reader: Reader): void {
    this.#waiting = this.#waiting.filter((other) => other !== reader);
  }
}

/** One reader. */
export class Reader implements LeaveListener {
  readonly #readers: Readers;
  readonly #leaving: Leaving;
  #resolve: (() => void) | undefined;

  constructor(readers: Readers, leaving: Leaving) {
    this.#readers = readers;
    this.#leaving = leaving;
    leaving.addEventListener('abort', this, { once: true });
  }

  /** Resolves when there may be more, or its reading is aborted. */
  more(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#readers.add(this);
    });
  }

  wake(): void {
    this.#resolve?.();
    this.#resolve = undefined;
  }

  leave(): void {
    this.#leaving.removeEventListener('abort', this);
  }

  handleEvent(): void {
    this.#readers.remove(this);
    this.wake();
  }
}
