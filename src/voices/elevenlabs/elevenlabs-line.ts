import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { CharacterMouth } from '../character-mouth.ts';
import type { ContextTalk } from '../session/context-line.ts';
import type { Endpoint } from '../session/endpoint.ts';
import { SoundLine } from '../sound-line.ts';
import { elevenLabsError } from './elevenlabs-error.ts';
import type { ChunkCharacter, ElevenLabsMessage } from './elevenlabs-message.ts';

/** Characters of a chunk may reach so far into the sound of the next, seconds, before that is taken to begin after them. */
const OVERLAP = 0.06;

/** One line and what it brings. */
export class ElevenLabsLine implements ContextTalk<ElevenLabsMessage> {
  readonly asks: readonly string[];
  readonly cancels: readonly string[];
  readonly #endpoint: Endpoint;
  readonly #sound: SoundLine;
  readonly #mouth: CharacterMouth;

  constructor(
    text: string,
    sampleRate: number,
    endpoint: Endpoint,
    { asks, cancels }: { asks: readonly string[]; cancels: readonly string[] },
  ) {
    this.asks = asks;
    this.cancels = cancels;
    this.#endpoint = endpoint;
    this.#sound = new SoundLine(sampleRate);
    this.#mouth = new CharacterMouth(text);
  }

  read(message: ElevenLabsMessage): readonly SpeechPart[] {
    const { where } = this.#endpoint;
    if (message.type === 'error') throw elevenLabsError(message, this.#endpoint);
    if (message.type === 'garbage') {
      const expected = 'JSON with audio, the end or an error';
      throw SpeechError.protocol(where, expected, this.#endpoint.quote(message.got));
    }
    const parts = this.#chunk(message.bytes, message.characters);
    return message.last ? [...parts, ...this.#end()] : parts;
  }

  /** The characters count from the first sample that came with them. */
  #chunk(bytes: Uint8Array, characters: readonly ChunkCharacter[]): SpeechPart[] {
    const { latest } = this.#mouth;
    // Seen at clients: chunks whose characters go on for longer than their sound. Then the next ones follow those.
    const begins = this.#sound.seconds;
    const origin = latest > begins + OVERLAP ? latest : begins;
    const moved = characters.map(({ character, start, end }) => ({
      character,
      start: origin + start,
      end: origin + end,
    }));
    return [...this.#mouth.push(moved), ...this.#sound.audio(bytes)];
  }

  #end(): SpeechPart[] {
    if (this.#sound.seconds === 0) throw SpeechError.empty(this.#endpoint.where);
    return [...this.#mouth.end(this.#sound.seconds), { type: 'end' }];
  }
}
