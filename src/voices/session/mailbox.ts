import type { SpeechError } from '../../speech/errors.ts';

/** Messages that wait for the one who reads them. */
export class Mailbox<Message> {
  #waiting: { readonly message: Message; readonly bytes: number }[] = [];
  #bytes = 0;
  #over: SpeechError | undefined;
  #wake: (() => void) | undefined;

  /** Size of all that waits, bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Why nothing comes any more, once nothing does. */
  get over(): SpeechError | undefined {
    return this.#over;
  }

  /** `bytes` is what the message counts for. */
  push(message: Message, bytes: number): void {
    if (this.#over) return;
    this.#waiting.push({ message, bytes });
    this.#bytes += bytes;
    this.#wake?.();
  }

  /** Nothing comes any more; what waits is read before the reader is told why, unless it is `spoilt`. The first time counts. */
  end(reason: SpeechError, spoilt: boolean): void {
    if (this.#over) return;
    this.#over = reason;
    if (spoilt) this.#waiting = [];
    this.#wake?.();
  }

  /** Whoever waits here is told at once that nothing came. */
  nudge(): void {
    this.#wake?.();
  }

  /**
   * The next message, or nothing when none came within `seconds`; time counts only while the caller waits here. Throws
   * why, once it is over and all that came is read.
   */
  async receive(seconds: number): Promise<Message | undefined> {
    await this.until(() => !this.empty, seconds);
    const next = this.#waiting.shift();
    if (next) this.#bytes -= next.bytes;
    else if (this.#over) throw this.#over;
    return next?.message;
  }

  /** All that waits, at once. */
  takeAll(): Message[] {
    this.#bytes = 0;
    return this.#waiting.splice(0).map(({ message }) => message);
  }

  /** Resolves when `done` holds, it is over, `seconds` have passed, or somebody nudges. */
  until(done: () => boolean, seconds: number): Promise<void> {
    if (done() || this.#over) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(finish, Math.max(0, seconds) * 1000);
      this.#wake = finish;
    });
  }
}
