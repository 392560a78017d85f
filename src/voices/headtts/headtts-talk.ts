import { ClauseCutter } from '../../speech/clause-cutter.ts';
import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SpeechRequest } from '../../speech/source.ts';
import type { Message, Session } from '../session/session.ts';
import type { Talk } from '../session/socket-line.ts';
import { HeadTtsLine, type HeadTtsPart } from './headtts-line.ts';
import { readHeadTtsMessage } from './headtts-message.ts';

/** Parts that are asked for ahead of what has come: the next is made while one is played, and little that nobody hears. */
const AHEAD = 2;

/** Changes nothing, but the server closes a socket on which it hears nothing for 20 s, whatever it is making. */
const AWAKE = JSON.stringify({ type: 'setup', id: 0, data: {} });

/** Longest part, UTF-16 units: the vendor's client has 500, the model takes 510 sounds. */
const LONGEST_PIECE = 400;

/** What goes before the text of each line. */
export interface HeadTtsSetup {
  readonly voice: string;
  readonly language: string;
  readonly speed: number;
  readonly audioEncoding: 'wav';
}

/** One line on a socket: what it is spoken with, then part by part, each asked for by its number. */
export class HeadTtsTalk implements Talk {
  readonly asks: readonly string[];
  readonly #session: Session;
  readonly #pieces: readonly string[];
  readonly #line: HeadTtsLine;
  #asked = 0;
  /** What the next sound holds. */
  #announced: (Omit<HeadTtsPart, 'bytes'> & { readonly ref: number }) | undefined;

  constructor({ text, lang }: SpeechRequest, setup: HeadTtsSetup, session: Session) {
    this.#session = session;
    this.#pieces = piecesOf(text, lang);
    this.#line = new HeadTtsLine(text, session.endpoint.where);
    const first = Array.from({ length: Math.min(AHEAD, this.#pieces.length) }, () => this.#ask());
    this.asks = [JSON.stringify({ type: 'setup', id: 0, data: setup }), ...first];
  }

  read(frame: Message): readonly SpeechPart[] {
    const { endpoint } = this.#session;
    const message = readHeadTtsMessage(frame);
    switch (message.type) {
      case 'audio':
        if (this.#announced || message.ref < 1 || message.ref > this.#asked) {
          const got = this.#announced ? 'another announcement' : `ref ${message.ref}`;
          throw SpeechError.protocol(endpoint.where, 'the sound of a part that was asked for', got);
        }
        this.#announced = message;
        return [];
      case 'sound':
        return this.#sound(message.bytes);
      case 'error': {
        const words = endpoint.quote(message.reason);
        if (/\b(?:voice|language)\b/i.test(words)) throw SpeechError.refused(endpoint.where, words);
        throw SpeechError.serviceFailed(endpoint.where, words);
      }
      case 'garbage': {
        const expected = 'audio with its sound, or an error';
        throw SpeechError.protocol(endpoint.where, expected, endpoint.quote(message.got));
      }
      default:
        return [];
    }
  }

  #sound(bytes: Uint8Array): SpeechPart[] {
    const { where } = this.#session.endpoint;
    const announced = this.#announced;
    if (!announced) throw SpeechError.protocol(where, 'what a sound holds before it', 'the sound alone');
    this.#announced = undefined;
    const parts = this.#line.take(announced.ref - 1, { ...announced, bytes });
    if (this.#line.given === this.#pieces.length) {
      if (this.#line.seconds === 0) throw SpeechError.empty(where);
      return [...parts, { type: 'end' }];
    }
    const asked = this.#asked;
    while (this.#asked < Math.min(this.#line.given + AHEAD, this.#pieces.length))
      this.#session.send(this.#ask());
    if (this.#asked === asked) this.#session.send(AWAKE);
    return parts;
  }

  #ask(): string {
    const input = this.#pieces[this.#asked++]!;
    return JSON.stringify({ type: 'synthesize', id: this.#asked, data: { input } });
  }
}

/** A text sentence by sentence, the first time at a breath; joined they are the text. */
function piecesOf(text: string, lang: string | undefined): string[] {
  const cutter = new ClauseCutter({ lang, longest: LONGEST_PIECE });
  const pieces = [...cutter.push(text), ...cutter.end()];
  return pieces.length > 0 ? pieces : [text];
}
