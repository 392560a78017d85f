/** Work that may be long, in short turns: one of all that wait in each round of Node's event loop, first come first. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #running = false;

  /** Resolves when it is the caller's turn; what it does before it waits again is the turn. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#running) return;
      this.#running = true;
      setImmediate(this.#round);
    });
  }

  readonly #round = (): void => {
    this.#waiting.shift()?.();
    this.#running = this.#waiting.length > 0;
    if (this.#running) setImmediate(this.#round);
  };
}
