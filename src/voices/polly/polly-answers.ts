import { SpeechError } from '../../speech/errors.ts';
import type { Timeouts } from '../session/socket-line.ts';

/** A body on its way, as Node has it. */
type Body = AsyncIterable<Uint8Array> & {
  destroy?(): void;
  /** Of a stream of HTTP/2: why it was closed; 0 for a good end. */
  readonly rstCode?: number;
};

/** What the vendor's client gives for a request. */
interface Answer {
  readonly AudioStream?: unknown;
}

/** The answers to the requests of one line, or a piece of it: waited for as long as they may take, and let go of together. */
export class PollyAnswers {
  /** Aborts with the line, and when it takes too long. */
  readonly signal: AbortSignal;
  /** Why it was aborted. */
  reason: SpeechError | undefined;

  readonly #where: string;
  readonly #timeouts: Required<Timeouts>;
  readonly #abort = new AbortController();
  readonly #caller: AbortSignal;
  readonly #bodies: Body[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onAbort = () => this.#stop(SpeechError.aborted());

  /** `begun`: some of the line was heard already. */
  constructor(where: string, timeouts: Required<Timeouts>, caller: AbortSignal, begun = false) {
    this.#where = where;
    this.#timeouts = timeouts;
    this.#caller = caller;
    this.signal = this.#abort.signal;
    caller.addEventListener('abort', this.#onAbort, { once: true });
    if (caller.aborted) this.#onAbort();
    else {
      const seconds = timeouts.firstAudio;
      const late = () =>
        begun ? SpeechError.stalled(where, seconds) : SpeechError.firstAudioTimeout(where, seconds);
      this.#wait(seconds, late);
    }
  }

  /** The body of an answer. */
  async stream(asked: Promise<Answer>): Promise<Body> {
    const body = (await asked).AudioStream as Body | undefined;
    if (!body) throw SpeechError.empty(this.#where);
    this.#bodies.push(body);
    if (this.reason) body.destroy?.();
    return body;
  }

  /** The whole body of an answer. */
  async text(asked: Promise<Answer>): Promise<string> {
    const decoder = new TextDecoder();
    let text = '';
    const body = await this.stream(asked);
    for await (const piece of this.#whole(body)) text += decoder.decode(piece, { stream: true });
    return text + decoder.decode();
  }

  /** A body piece by piece; between two of them no longer may pass than a stream may stall. */
  async *pieces(body: Body): AsyncGenerator<Uint8Array, void, void> {
    const { stall } = this.#timeouts;
    for await (const piece of this.#whole(body)) {
      this.#wait(undefined);
      yield piece;
      this.#wait(stall, () => SpeechError.stalled(this.#where, stall));
    }
  }

  /** Ends whatever is still on its way. */
  close(): void {
    this.#wait(undefined);
    this.#caller.removeEventListener('abort', this.#onAbort);
    this.#abort.abort();
    for (const body of this.#bodies) body.destroy?.();
  }

  /** A body that breaks off says so as one of a line. */
  async *#whole(body: Body): AsyncGenerator<Uint8Array, void, void> {
    try {
      yield* body;
    } catch (error) {
      const { message } = error as Error;
      throw this.reason ?? SpeechError.closedEarly(this.#where, new Error(message));
    }
    // A stream of HTTP/2 that is destroyed, or loses its connection, ends as if it were whole.
    if (this.reason) throw this.reason;
    if (body.rstCode) throw SpeechError.closedEarly(this.#where, new Error(`HTTP/2 code ${body.rstCode}`));
  }

  #wait(seconds: number | undefined, late?: () => SpeechError): void {
    clearTimeout(this.#timer);
    if (seconds !== undefined && late) this.#timer = setTimeout(() => this.#stop(late()), seconds * 1000);
  }

  #stop(reason: SpeechError): void {
    this.reason ??= reason;
    this.#abort.abort();
    for (const body of this.#bodies) body.destroy?.();
  }
}
