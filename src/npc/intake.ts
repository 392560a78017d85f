import type { PoseCurve } from '../lipsync/pose-curve.ts';
import type { WordMark } from '../speech/cue.ts';
import { ParleyError, SpeechError } from '../speech/errors.ts';
import type { SpeechPart } from '../speech/part.ts';

/** Where a line's samples go once it may be heard. */
export interface SampleSink {
  push(samples: Int16Array<ArrayBuffer>): void;
  end(): void;
}

/**
 * Takes in what a voice source yields: cues go to the curve, words are kept, and audio waits here until a
 * sink is attached, so that a line can be fetched before it is its turn or before the page may make sound.
 */
export class Intake {
  readonly words: WordMark[] = [];
  /** Resolves with the sample rate at the first audio; rejects with the typed reason when none will come. */
  readonly started: Promise<number>;
  /** Why the stream broke, once it has. Audio that came before it stays playable. */
  error: ParleyError | undefined;

  readonly #curve: PoseCurve;
  #waiting: Int16Array<ArrayBuffer>[] = [];
  #sink: SampleSink | undefined;
  #samples = 0;
  #sampleRate = 0;
  #done = false;
  #resolveStarted!: (sampleRate: number) => void;
  #rejectStarted!: (reason: ParleyError) => void;

  constructor(curve: PoseCurve) {
    this.#curve = curve;
    this.started = new Promise((resolve, reject) => {
      this.#resolveStarted = resolve;
      this.#rejectStarted = reject;
    });
    this.started.catch(() => {}); // Told by `error` too; a line that is stopped first has nobody waiting here.
  }

  /** Seconds of audio received. */
  get seconds(): number {
    return this.#sampleRate > 0 ? this.#samples / this.#sampleRate : 0;
  }

  /** Whether the stream is over, whole or broken. */
  get done(): boolean {
    return this.#done;
  }

  /** Reads the stream to its end. Never rejects: a failure is kept in {@link error}. */
  async read(speak: () => AsyncIterable<SpeechPart>, where: string): Promise<void> {
    let whole = false;
    try {
      for await (const part of speak()) {
        if (part.type === 'audio') this.#handleAudio(part.samples, part.sampleRate, where);
        else if (part.type === 'cues') this.#curve.addCues(part.cues);
        else if (part.type === 'words') this.words.push(...part.words);
        else whole = true;
      }
      if (!whole) throw SpeechError.closedEarly(where);
      if (this.#samples === 0) throw SpeechError.empty(where);
    } catch (error) {
      this.error = error instanceof ParleyError ? error : SpeechError.closedEarly(where, error);
      this.#rejectStarted(this.error);
    }
    this.#done = true;
    this.#curve.end(this.seconds);
    this.#sink?.end();
  }

  /** Sends all audio, past and to come, to `sink`. Called once. */
  attach(sink: SampleSink): void {
    this.#sink = sink;
    for (const samples of this.#waiting) sink.push(samples);
    this.#waiting = [];
    if (this.#done) sink.end();
  }

  #handleAudio(samples: Int16Array<ArrayBuffer>, sampleRate: number, where: string): void {
    if (this.#sampleRate === 0) this.#sampleRate = sampleRate;
    if (sampleRate !== this.#sampleRate) {
      throw SpeechError.protocol(where, `audio at ${this.#sampleRate} Hz throughout`, `${sampleRate} Hz`);
    }
    this.#samples += samples.length;
    if (this.#sink) this.#sink.push(samples);
    else this.#waiting.push(samples);
    this.#resolveStarted(sampleRate);
  }
}
