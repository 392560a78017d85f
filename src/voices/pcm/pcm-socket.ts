import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { kindOf } from '../session/handshake.ts';
import type { Message, Session } from '../session/session.ts';
import type { OpenSocket } from '../session/socket.ts';
import type { Talk } from '../session/socket-line.ts';
import { type PcmFormat, PcmLine } from './pcm-line.ts';

/** Close codes of a server that is done: "normal", and none given. */
const DONE: ReadonlySet<number> = new Set([1000, 1005]);

/** Stands for the close of a server that is done, after all that it sent. */
const CLOSED = '\u0000closed';

/** How messages in text are read. */
export interface TextRules {
  /** Whether a message ends the line. Undefined: the server closes. */
  readonly ends: ((message: string) => boolean) | undefined;
  /** Why a message says that the line failed; undefined for one that does not. */
  readonly errorIn: (message: string) => string | undefined;
}

/** Sockets that tell a close of a server that is done as its last message. */
export function tellingClose(openSocket: OpenSocket): OpenSocket {
  return (url, events, headers, protocols) => {
    const told = {
      ...events,
      onClose: (close: Parameters<typeof events.onClose>[0]) => {
        if (DONE.has(close.code)) events.onMessage(CLOSED);
        events.onClose(close);
      },
    };
    return openSocket(url, told, headers, protocols);
  };
}

/** One line on a socket: what asks for it, and bytes until a message or the close ends it. */
export class PcmTalk implements Talk {
  readonly asks: readonly string[];
  readonly #line: PcmLine;
  readonly #session: Session;
  readonly #rules: TextRules;

  constructor(asks: readonly string[], format: PcmFormat, session: Session, rules: TextRules) {
    this.asks = asks;
    this.#line = new PcmLine(format, session.endpoint.where);
    this.#session = session;
    this.#rules = rules;
  }

  read(message: Message): readonly SpeechPart[] {
    if (typeof message !== 'string') return this.#line.push(message);
    const { endpoint } = this.#session;
    if (message === CLOSED) {
      // Where a message ends the line, a close before it is one that came too early.
      return this.#rules.ends ? [] : this.#line.end();
    }
    const reason = this.#rules.errorIn(message);
    if (reason !== undefined) {
      const words = endpoint.quote(reason);
      throw SpeechError.refused(endpoint.where, words, kindOf(words));
    }
    return this.#rules.ends?.(message) ? this.#line.end() : [];
  }
}
