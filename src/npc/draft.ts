import { letGo } from '../speech/let-go.ts';
import type { SpeechRequest, VoiceSource } from '../speech/source.ts';
import { type Pace, speakClauses } from '../speech/speak-clauses.ts';
import { wrappedSource } from '../speech/wrapped-source.ts';

/** The text of one line that is still being written, and how far its listener has come. */
export class Draft implements Pace {
  readonly #pieces: AsyncIterable<string>;
  #text = '';
  /** Line time that is waited for, seconds; in an array, so that reading it once a frame allocates nothing. */
  readonly #wanted = new Float64Array([Number.POSITIVE_INFINITY]);
  #onReached: () => void = () => {};
  #heard = 0;

  constructor(pieces: AsyncIterable<string>) {
    this.#pieces = pieces;
  }

  /** The request of the line: its text grows clause by clause, just before each is spoken. */
  requestAs({ voice, lang, speed }: Omit<SpeechRequest, 'text'>): SpeechRequest {
    const text = () => this.#text;
    return {
      get text() {
        return text();
      },
      voice,
      lang,
      speed,
    };
  }

  /** The source of the line, which speaks it once. */
  sourceOver(source: VoiceSource): VoiceSource {
    return wrappedSource(
      source,
      ({ voice, lang, speed }, signal) => {
        const onClause = (clause: string) => {
          this.#text += clause;
        };
        const request = { voice, lang, speed };
        return speakClauses({ source, request, pieces: this.#pieces, pace: this, onClause }, signal);
      },
      () => {}, // The source is everybody's.
    );
  }

  reached(seconds: number): Promise<void> {
    if (seconds <= this.#heard) return Promise.resolve();
    this.#wanted[0] = seconds;
    return new Promise((resolve) => {
      this.#onReached = resolve;
    });
  }

  later(seconds: number, then: () => void): () => void {
    const timer = setTimeout(then, seconds * 1000);
    return () => clearTimeout(timer);
  }

  /** Called once a frame with the line time that is heard. */
  handlePlayhead(seconds: number): void {
    this.#heard = seconds;
    if (seconds < this.#wanted[0]!) return;
    this.#wanted[0] = Number.POSITIVE_INFINITY;
    this.#onReached();
  }

  /** A line that is never spoken: whoever writes it is told to stop. */
  close(): void {
    // An iterator that was never begun may hold a connection all the same.
    letGo(() => this.#pieces[Symbol.asyncIterator]());
  }
}
