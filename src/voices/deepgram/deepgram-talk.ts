import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { Message, Session } from '../session/session.ts';
import type { Cancel, Talk } from '../session/socket-line.ts';
import { SoundLine } from '../sound-line.ts';
import { textPieces } from '../text-pieces.ts';
import { deepgramError, deepgramWarning, FLUSH_WINDOW } from './deepgram-error.ts';
import { readDeepgramMessage } from './deepgram-message.ts';

/** Flushes that a socket takes in a minute, as documented; clients count them by socket. */
const MOST_FLUSHES = 20;

/** Longest text of one message, UTF-16 units: the service takes 2,000 characters. */
const LONGEST_PIECE = 2000;

/** What must be known of a socket from one line to the next. */
export class SocketPast {
  /** Whether a line on it was cancelled, so that its `Flushed` may still be on the way. */
  cleared = false;
  readonly #flushes: number[] = [];

  /** Counts a flush; whether it was the last one for now. `now` in seconds. */
  flush(now: number): boolean {
    this.#flushes.push(now);
    while (this.#flushes[0]! <= now - FLUSH_WINDOW) this.#flushes.shift();
    return this.#flushes.length >= MOST_FLUSHES;
  }
}

/** One line on a socket: its text, a flush, and the sound until the flush is confirmed. */
export class DeepgramTalk implements Talk {
  readonly asks: readonly string[];
  readonly cancel: Cancel;
  /** Whether the service took the text but not its flush, for there were too many. */
  tooManyFlushes = false;
  readonly #sound: SoundLine;
  readonly #session: Session;
  readonly #past: SocketPast;

  constructor(text: string, sampleRate: number, session: Session, past: SocketPast) {
    const speaks = textPieces(text, LONGEST_PIECE).map((piece) => ({ type: 'Speak', text: piece }));
    this.asks = [...speaks, { type: 'Flush' }].map((message) => JSON.stringify(message));
    this.#sound = new SoundLine(sampleRate);
    this.#session = session;
    this.#past = past;
    this.cancel = {
      asks: () => {
        past.cleared = true;
        return [JSON.stringify({ type: 'Clear' })];
      },
      read: (message) => (readDeepgramMessage(message).type === 'cleared' ? 'over' : []),
    };
  }

  read(frame: Message): readonly SpeechPart[] {
    const { endpoint } = this.#session;
    const message = readDeepgramMessage(frame);
    switch (message.type) {
      case 'audio':
        return this.#sound.audio(message.bytes);
      case 'flushed':
        if (this.#sound.seconds > 0) return [{ type: 'end' }];
        if (this.#past.cleared) return []; // That of the line before, which was cancelled.
        throw SpeechError.empty(endpoint.where);
      case 'warning': {
        const refusal = deepgramWarning(message, endpoint);
        if (!refusal) return [];
        this.tooManyFlushes = true;
        this.#session.retire(); // The text still stands in its buffer.
        throw refusal;
      }
      case 'error':
        throw deepgramError(message, endpoint);
      case 'garbage': {
        const expected = 'audio, Flushed, a warning or an error';
        throw SpeechError.protocol(endpoint.where, expected, endpoint.quote(message.got));
      }
      default:
        return [];
    }
  }
}
