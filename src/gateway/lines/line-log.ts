import { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SourceTiming, TimingOrigin } from '../../speech/source.ts';
import type { LinePlace } from './line-request.ts';
import { restOf, type Skip } from './line-rest.ts';
import { type PartCursor, type Waiter, Waiters } from './part-cursor.ts';

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
  readonly #waiters = new Waiters();
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
    this.#waiters.wake();
  }

  /** The line ends with this; what came stays readable. */
  fail(error: SpeechError): void {
    if (this.#state !== 'open') return;
    this.#state = 'failed';
    this.#error = error;
    this.#settleHead.reject(error);
    this.#waiters.wake();
  }

  /** The parts from a place on. `onSound` is told before each part of sound. */
  cursor(from: LinePlace, onSound: () => void = () => {}): PartCursor<SpeechPart> {
    return new LogCursor(this, from, onSound);
  }

  /** The part with this number; undefined where there is none yet, `over` behind the last. Throws why it failed after what came. */
  at(nth: number): SpeechPart | undefined | 'over' {
    const part = this.#parts[nth];
    if (part) return part;
    if (this.#state === 'failed') throw this.#error!;
    return this.#state === 'whole' ? 'over' : undefined;
  }

  /** Those who wait for more of it. */
  get waiters(): Waiters {
    return this.#waiters;
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

/** One reader's place in a log. */
class LogCursor implements PartCursor<SpeechPart> {
  readonly #log: LineLog;
  readonly #skip: Skip;
  readonly #onSound: () => void;
  #nth = 0;

  constructor(log: LineLog, from: LinePlace, onSound: () => void) {
    this.#log = log;
    this.#skip = { ...from };
    this.#onSound = onSound;
  }

  next(): SpeechPart | undefined | 'over' {
    for (;;) {
      const part = this.#log.at(this.#nth);
      if (part === undefined || part === 'over') return part;
      this.#nth++;
      const rest = restOf(part, this.#skip);
      if (rest?.type === 'audio') this.#onSound();
      if (rest) return rest;
    }
  }

  wait(waiter: Waiter): void {
    this.#log.waiters.add(waiter);
  }

  unwait(waiter: Waiter): void {
    this.#log.waiters.remove(waiter);
  }
}

function bytesOf(part: SpeechPart): number {
  if (part.type === 'end') return 0;
  if (part.type === 'audio') return part.samples.byteLength;
  if (part.type === 'shapes') return part.frames.byteLength;
  return part.type === 'cues' ? part.cues.length * CUE_BYTES : part.words.length * WORD_BYTES;
}
