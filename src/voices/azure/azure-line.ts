import { PcmAssembler } from '../../pcm/assembler.ts';
import type { Cue } from '../../speech/cue.ts';
import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { Endpoint } from '../session/endpoint.ts';
import { SpokenWords } from '../spoken-words.ts';
import { unescapeXml } from '../ssml.ts';
import type { AzureMark } from './azure-message.ts';
import { AzureShapes, readAnimation } from './azure-shapes.ts';
import { AzureCues, type AzureVisemeTable } from './azure-visemes.ts';

/** Longest animation, characters: a minute of frames. */
const LONGEST_ANIMATION = 2_000_000;

/** Turns what one request brought into the parts of a line. */
export class AzureLine {
  readonly #pcm = new PcmAssembler();
  readonly #words: SpokenWords;
  readonly #cues: AzureCues;
  readonly #shapes = new AzureShapes();
  readonly #sampleRate: number;
  readonly #endpoint: Endpoint;
  #samples = 0;
  /** Of the animation that is coming, the pieces so far. */
  #animation = '';

  /** `text` is the one that is said, without any tags; `endpoint` is for messages. */
  constructor(text: string, sampleRate: number, endpoint: Endpoint, visemes?: AzureVisemeTable) {
    this.#words = new SpokenWords(text);
    this.#cues = new AzureCues(visemes, this.#shapes);
    this.#sampleRate = sampleRate;
    this.#endpoint = endpoint;
  }

  /** Seconds of audio so far. */
  get seconds(): number {
    return this.#samples / this.#sampleRate;
  }

  /** A run of audio bytes, of any length. */
  audio(bytes: Uint8Array): SpeechPart[] {
    const samples = this.#pcm.push(bytes);
    this.#samples += samples.length;
    return samples.length > 0 ? [{ type: 'audio', samples, sampleRate: this.#sampleRate }] : [];
  }

  /** What the service tells of the sound. Throws `protocol` for an animation that is none. */
  marks(marks: readonly AzureMark[]): SpeechPart[] {
    return marks.flatMap((mark) => (mark.kind === 'word' ? this.#word(mark) : this.#viseme(mark)));
  }

  /** What the end of the line completes. */
  end(): SpeechPart[] {
    return cuesPart(this.#cues.end(this.seconds));
  }

  /** A word that stands in the text; one that does not is left out. */
  #word({ text, start, end }: AzureMark & { kind: 'word' }): SpeechPart[] {
    // Of a word in a tag the service tells the whole element, and of others what stands in the SSML.
    const bare = /^<.*>$/s.test(text) ? text.replace(/<[^>]*>/g, '') : text;
    const mark =
      this.#words.place(unescapeXml(bare), start, end) ??
      (bare.includes('&') ? this.#words.place(bare, start, end) : undefined);
    return mark ? [{ type: 'words', words: [mark] }] : [];
  }

  #viseme({ id, start, animation, last }: AzureMark & { kind: 'viseme' }): SpeechPart[] {
    this.#animation += animation;
    if (this.#animation.length > LONGEST_ANIMATION) throw this.#refused('one that does not end');
    if (!last) return [];
    const json = this.#animation;
    this.#animation = '';
    const shapes = json === '' ? [] : this.#frames(json);
    const until = shapes.length > 0 ? this.#shapes.end : 0;
    return [...shapes, ...cuesPart(this.#cues.push(id, start, until))];
  }

  #frames(json: string): SpeechPart[] {
    const part = readAnimation(json);
    if (typeof part === 'string') throw this.#refused(part);
    this.#shapes.add(part);
    return [{ type: 'shapes', ...part }];
  }

  #refused(got: string): SpeechError {
    const { where } = this.#endpoint;
    return SpeechError.protocol(where, 'animations of FrameIndex and BlendShapes', this.#endpoint.quote(got));
  }
}

function cuesPart(cues: readonly Cue[]): SpeechPart[] {
  return cues.length > 0 ? [{ type: 'cues', cues }] : [];
}
