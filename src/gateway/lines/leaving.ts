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
