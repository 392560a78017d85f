/** Looks at which nothing has come: after so many the other side is asked, and after so many it is held for gone. */
const ASK = 2;
const GONE = 4;

interface QuietOptions {
  /** Quiet after which the other side is held for gone, seconds: it may take a quarter less. */
  readonly seconds: number;
  /** Nothing comes: something is to be asked that is answered at once. */
  readonly onQuiet: () => void;
  /** Nothing came all the same. */
  readonly onGone: () => void;
}

/**
 * Tells a connection that is quiet from one that is dead, such as that of a phone which has changed its network: TCP alone
 * takes minutes to find out. It counts looks and not time, so that a page that was hidden or frozen hears first what has
 * come meanwhile.
 */
export class QuietWatch {
  readonly #options: QuietOptions;
  #timer: ReturnType<typeof setInterval> | undefined;
  #looks = 0;

  constructor(options: QuietOptions) {
    this.#options = options;
  }

  /** May be called twice. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#looks = 0;
    this.#timer = setInterval(() => this.#look(), (this.#options.seconds / GONE) * 1_000);
  }

  /** May be called twice. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Something came. */
  hear(): void {
    this.#looks = 0;
  }

  #look(): void {
    this.#looks++;
    if (this.#looks === ASK) this.#options.onQuiet();
    else if (this.#looks >= GONE) this.#options.onGone();
  }
}
