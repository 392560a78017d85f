import { RateConverter } from '../../pcm/rate-converter.ts';
import type { WordMark } from '../../speech/cue.ts';
import type { SpeechPart } from '../../speech/part.ts';
import { joinSamples } from '../../speech/samples.ts';

/** Length of a chunk of sound, seconds; the last one of a stretch may be any length up to twice that. */
const CHUNK_SECONDS = 0.1;

/** A word with its times in seconds, counted from the first sample of its stretch. */
export type TimedWord = Pick<WordMark, 'text' | 'start' | 'end'>;

/** What a part of a stretch completes, in the order of the sound. */
export type Chunk =
  | { readonly samples: Int16Array; readonly word?: undefined }
  | { readonly word: TimedWord; readonly samples?: undefined };

/** Cuts the parts of one stretch of speech into chunks of sound at another rate, with its words in between. */
export class LightningChunks {
  readonly #rate: number;
  readonly #late: boolean;
  #converter: RateConverter | undefined;
  #rest: Int16Array = new Int16Array(0);
  #words: TimedWord[] = [];
  #given = 0;

  /** With `late`, a word comes after the chunk in which it ends, else before the one in which it begins. */
  constructor(sampleRate: number, late: boolean) {
    this.#rate = sampleRate;
    this.#late = late;
  }

  /** Seconds of sound given so far. */
  get seconds(): number {
    return this.#given / this.#rate;
  }

  /** What a part completes. */
  *push(part: SpeechPart): Generator<Chunk, void> {
    if (part.type === 'words') this.#words.push(...part.words);
    if (part.type === 'audio') yield* this.#cut(this.#atRate(part.samples, part.sampleRate));
    if (part.type === 'end') yield* this.#end();
  }

  #atRate(samples: Int16Array, sampleRate: number): Int16Array {
    if (sampleRate === this.#rate) return samples;
    this.#converter ??= new RateConverter(sampleRate, this.#rate);
    return this.#converter.push(samples);
  }

  *#cut(samples: Int16Array): Generator<Chunk, void> {
    const length = Math.round(CHUNK_SECONDS * this.#rate);
    const sound = this.#rest.length > 0 ? joinSamples([this.#rest, samples]) : samples;
    let at = 0;
    for (; sound.length - at >= 2 * length; at += length) yield* this.#give(sound.subarray(at, at + length));
    this.#rest = sound.slice(at);
  }

  *#end(): Generator<Chunk, void> {
    if (this.#converter) yield* this.#cut(this.#converter.end());
    if (this.#rest.length > 0) yield* this.#give(this.#rest);
    this.#rest = new Int16Array(0);
    yield* this.#due(Number.POSITIVE_INFINITY);
  }

  *#give(samples: Int16Array): Generator<Chunk, void> {
    const after = (this.#given + samples.length) / this.#rate;
    if (!this.#late) yield* this.#due(after);
    this.#given += samples.length;
    yield { samples };
    if (this.#late) yield* this.#due(after);
  }

  /** The words that begin, or with `late` end, before a moment. */
  *#due(until: number): Generator<Chunk, void> {
    for (let word = this.#words[0]; word; word = this.#words[0]) {
      if ((this.#late ? word.end : word.start) >= until) return;
      this.#words.shift();
      yield { word };
    }
  }
}
