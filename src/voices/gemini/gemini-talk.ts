import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SpeechRequest } from '../../speech/source.ts';
import { readAloud } from '../read-aloud.ts';
import type { Message, Session } from '../session/session.ts';
import type { Talk } from '../session/socket-line.ts';
import { SoundLine } from '../sound-line.ts';
import { type GeminiSound, readGeminiMessage } from './gemini-message.ts';

/** What a voice is like. */
export interface GeminiManner {
  readonly model: string;
  readonly voice: string;
  /** How it shall speak, in words: added to what makes the model read. */
  readonly manner?: string | undefined;
}

/** How a model shall speak, as sessions are told. */
export function geminiSpeech(voice: string | undefined, lang: string | undefined): object {
  return {
    responseModalities: ['AUDIO'],
    speechConfig: {
      ...(voice !== undefined && { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } }),
      ...(lang !== undefined && { languageCode: lang }),
    },
  };
}

/** Something that is said to the model in words, and answered. */
export function geminiText(text: string): object {
  return { clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete: true } };
}

/** The sound of one turn, which is of one rate. */
export class TurnSound {
  #line: SoundLine | undefined;
  readonly #where: string;

  constructor(where: string) {
    this.#where = where;
  }

  /** Whether there was any. */
  get any(): boolean {
    return this.#line !== undefined && this.#line.seconds > 0;
  }

  push({ bytes, sampleRate }: GeminiSound): SpeechPart[] {
    this.#line ??= new SoundLine(sampleRate);
    const had = this.#line.sampleRate;
    if (had !== sampleRate)
      throw SpeechError.protocol(this.#where, `sound at ${had} Hz to the end`, `${sampleRate} Hz`);
    return this.#line.audio(bytes);
  }
}

/** One line: a conversation of its own, whose one turn reads the text. */
export class GeminiTalk implements Talk {
  readonly asks: readonly string[];
  readonly #text: string;
  readonly #session: Session;
  readonly #sound: TurnSound;

  constructor(
    { text, lang, speed = 1 }: SpeechRequest,
    { model, voice, manner }: GeminiManner,
    session: Session,
  ) {
    const pace = speed === 1 ? '' : `Speak at ${speed} times your usual pace.`;
    const instruction = readAloud(pace, manner);
    const setup = {
      model,
      generationConfig: geminiSpeech(voice, lang),
      systemInstruction: { parts: [{ text: instruction }] },
    };
    this.asks = [JSON.stringify({ setup })];
    this.#text = text;
    this.#session = session;
    this.#sound = new TurnSound(session.endpoint.where);
    session.retire(); // It would remember the line, and wait until it has been heard.
  }

  read(frame: Message): readonly SpeechPart[] {
    const { endpoint } = this.#session;
    const message = readGeminiMessage(frame);
    if (message.type === 'garbage') {
      const expected = 'a message of the Live API';
      throw SpeechError.protocol(endpoint.where, expected, endpoint.quote(message.got));
    }
    if (message.ready) this.#session.send(JSON.stringify(geminiText(this.#text)));
    const parts = message.sounds.flatMap((sound) => this.#sound.push(sound));
    if (message.interrupted) throw SpeechError.serviceFailed(endpoint.where, 'it interrupted itself');
    if (!message.generated && !message.turnOver) return parts;
    if (!this.#sound.any) throw SpeechError.empty(endpoint.where);
    return [...parts, { type: 'end' }];
  }
}
