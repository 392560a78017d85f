import type { Cue, WordMark } from '../../speech/cue.ts';
import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { PhoneMouth } from '../phone-mouth.ts';
import type { ContextTalk } from '../session/context-line.ts';
import type { Endpoint } from '../session/endpoint.ts';
import { SoundLine } from '../sound-line.ts';
import { SpokenWords } from '../spoken-words.ts';
import { WordMouth } from '../word-mouth.ts';
import { cartesiaError } from './cartesia-error.ts';
import type { CartesiaMessage, ContextWord } from './cartesia-message.ts';
import type { CartesiaAsks } from './cartesia-request.ts';

/** Sound of words that are told, seconds, after which no sounds of theirs are expected any more: not all models tell them. */
const PATIENCE = 0.3;

/** One line and what it brings. The mouth is made of its sounds; where the service tells none, of its words. */
export class CartesiaLine implements ContextTalk<CartesiaMessage> {
  readonly asks: readonly string[];
  readonly cancels: readonly string[];
  readonly #endpoint: Endpoint;
  readonly #sound: SoundLine;
  readonly #words: SpokenWords;
  readonly #wordMouth: WordMouth;
  readonly #phoneMouth = new PhoneMouth();
  /** Of what the mouth is made, once that is known. */
  #madeOf: 'sounds' | 'words' | undefined;
  #worded = false;
  /** Words that wait for it to be known. */
  #waiting: WordMark[] = [];

  constructor(
    text: string,
    sampleRate: number,
    endpoint: Endpoint,
    { asks, cancels, phonemes = true }: CartesiaAsks,
  ) {
    if (!phonemes) this.#madeOf = 'words';
    this.asks = asks;
    this.cancels = cancels;
    this.#endpoint = endpoint;
    this.#sound = new SoundLine(sampleRate);
    this.#words = new SpokenWords(text);
    this.#wordMouth = new WordMouth(text);
  }

  read(message: CartesiaMessage): readonly SpeechPart[] {
    const parts = this.#parts(message);
    return message.last ? [...parts, ...this.#end()] : parts;
  }

  #parts(message: CartesiaMessage): SpeechPart[] {
    switch (message.type) {
      case 'audio':
        return this.#audio(message.bytes);
      case 'words':
        return this.#tell(message.words);
      case 'sounds':
        if (message.sounds.length > 0) this.#madeOf ??= 'sounds';
        return this.#madeOf === 'sounds' ? cuesPart(this.#phoneMouth.push(message.sounds)) : [];
      case 'error':
        throw cartesiaError(message, this.#endpoint);
      case 'garbage': {
        const { where } = this.#endpoint;
        const expected = 'JSON with a chunk, times, the end or an error';
        throw SpeechError.protocol(where, expected, this.#endpoint.quote(message.got));
      }
      default:
        return [];
    }
  }

  #audio(bytes: Uint8Array): SpeechPart[] {
    const sound = this.#sound.audio(bytes);
    const late = this.#waiting.length > 0 && this.#sound.seconds > this.#waiting[0]!.start + PATIENCE;
    return [...(late ? this.#settleForWords() : []), ...sound];
  }

  /** Words that stand in the text; others are left out. */
  #tell(told: readonly ContextWord[]): SpeechPart[] {
    const words = told.flatMap(({ word, start, end }) => this.#words.place(word, start, end) ?? []);
    if (words.length === 0) return [];
    this.#worded = true;
    if (this.#madeOf === undefined) this.#waiting.push(...words);
    const cues = this.#madeOf === 'words' ? words.flatMap((word) => this.#wordMouth.push(word)) : [];
    return [{ type: 'words', words }, ...cuesPart(cues)];
  }

  #settleForWords(): SpeechPart[] {
    if (this.#madeOf === undefined && this.#waiting.length === 0) return []; // Nothing was told.
    if (this.#madeOf === 'sounds') {
      this.#waiting = [];
      return [];
    }
    this.#madeOf = 'words';
    return cuesPart(this.#waiting.splice(0).flatMap((word) => this.#wordMouth.push(word)));
  }

  #end(): SpeechPart[] {
    if (this.#sound.seconds === 0) throw SpeechError.empty(this.#endpoint.where);
    const parts = this.#settleForWords();
    const mouth = { sounds: this.#phoneMouth, words: this.#worded ? this.#wordMouth : undefined };
    const rest = this.#madeOf && mouth[this.#madeOf]?.end(this.#sound.seconds);
    return [...parts, ...cuesPart(rest ?? []), { type: 'end' }];
  }
}

function cuesPart(cues: readonly Cue[]): SpeechPart[] {
  return cues.length > 0 ? [{ type: 'cues', cues }] : [];
}
