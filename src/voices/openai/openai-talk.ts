import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SpeechRequest } from '../../speech/source.ts';
import { readAloud } from '../read-aloud.ts';
import type { Message, Session } from '../session/session.ts';
import type { Cancel, Talk } from '../session/socket-line.ts';
import { SoundLine } from '../sound-line.ts';
import { openAiError } from './openai-error.ts';
import { type OpenAiMessage, readOpenAiMessage } from './openai-message.ts';

/** Rate of all raw sound of the service, in both directions, Hz. */
export const OPENAI_RATE = 24_000;

/** Raw sound as sessions name it. */
export const OPENAI_PCM = { type: 'audio/pcm', rate: OPENAI_RATE } as const;

/** Names of our messages, by which errors tell what they are about. */
const LINE = 'parley-line';
const CANCEL = 'parley-cancel';

/** What a voice is like. */
export interface OpenAiManner {
  readonly voice: string;
  /** How it shall speak, in words: added to what makes the model read. */
  readonly manner?: string | undefined;
}

/** One line on a socket: a response beside any conversation, to a message that holds the text. */
export class OpenAiTalk implements Talk {
  readonly asks: readonly string[];
  readonly cancel: Cancel;
  readonly #sound = new SoundLine(OPENAI_RATE);
  readonly #session: Session;
  #response = '';
  #resetSeconds: number | undefined;

  constructor({ text, lang, speed = 1 }: SpeechRequest, { voice, manner }: OpenAiManner, session: Session) {
    this.#session = session;
    const input = { turn_detection: null };
    const output = { format: OPENAI_PCM, voice, speed };
    const language = lang ? `Its language is ${lang}.` : '';
    const instructions = readAloud(language, manner);
    this.asks = [
      {
        type: 'session.update',
        event_id: LINE,
        session: { type: 'realtime', output_modalities: ['audio'], audio: { input, output } },
      },
      {
        type: 'response.create',
        event_id: LINE,
        response: {
          conversation: 'none',
          input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text }] }],
          instructions,
          output_modalities: ['audio'],
        },
      },
    ].map((message) => JSON.stringify(message));
    this.cancel = {
      asks: () => this.#cancelling(),
      read: (frame) => {
        const message = readOpenAiMessage(frame);
        if (message.type === 'created' && this.#response === '') {
          this.#response = message.response;
          return this.#cancelling();
        }
        const refused = message.type === 'error' && message.event === LINE;
        return refused || (message.type === 'done' && message.response === this.#response) ? 'over' : [];
      },
    };
  }

  read(frame: Message): readonly SpeechPart[] {
    const { endpoint } = this.#session;
    const message = readOpenAiMessage(frame);
    if ('response' in message && message.type !== 'created' && message.response !== this.#response) return [];
    switch (message.type) {
      case 'created':
        this.#response ||= message.response;
        return [];
      case 'audio':
        return this.#sound.audio(message.bytes);
      case 'done':
        return this.#end(message);
      case 'limits':
        this.#resetSeconds = message.resetSeconds;
        return [];
      case 'error':
        if (isOfCancel(message)) return []; // The line before was over by then.
        this.#session.retire(); // Nobody knows what of its settings it took.
        throw openAiError(message, endpoint, this.#resetSeconds);
      case 'garbage': {
        const expected = 'an event of the Realtime API';
        throw SpeechError.protocol(endpoint.where, expected, endpoint.quote(message.got));
      }
      default:
        return [];
    }
  }

  #end(done: OpenAiMessage & { type: 'done' }): readonly SpeechPart[] {
    const { endpoint } = this.#session;
    if (done.status !== 'completed') throw openAiError(done, endpoint, this.#resetSeconds);
    if (this.#sound.seconds === 0) throw SpeechError.empty(endpoint.where);
    return [{ type: 'end' }];
  }

  /** A response can be cancelled once it has a name. */
  #cancelling(): string[] {
    const cancel = { type: 'response.cancel', event_id: CANCEL, response_id: this.#response };
    return this.#response === '' ? [] : [JSON.stringify(cancel)];
  }
}

/** Whether a message may come while no line is on its way. */
export function openAiSmallTalk(frame: Message): boolean {
  const message = readOpenAiMessage(frame);
  return message.type === 'other' || message.type === 'limits' || isOfCancel(message);
}

/** A line may be over when its cancelling arrives, of which the service complains. */
function isOfCancel(message: OpenAiMessage): boolean {
  return (
    message.type === 'error' && (message.event === CANCEL || message.code === 'response_cancel_not_active')
  );
}
