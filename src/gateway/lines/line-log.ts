import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SourceTiming, TimingOrigin } from '../../speech/source.ts';
import type { LinePlace } from './line-request.ts';
import { restOf } from './line-rest.ts';
import { type Leaving, Readers } from './readers.ts';

/** What is known of a line with its first sound. */
export interface LineHead {
  /** Samples a second. */
  readonly sampleRate: number;
  /** As the source was asked; empty for its own choice. */
  readonly voice: string;
  readonly lang: string;
  readonly timing: TimingOrigin;
  readonly confidence: number;
}

/** What is known of a line before its sound. */
export interface LineManner {
  readonly voice: string;
  readonly lang: string;
  readonly timing: SourceTiming;
}

/** What a cue and a word take in memory, bytes, about: for caches to count. */
const CUE_BYTES = 96;
const WORD_BYTES = 160;

/**
 * All parts of a line, in the order in which they came, for any number of readers. Each has a place in the one list and
 * nothing of its own, so that one that stands still costs nothing but the line itself.
 */
export class LineLog {
  /** Known with the first sound; rejects when the line fails before. */
  readonly head: Promise<LineHead>;
  readonly #parts: SpeechPart[] = [];
  readonly #limitSeconds: number;
  #settleHead!: { resolve: (head: LineHead) => void; reject: (error: SpeechError) => void };
  readonly #readers = new Readers();
  #state: 'open' | 'whole' | 'failed' = 'open';
  #error: SpeechError | undefined;
  #sampleRate = 0;
  #samples = 0;
  #bytes = 0;

  /** `limitSeconds`: most sound that it takes. */
  constructor(limitSeconds: number) {
    this.#limitSeconds = limitSeconds;
    this.head = new Promise((resolve, reject) => {
      this.#settleHead = { resolve, reject };
    });
    this.head.catch(() => {}); // Readers hear of it too.
  }

  get state(): 'open' | 'whole' | 'failed' {
    return this.#state;
  }

  /** Samples so far. */
  get samples(): number {
    return this.#samples;
  }

  /** Seconds of sound so far. */
  get seconds(): number {
    return this.#samples === 0 ? 0 : this.#samples / this.#sampleRate;
  }

  /** Memory that it takes, about. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Parts so far. Not to be changed. */
  get parts(): readonly SpeechPart[] {
    return this.#parts;
  }

  /**
   * Adds a part; `end` makes the line whole. `manner` is asked for at the first sound. Throws {@link SpeechError}:
   * `too-long`, `protocol` for another rate than before, `empty` for an end without sound.
   */
  append(part: SpeechPart, manner: () => LineManner, where: string): void {
    if (this.#state !== 'open') return;
    if (part.type === 'end') {
      if (this.#samples === 0) throw SpeechError.empty(where);
      this.#parts.push(part);
      this.#state = 'whole';
    } else if (part.type === 'audio') {
      if (part.samples.length === 0) return;
      this.#measure(part.samples.length, part.sampleRate, where);
      this.#parts.push(part);
      if (this.#samples === part.samples.length) this.#tellHead(manner());
    } else {
      this.#parts.push(part);
    }
    this.#bytes += bytesOf(part);
    this.#readers.wake();
  }

  /** The line ends with this; what came stays readable. */
  fail(error: SpeechError): void {
    if (this.#state !== 'open') return;
    this.#state = 'failed';
    this.#error = error;
    this.#settleHead.reject(error);
    this.#readers.wake();
  }

  /** The parts from a place on, as they come. See `SharedLine.read`. `onSound` is told before each part of sound. */
  async *read(
    from: LinePlace,
    signal: Leaving,
    onSound: () => void = () => {},
  ): AsyncGenerator<SpeechPart, void, void> {
    const skip = { ...from };
    const reader = this.#readers.enter(signal);
    try {
      for (let at = 0; ; at++) {
        while (at >= this.#parts.length && !signal.aborted) {
          if (this.#state === 'failed') throw this.#error!;
          if (this.#state === 'whole') return;
          await reader.more();
        }
        if (signal.aborted) throw SpeechError.aborted();
        const rest = restOf(this.#parts[at]!, skip);
        if (rest?.type === 'audio') onSound();
        if (rest) yield rest;
      }
    } finally {
      reader.leave();
    }
  }

  #measure(samples: number, sampleRate: number, where: string): void {
    if (this.#sampleRate > 0 && sampleRate !== this.#sampleRate) {
      throw SpeechError.protocol(where, `${this.#sampleRate} Hz throughout`, `${sampleRate} Hz`);
    }
    if (this.#samples + samples > this.#limitSeconds * sampleRate) {
      throw SpeechError.tooManySeconds(where, this.#limitSeconds);
    }
    this.#sampleRate = sampleRate;
    this.#samples += samples;
  }

  #tellHead({ voice, lang, timing }: LineManner): void {
    const { origin, confidence } = timing;
    this.#settleHead.resolve({ sampleRate: this.#sampleRate, voice, lang, timing: origin, confidence });
  }
}

function bytesOf(part: SpeechPart): number {
  if (part.type === 'end') return 0;
  if (part.type === 'audio') return part.samples.byteLength;
  if (part.type === 'shapes') return part.frames.byteLength;
  return part.type === 'cues' ? part.cues.length * CUE_BYTES : part.words.length * WORD_BYTES;
}
