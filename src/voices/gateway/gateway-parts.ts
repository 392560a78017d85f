import type { BeginMessage, ErrorMessage } from '../../protocol/gateway-messages.ts';
import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { LineNews } from './gateway-line.ts';

/** Makes parts of what comes of a line, in its own line time: where it was joined late, from there on. */
export class GatewayParts {
  readonly #where: string;
  readonly #onBegin: (begin: BeginMessage) => void;
  #begin: BeginMessage | undefined;
  #heard = false;

  constructor(where: string, onBegin: (begin: BeginMessage) => void) {
    this.#where = where;
    this.#onBegin = onBegin;
  }

  /** Throws the line's `SpeechError`. */
  read(news: LineNews): SpeechPart[] {
    switch (news.type) {
      case 'begin':
        this.#begin = news;
        this.#onBegin(news);
        return [];
      case 'sound':
        return this.#audio(news.samples);
      case 'cues': {
        const cues = this.#placed(news.cues);
        return cues.length > 0 ? [{ type: 'cues', cues }] : [];
      }
      case 'words': {
        const words = this.#placed(news.words);
        return words.length > 0 ? [{ type: 'words', words }] : [];
      }
      case 'shapes': {
        const { fps, frames } = news;
        return [{ type: 'shapes', fps, from: news.from - this.#zero * fps, frames }];
      }
      case 'error':
        throw toldError(news, this.#where);
      case 'end': {
        const rest = this.#audio(news.samples);
        if (!this.#heard) throw SpeechError.empty(this.#where);
        return [...rest, { type: 'end' }];
      }
      case 'ready':
        return [{ type: 'end' }];
    }
  }

  /** Line time of the gateway at which that of the reader begins, seconds. */
  get #zero(): number {
    const { from = 0, sampleRate = 1 } = this.#begin ?? {};
    return from / sampleRate;
  }

  #audio(samples: Int16Array<ArrayBuffer>): SpeechPart[] {
    if (samples.length === 0) return [];
    this.#heard = true;
    return [{ type: 'audio', samples, sampleRate: this.#begin!.sampleRate }];
  }

  #placed<Span extends { readonly start: number; readonly end: number }>(
    spans: readonly Span[],
  ): readonly Span[] {
    const zero = this.#zero;
    if (zero === 0) return spans;
    return spans
      .filter(({ end }) => end > zero)
      .map((span) => ({ ...span, start: Math.max(0, span.start - zero), end: span.end - zero }));
  }
}

/** A line's failure as the gateway tells it. That it was cancelled is for us to say: else the gateway ends. */
export function toldError(
  { code, message, refusal, retryAfterSeconds }: ErrorMessage,
  where: string,
): SpeechError {
  if (code === 'aborted') return SpeechError.closedEarly(where);
  if (code === 'refused') return SpeechError.refused(where, message, refusal, retryAfterSeconds);
  return SpeechError.told(code, message, { reason: message, ...(refusal && { refusal }) });
}
