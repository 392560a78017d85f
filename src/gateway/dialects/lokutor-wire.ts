import type { WireViseme } from './lokutor-letters.ts';
import { OddPieces } from './odd-pieces.ts';
import type { Choices, LOKUTOR_VARIANTS } from './variants.ts';

/** A message: text, or bytes. */
export type Message = string | Uint8Array;

/** Writes the messages of one connection in the forms that it asked for. */
export class LokutorWire {
  readonly #variants: Choices<typeof LOKUTOR_VARIANTS>;
  readonly #odd: OddPieces | undefined;

  constructor(variants: Choices<typeof LOKUTOR_VARIANTS>) {
    this.#variants = variants;
    this.#odd = variants.pieces === 'odd' ? new OddPieces() : undefined;
  }

  /** A list of visemes; none at all is sent only where the connection asked for it. */
  *visemes(list: readonly WireViseme[]): Generator<Message, void> {
    const { visemes, names, extras } = this.#variants;
    if (list.length === 0 && extras === 'off') return;
    const data = names === 'short' ? list : list.map(({ v, c, t }) => ({ id: v, char: c, timestamp: t }));
    if (visemes === 'array') yield JSON.stringify(data);
    else if (visemes === 'wrapped') yield JSON.stringify({ type: 'visemes', data });
    else if (visemes === 'nested') yield JSON.stringify({ type: 'visemes', data: { visemes: data } });
    else for (const one of data) yield JSON.stringify({ type: 'viseme', data: one });
  }

  *sound(samples: Int16Array): Generator<Message, void> {
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    yield* this.#bytes(this.#odd ? this.#odd.push(bytes) : bytes);
  }

  /** What ends a request. */
  *end(): Generator<Message, void> {
    if (this.#odd) yield* this.#bytes(this.#odd.end());
    if (this.#variants.end === 'text') yield 'EOS';
    if (this.#variants.end === 'json') yield JSON.stringify({ type: 'eos' });
  }

  /** Telemetry that clients pass over: how long the first message took, ms. */
  *timing(firstAudioMs: number): Generator<Message, void> {
    if (this.#variants.extras === 'on') yield JSON.stringify({ type: 'timing', ttfb_ms: firstAudioMs });
  }

  error(code: string, message: string): string {
    const { errors } = this.#variants;
    if (errors === 'text') return `ERR: ${message}`;
    const retryable = !code.startsWith('validation.');
    if (errors === 'data') return JSON.stringify({ type: 'error', data: { code, message, retryable } });
    return JSON.stringify({ type: 'error', code, message });
  }

  *#bytes(bytes: Uint8Array): Generator<Message, void> {
    if (bytes.length === 0) return;
    if (this.#variants.sound === 'binary') yield bytes;
    else {
      const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
      yield JSON.stringify({ type: 'audio', data });
    }
  }
}
