import { randomUUID } from 'node:crypto';
import type { TimedWord } from './lightning-chunks.ts';
import type { LightningRequest, LightningVersion } from './lightning-request.ts';
import type { Choices, LIGHTNING_VARIANTS } from './variants.ts';

/** Tenths of a millisecond are finer than any word. */
const TIME_STEPS = 1e4;

/** What names a request in every message about it. */
export type RequestNames = Readonly<Record<string, string>>;

/** Writes the messages of one connection, in the forms that it asked for. */
export class LightningMessages {
  readonly #version: LightningVersion;
  readonly #variants: Choices<typeof LIGHTNING_VARIANTS>;
  readonly #session = `ws_${randomUUID()}`;

  constructor(version: LightningVersion, variants: Choices<typeof LIGHTNING_VARIANTS>) {
    this.#version = version;
    this.#variants = variants;
  }

  /** Names for a new request. */
  names({ sessionName, requestName }: Partial<LightningRequest> = {}): RequestNames {
    if (this.#version === 'v2') return { request_id: randomUUID() };
    return {
      session_id: this.#session,
      request_id: `task_${randomUUID()}`,
      ...(sessionName !== undefined && { external_session_id: sessionName }),
      ...(requestName !== undefined && { external_request_id: requestName }),
    };
  }

  sound(names: RequestNames, bytes: Uint8Array): string | Uint8Array {
    if (this.#variants.sound === 'binary') return bytes;
    const audio = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    return JSON.stringify({ ...names, status: 'chunk', data: { audio } });
  }

  /** `id` counts the words of the request; `offset` is added to its times. */
  word(names: RequestNames, id: number, { text, start, end }: TimedWord, offset: number): string {
    const data = { id, word: text, start: rounded(start + offset), end: rounded(end + offset) };
    return JSON.stringify({ ...names, status: 'word_timestamp', data });
  }

  /** The end of a turn; undefined where it is to be missing. */
  complete(names: RequestNames): string | undefined {
    const { end } = this.#variants;
    if (end === 'none') return undefined;
    if (end === 'comp') return JSON.stringify({ ...names, status: 'comp', done: true });
    const more = end === 'done' ? { message: 'All chunks sent', done: true } : {};
    return JSON.stringify({ ...names, status: 'complete', ...more });
  }

  error(names: RequestNames, code: string, message: string): string {
    const { errors } = this.#variants;
    if (errors === 'message') return JSON.stringify({ ...names, status: 'error', message });
    if (errors === 'list') {
      return JSON.stringify({ ...names, status: 'error', message, errors: [{ code, message }] });
    }
    return JSON.stringify({ ...names, status: 'error', error: { message, code } });
  }

  /** What an idle connection is told before it is closed; the documents show this form alone. */
  idle(seconds: number): string {
    return JSON.stringify({
      status: 'error',
      message: `Connection timed out after ${seconds} seconds of inactivity`,
    });
  }
}

function rounded(seconds: number): number {
  return Math.round(seconds * TIME_STEPS) / TIME_STEPS;
}
