import type { RequestNames } from './lightning-messages.ts';
import type { LightningRequest } from './lightning-request.ts';
import { SoundWriter } from './lightning-sound.ts';
import { TextStore } from './text-store.ts';

/** A request from its first message to its last sound. */
export class SpokenRequest {
  readonly asked: LightningRequest;
  readonly names: RequestNames;
  readonly sound: SoundWriter;
  readonly store = new TextStore();
  /** Words and seconds of sound given so far. */
  words = 0;
  seconds = 0;

  constructor(asked: LightningRequest, names: RequestNames) {
    this.asked = asked;
    this.names = names;
    this.sound = new SoundWriter(asked.format, asked.sampleRate);
  }
}

/** What a turn has done for it. */
export interface TurnWork {
  namesOf(message: LightningRequest): RequestNames;
  /** Speaks a text to its end. Never rejects; false where it failed and the client was told. */
  speak(text: string, request: SpokenRequest): Promise<boolean>;
  /** Called once, after the last sound and its delay, or with `undefined` at once when the last request failed. */
  complete(last: SpokenRequest | undefined): void;
}

/**
 * Requests of one socket that one `complete` ends: spoken one after the other. A request is one message, or several of
 * which all but the last say `continue`; its text is spoken as soon as enough is there, it is flushed, or it ends.
 */
export class LightningTurn {
  readonly #work: TurnWork;
  readonly #queue: { readonly text: string; readonly request: SpokenRequest }[] = [];
  readonly #units: (() => void)[] = [];
  /** The request that still takes text. */
  #open: SpokenRequest | undefined;
  #speaking = false;
  #disposed = false;
  #completeAfterMs = 0;
  #flushing: ReturnType<typeof setTimeout> | undefined;
  #completing: ReturnType<typeof setTimeout> | undefined;

  constructor(work: TurnWork) {
    this.#work = work;
  }

  /** Whether a request still takes text. */
  get open(): boolean {
    return this.#open !== undefined;
  }

  /** Whether a message needs no unit of its own: a request still takes text, or all has been spoken. */
  get joinable(): boolean {
    return this.open || !this.#speaking;
  }

  /** Whether nothing is done but to wait for more text. */
  get waiting(): boolean {
    return this.open && !this.#speaking;
  }

  /** Keeps a unit until the turn ends; `free` gives it back. */
  hold(free: () => void): void {
    this.#units.push(free);
  }

  take(message: LightningRequest): void {
    clearTimeout(this.#completing);
    clearTimeout(this.#flushing);
    this.#completeAfterMs = message.completeAfterMs;
    const request = this.#open ?? new SpokenRequest(message, this.#work.namesOf(message));
    const { store } = request;
    const { text, more, flush, longestWaitMs } = message;
    if (more && !flush) for (const stretch of store.push(text)) this.#queue.push({ text: stretch, request });
    else this.#queue.push({ text: store.take() + text, request });
    if (more && longestWaitMs > 0 && store.filled) {
      this.#flushing = setTimeout(() => {
        this.#queue.push({ text: store.take(), request });
        void this.#run(request);
      }, longestWaitMs);
    }
    this.#open = more ? request : undefined;
    void this.#run(request);
  }

  /** Ends it where it stands, without a word; frees its units. May be called twice. */
  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#flushing);
    clearTimeout(this.#completing);
    for (const free of this.#units.splice(0)) free();
  }

  async #run(newest: SpokenRequest): Promise<void> {
    if (this.#speaking) return;
    this.#speaking = true;
    let last: SpokenRequest | undefined = newest;
    for (let next = this.#queue.shift(); next && !this.#disposed; next = this.#queue.shift()) {
      const { text, request } = next;
      const spoken = text.trim() === '' || (await this.#work.speak(text, request));
      last = spoken ? request : undefined;
      if (!spoken) this.#drop(request);
    }
    this.#speaking = false;
    if (this.#disposed || this.#open) return;
    this.#completing = setTimeout(() => this.#work.complete(last), last ? this.#completeAfterMs : 0);
  }

  /** What was still to be spoken of a failed request is left out. */
  #drop(failed: SpokenRequest): void {
    if (this.#open === failed) {
      this.#open = undefined;
      clearTimeout(this.#flushing);
    }
    const others = this.#queue.filter(({ request }) => request !== failed);
    this.#queue.splice(0, this.#queue.length, ...others);
  }
}
