import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { Message, Session } from '../session/session.ts';
import type { Cancel, Talk } from '../session/socket-line.ts';
import { writeAzureFrame } from './azure-frame.ts';
import type { AzureLine } from './azure-line.ts';
import { readAzureMessage } from './azure-message.ts';
import { newRequestId, SPEECH_CONFIG } from './azure-request.ts';

/** One line and what it brings. */
export class AzureTalk implements Talk {
  readonly asks: readonly string[];
  readonly cancel: Cancel;
  readonly #line: AzureLine;
  readonly #session: Session;
  readonly #request = newRequestId();

  constructor(ssml: string, context: string, line: AzureLine, session: Session, first: boolean) {
    this.#line = line;
    this.#session = session;
    const write = (path: string, type: string, body: string) =>
      writeAzureFrame(path, this.#request, type, body, new Date());
    this.asks = [
      ...(first ? [write('speech.config', 'application/json', SPEECH_CONFIG)] : []),
      write('synthesis.context', 'application/json', context),
      write('ssml', 'application/ssml+xml', ssml),
    ];
    this.cancel = {
      asks: () => [write('synthesis.control', 'application/json', JSON.stringify({ action: 'stop' }))],
      read: (frame) => {
        const { type, request } = readAzureMessage(frame);
        return type === 'end' && this.#mine(request) ? 'over' : [];
      },
    };
  }

  read(frame: Message): readonly SpeechPart[] {
    const message = readAzureMessage(frame);
    if (!this.#mine(message.request)) return []; // Of a line before this one.
    const { endpoint } = this.#session;
    switch (message.type) {
      case 'audio':
        return this.#line.audio(message.bytes);
      case 'marks':
        return this.#line.marks(message.marks);
      case 'end':
        if (this.#line.seconds === 0) throw SpeechError.empty(endpoint.where);
        return [...this.#line.end(), { type: 'end' }];
      case 'garbage': {
        const expected = 'messages with a path: audio, audio.metadata or turn.end';
        throw SpeechError.protocol(endpoint.where, expected, endpoint.quote(message.got));
      }
      default:
        return [];
    }
  }

  #mine(request: string): boolean {
    return request === '' || request === this.#request;
  }
}
