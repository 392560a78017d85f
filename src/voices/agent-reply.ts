import { SpeechError } from '../speech/errors.ts';
import type { SpeechPart } from '../speech/part.ts';
import { type SourceTiming, type SpokenReply, UNTIMED_LOOK_AHEAD } from '../speech/source.ts';

/** Most seconds of sound that wait for a reader; a reply that nobody reads ends there. */
const MOST_SECONDS = 300;

/** One turn of an agent, as it is being spoken. An NPC says it: `npc.say(reply)`. */
export class AgentReply implements SpokenReply {
  /** What it says, as far as the service has told. */
  text = '';
  readonly timing: SourceTiming;
  readonly lookAheadSeconds: number;
  readonly #parts: SpeechPart[] = [];
  #seconds = 0;
  #over: 'whole' | SpeechError | undefined;
  #wake: (() => void) | undefined;

  /** Without `timing` it is sound alone. */
  constructor(
    timing: SourceTiming = { origin: 'audio', confidence: 0 },
    lookAheadSeconds: number = UNTIMED_LOOK_AHEAD,
  ) {
    this.timing = timing;
    this.lookAheadSeconds = lookAheadSeconds;
  }

  /** Seconds of sound that have come so far. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Whether no more parts will come. */
  get over(): boolean {
    return this.#over !== undefined;
  }

  /**
   * The parts of the reply, `end` last: to be read once. Throws `aborted` when the agent was interrupted, or `signal`
   * aborts, and why, when the connection broke.
   */
  async *parts(signal?: AbortSignal): AsyncGenerator<SpeechPart, void, void> {
    const stop = () => this.fail(SpeechError.aborted());
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    try {
      for (;;) {
        if (this.#over instanceof SpeechError && this.#over.code === 'aborted') throw this.#over;
        const part = this.#parts.shift();
        if (part) {
          yield part;
          if (part.type === 'end') return;
        } else if (this.#over instanceof SpeechError) throw this.#over;
        else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      stop();
    }
  }

  /** More of the reply. */
  push(parts: readonly SpeechPart[]): void {
    if (this.over) return;
    for (const part of parts) {
      if (part.type === 'audio') this.#seconds += part.samples.length / part.sampleRate;
      this.#parts.push(part);
    }
    if (this.#seconds > MOST_SECONDS)
      this.fail(SpeechError.protocol('The agent', `at most ${MOST_SECONDS} s a reply`, 'more'));
    this.#wake?.();
  }

  /** The reply is whole. */
  end(): void {
    if (this.over) return;
    this.#parts.push({ type: 'end' });
    this.#over = 'whole';
    this.#wake?.();
  }

  /** The reply breaks off. */
  fail(reason: SpeechError): void {
    if (this.over) return;
    this.#over = reason;
    this.#wake?.();
  }
}
