import type { WordMark } from '../../speech/cue.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { SoundLine, withoutWavHeader } from '../sound-line.ts';
import { SpokenWords } from '../spoken-words.ts';
import { originOf } from '../time-origin.ts';
import { WordMouth } from '../word-mouth.ts';

/** A word as the service tells it, seconds from the start of its request's audio. */
export interface TimedWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  /** The service's own name of the request, where it tells it. */
  readonly request: string | undefined;
}

/** Turns what one line brought into its parts. */
export class LightningLine {
  readonly #sound: SoundLine;
  readonly #words: SpokenWords;
  readonly #mouth: WordMouth;
  #bytes = 0;
  #worded = false;
  /** The service may cut a line into several requests, each of which counts its times from its own first sample. */
  #request: string | undefined;
  #zero: number | undefined;
  readonly #spokenSeconds: number;

  /**
   * `spokenSeconds` is the audio that earlier lines of the same socket gave: it is not sure that times begin anew with
   * each, so a first time beyond that is taken to go on from there.
   */
  constructor(text: string, sampleRate: number, spokenSeconds: number) {
    this.#spokenSeconds = spokenSeconds;
    this.#words = new SpokenWords(text);
    this.#mouth = new WordMouth(text);
    this.#sound = new SoundLine(sampleRate);
  }

  /** Seconds of audio so far. */
  get seconds(): number {
    return this.#sound.seconds;
  }

  /** A run of audio bytes, of any length. */
  audio(bytes: Uint8Array, request: string | undefined): SpeechPart[] {
    this.#enter(request);
    // v2 puts a header before it when it is asked over HTTP.
    const sound = this.#bytes === 0 ? withoutWavHeader(bytes) : bytes;
    this.#bytes += bytes.length;
    return this.#sound.audio(sound);
  }

  /** A word that stands in the text, moved into line time; one that does not is left out. */
  word({ word, start, end, request }: TimedWord): SpeechPart[] {
    this.#enter(request);
    this.#zero ??= -originOf(start, this.#spokenSeconds);
    const mark = this.#words.place(word, start + this.#zero, end + this.#zero);
    if (!mark) return [];
    this.#worded = true;
    return [{ type: 'words', words: [mark] }, ...this.#cuesOf(mark)];
  }

  /** What the end of the line completes. A line without words has no mouth: nobody knows that it rested. */
  end(): SpeechPart[] {
    if (!this.#worded) return [];
    const cues = this.#mouth.end(this.seconds);
    return cues.length > 0 ? [{ type: 'cues', cues }] : [];
  }

  #cuesOf(mark: WordMark): SpeechPart[] {
    const cues = this.#mouth.push(mark);
    return cues.length > 0 ? [{ type: 'cues', cues }] : [];
  }

  #enter(request: string | undefined): void {
    if (request === undefined || request === this.#request) return;
    // Times that count from the socket's first sound go on counting.
    if (this.#request !== undefined && (this.#zero ?? 0) >= 0) this.#zero = this.seconds;
    this.#request = request;
  }
}
