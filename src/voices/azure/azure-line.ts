import { PcmAssembler } from '../../pcm/assembler.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { SpokenWords } from '../spoken-words.ts';
import type { AzureMark } from './azure-message.ts';
import { unescapeXml } from './azure-ssml.ts';
import { AzureCues, type AzureVisemeTable } from './azure-visemes.ts';

/** Turns what one request brought into the parts of a line. */
export class AzureLine {
  readonly #pcm = new PcmAssembler();
  readonly #words: SpokenWords;
  readonly #cues: AzureCues;
  readonly #sampleRate: number;
  #samples = 0;

  /** `text` is the one that is said, without any tags. */
  constructor(text: string, sampleRate: number, visemes?: AzureVisemeTable) {
    this.#words = new SpokenWords(text);
    this.#cues = new AzureCues(visemes);
    this.#sampleRate = sampleRate;
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

  /** What the service tells of the sound. */
  marks(marks: readonly AzureMark[]): SpeechPart[] {
    return marks.flatMap((mark) => (mark.kind === 'word' ? this.#word(mark) : this.#viseme(mark)));
  }

  /** What the end of the line completes. */
  end(): SpeechPart[] {
    const cues = this.#cues.end(this.seconds);
    return cues.length > 0 ? [{ type: 'cues', cues }] : [];
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

  #viseme({ id, start, last }: AzureMark & { kind: 'viseme' }): SpeechPart[] {
    const cues = last ? this.#cues.push(id, start) : [];
    return cues.length > 0 ? [{ type: 'cues', cues }] : [];
  }
}
