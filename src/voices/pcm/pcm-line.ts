import { type PcmEncoding, PcmReader } from '../../pcm/encoding.ts';
import { maybeWav, readWavHead, type WavHead, wavEncodingOf } from '../../pcm/wav.ts';
import { InputError, SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';

/** How raw sound is written where it does not say so itself. */
export interface PcmFormat {
  /** Samples a second of each channel, 8,000 to 48,000. */
  readonly sampleRate: number;
  readonly encoding: PcmEncoding;
  readonly channels: number;
}

/** Longest head of a WAV file before its samples, bytes: with all the chunks that writers put there. */
const LONGEST_HEAD = 65_536;

/** A length of samples from here on was left open; so was one of 0, as what streams is written before its end is known. */
const OPEN_LENGTH = 0x7fff0000;

/** The sound of a line as bytes in runs of any length, with or without the head of a WAV file before it. */
export class PcmLine {
  readonly #where: string;
  #sampleRate: number;
  #reader: PcmReader;
  /** What came before it was sure whether a head begins so; undefined once it is. */
  #head: Uint8Array | undefined = new Uint8Array(0);
  /** Bytes of sound that may follow: a WAV file may have other chunks after them. */
  #left = Number.POSITIVE_INFINITY;
  #samples = 0;

  /** `where` it comes from, for messages. */
  constructor({ sampleRate, encoding, channels }: PcmFormat, where: string) {
    this.#where = where;
    this.#sampleRate = sampleRate;
    this.#reader = new PcmReader(encoding, channels);
  }

  /** Seconds of sound so far. */
  get seconds(): number {
    return this.#samples / this.#sampleRate;
  }

  /** What a run of bytes completes. Throws `protocol` for the head of a WAV file that is no speech. */
  push(bytes: Uint8Array): SpeechPart[] {
    if (!this.#head) return this.#sound(bytes);
    const all = new Uint8Array(this.#head.length + bytes.length);
    all.set(this.#head);
    all.set(bytes, this.#head.length);
    this.#head = all;
    if (!maybeWav(all)) return this.#begin(all);
    const head = this.#read(all);
    if (head) {
      this.#take(head);
      return this.#begin(all.subarray(head.start));
    }
    if (all.length > LONGEST_HEAD) throw this.#wrong(`a WAV head within ${LONGEST_HEAD} bytes`, 'none');
    return [];
  }

  /** The stream is over: half a frame that never became whole is no sound, and is left. */
  end(): SpeechPart[] {
    // What began like a head and was none.
    const parts = this.#head && this.#head.length < 4 ? this.#begin(this.#head) : [];
    if (this.#samples === 0) throw SpeechError.empty(this.#where);
    return [...parts, { type: 'end' }];
  }

  #read(bytes: Uint8Array): WavHead | undefined {
    try {
      return readWavHead(bytes, 'WAV head');
    } catch (error) {
      throw this.#wrong('raw samples or a WAV file', error instanceof Error ? error.message : String(error));
    }
  }

  #take(head: WavHead): void {
    const { channels, sampleRate, length } = head;
    if (sampleRate < 8_000 || sampleRate > 48_000) throw this.#wrong('8000 to 48000 Hz', `${sampleRate} Hz`);
    try {
      this.#reader = new PcmReader(wavEncodingOf(head, 'WAV head'), channels);
    } catch (error) {
      throw this.#wrong(
        'samples that can be read',
        error instanceof InputError ? error.message : String(error),
      );
    }
    this.#sampleRate = sampleRate;
    if (length > 0 && length < OPEN_LENGTH) this.#left = length;
  }

  #begin(bytes: Uint8Array): SpeechPart[] {
    this.#head = undefined;
    return this.#sound(bytes);
  }

  #sound(bytes: Uint8Array): SpeechPart[] {
    const own = bytes.subarray(0, Math.min(bytes.length, this.#left));
    this.#left -= own.length;
    const samples = this.#reader.push(own);
    this.#samples += samples.length;
    return samples.length > 0 ? [{ type: 'audio', samples, sampleRate: this.#sampleRate }] : [];
  }

  #wrong(expected: string, got: string): SpeechError {
    return SpeechError.protocol(this.#where, expected, got);
  }
}
