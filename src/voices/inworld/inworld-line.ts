import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SpeechRequest } from '../../speech/source.ts';
import type { ContextTalk } from '../session/context-line.ts';
import type { SharedLine } from '../session/shared-session.ts';
import { SoundLine, withoutWavHeader } from '../sound-line.ts';
import { textPieces } from '../text-pieces.ts';
import { inworldError } from './inworld-error.ts';
import type { InworldMessage } from './inworld-message.ts';
import { InworldMouth } from './inworld-mouth.ts';
import { InworldOrigin } from './inworld-origin.ts';
import type { InworldTimes } from './inworld-times.ts';

/** Longest text of one message, UTF-16 units: some clients say 2,000, others 1,000. */
const LONGEST_PIECE = 1000;

/** What stays the same from line to line. */
export interface InworldManner {
  readonly model: string;
  readonly voice: string;
  readonly sampleRate: number;
  readonly temperature?: number | undefined;
}

/** One line: a context of its own, its text, a flush, and after that the context is closed. */
export class InworldLine implements ContextTalk<InworldMessage> {
  readonly asks: readonly string[];
  readonly cancels: readonly string[];
  readonly #line: SharedLine<InworldMessage>;
  readonly #sound: SoundLine;
  readonly #origin = new InworldOrigin();
  readonly #mouth: InworldMouth;

  constructor({ text, lang, speed }: SpeechRequest, manner: InworldManner, line: SharedLine<InworldMessage>) {
    const { model, voice, sampleRate, temperature } = manner;
    const create = {
      voiceId: voice,
      modelId: model,
      audioConfig: { audioEncoding: 'PCM', sampleRateHertz: sampleRate, speakingRate: speed },
      temperature,
      timestampType: 'WORD',
      timestampTransportStrategy: 'SYNC',
      lipsyncConfig: {},
      autoMode: false,
    };
    const pieces = textPieces(text, LONGEST_PIECE, lang);
    const texts = pieces.map((piece, nth) => ({
      send_text: { text: piece, ...(nth === pieces.length - 1 && { flush_context: {} }) },
    }));
    const named = (message: object) => JSON.stringify({ ...message, contextId: line.context });
    this.asks = [{ create }, ...texts].map(named);
    this.cancels = [named({ close_context: {} })];
    this.#line = line;
    this.#sound = new SoundLine(sampleRate);
    this.#mouth = new InworldMouth(text);
  }

  read(message: InworldMessage): readonly SpeechPart[] {
    const { endpoint } = this.#line.session;
    switch (message.type) {
      case 'chunk':
        return this.#chunk(message.bytes, message.times);
      case 'flushed':
        for (const ask of this.cancels) this.#line.send(ask); // It is done: its place is given back.
        return [];
      case 'closed':
        if (this.#sound.seconds === 0) throw SpeechError.empty(endpoint.where);
        return [...this.#mouth.end(this.#sound.seconds), { type: 'end' }];
      case 'error':
        throw inworldError(message, endpoint);
      case 'garbage': {
        const expected = 'a result with sound, times or an end, or an error';
        throw SpeechError.protocol(endpoint.where, expected, endpoint.quote(message.got));
      }
      default:
        return [];
    }
  }

  #chunk(bytes: Uint8Array, times: InworldTimes): SpeechPart[] {
    const begins = this.#sound.seconds;
    const sound = this.#sound.audio(withoutWavHeader(bytes));
    const shift = this.#origin.shift(times, begins, this.#sound.seconds - begins);
    return [...this.#mouth.push(moved(times, shift)), ...sound];
  }
}

function moved({ words, sounds, characters, visemes }: InworldTimes, by: number): InworldTimes {
  const move = <Span extends { readonly start: number; readonly end: number }>(spans: readonly Span[]) =>
    spans.map((span) => ({ ...span, start: span.start + by, end: span.end + by }));
  return { words: move(words), sounds: move(sounds), characters: move(characters), visemes: move(visemes) };
}
