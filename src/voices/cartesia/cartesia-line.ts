import { PcmAssembler } from '../../pcm/assembler.ts';
import type { Cue, WordMark } from '../../speech/cue.ts';
import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { PhoneMouth } from '../phone-mouth.ts';
import type { ContextTalk } from '../session/context-line.ts';
import type { Endpoint } from '../session/endpoint.ts';
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
  readonly #sampleRate: number;
  readonly #pcm = new PcmAssembler();
  readonly #words: SpokenWords;
  readonly #wordMouth: WordMouth;
  readonly #phoneMouth = new PhoneMouth();
  /** Of what the mouth is made, once that is known. */
  #madeOf: 'sounds' | 'words' | undefined;
  /** Words that wait for it to be known. */
  #waiting: WordMark[] = [];
  #samples = 0;

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
    this.#sampleRate = sampleRate;
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
    const samples = this.#pcm.push(bytes);
    this.#samples += samples.length;
    const late = this.#waiting.length > 0 && this.#seconds > this.#waiting[0]!.start + PATIENCE;
    const parts = late ? this.#settleForWords() : [];
    if (samples.length > 0) parts.push({ type: 'audio', samples, sampleRate: this.#sampleRate });
    return parts;
  }

  /** Words that stand in the text; others are left out. */
  #tell(told: readonly ContextWord[]): SpeechPart[] {
    const words = told.flatMap(({ word, start, end }) => this.#words.place(word, start, end) ?? []);
    if (words.length === 0) return [];
    if (this.#madeOf === undefined) this.#waiting.push(...words);
    const cues = this.#madeOf === 'words' ? words.flatMap((word) => this.#wordMouth.push(word)) : [];
    return [{ type: 'words', words }, ...cuesPart(cues)];
  }

  #settleForWords(): SpeechPart[] {
    if (this.#madeOf === 'sounds') {
      this.#waiting = [];
      return [];
    }
    this.#madeOf = 'words';
    return cuesPart(this.#waiting.splice(0).flatMap((word) => this.#wordMouth.push(word)));
  }

  get #seconds(): number {
    return this.#samples / this.#sampleRate;
  }

  #end(): SpeechPart[] {
    if (this.#samples === 0) throw SpeechError.empty(this.#endpoint.where);
    const parts = this.#settleForWords();
    const mouth = this.#madeOf === 'sounds' ? this.#phoneMouth : this.#wordMouth;
    return [...parts, ...cuesPart(mouth.end(this.#seconds)), { type: 'end' }];
  }
}

function cuesPart(cues: readonly Cue[]): SpeechPart[] {
  return cues.length > 0 ? [{ type: 'cues', cues }] : [];
}
