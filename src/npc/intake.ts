import type { LatenessEstimate, LineLateness } from '../clock/lateness.ts';
import type { PoseCurve } from '../lipsync/pose-curve.ts';
import { FaceFrames } from '../pose/face-frames.ts';
import type { Cue, WordMark } from '../speech/cue.ts';
import { ParleyError, SpeechError } from '../speech/errors.ts';
import type { SpeechPart } from '../speech/part.ts';
import { nextTask } from '../thread/next-task.ts';
import { SoundSpan } from './sound-span.ts';

/** Where a line's samples go once it may be heard. */
export interface SampleSink {
  push(samples: Int16Array<ArrayBuffer>): void;
  end(): void;
}

/** What an {@link Intake} is told besides. */
export interface IntakeOptions {
  /** Learns how late the parts come. Absent where they do not come over a network. */
  readonly lateness?: LatenessEstimate | undefined;
  /** Performance time now, milliseconds; for `lateness`. */
  readonly now?: () => number;
  /** Keeps the samples after they went to the sink, for a seek or a track. Default false. */
  readonly keep?: boolean;
  /** Most bytes of audio that a line may have. Default {@link MOST_BYTES}. */
  readonly maxBytes?: number;
}

/** Longest time for which parts that are all there are taken in without a pause, milliseconds: a fraction of a frame. */
const SLICE_MS = 4;

/** 32 MiB: almost six minutes at 48 kHz. */
export const MOST_BYTES = 32 * 1024 * 1024;

/**
 * Takes in what a voice source yields: cues go to the curve, which also hears the audio, words and frames are kept, and audio waits
 * here until a sink is attached, so that a line can be fetched before it is its turn or before the page may make sound.
 */
export class Intake {
  readonly words: WordMark[] = [];
  readonly cues: Cue[] = [];
  /** Frames of the face, where the source gives them. */
  readonly face = new FaceFrames();
  /** Resolves with the sample rate at the first audio; rejects with the typed reason when none will come. */
  readonly started: Promise<number>;
  /** Why the stream broke, once it has. Audio that came before it stays playable. */
  error: ParleyError | undefined;

  readonly #curve: PoseCurve;
  readonly #options: IntakeOptions;
  readonly #lateness: LineLateness | undefined;
  #held: Int16Array<ArrayBuffer>[] = [];
  #sink: SampleSink | undefined;
  #samples = 0;
  readonly #span = new SoundSpan();
  #sampleRate = 0;
  #done = false;
  #resolveStarted!: (sampleRate: number) => void;
  #rejectStarted!: (reason: ParleyError) => void;

  constructor(curve: PoseCurve, options: IntakeOptions = {}) {
    this.#curve = curve;
    this.#options = options;
    this.#lateness = options.lateness?.beginLine();
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

  /** Seconds by which the mouth shapes received go beyond the audio; negative where they are behind. */
  get shapesAhead(): number {
    return (this.cues.at(-1)?.end ?? 0) - this.seconds;
  }

  /** Seconds before the first sound, of what has come. */
  get soundFrom(): number {
    return this.#sampleRate > 0 ? this.#span.from / this.#sampleRate : 0;
  }

  /** Seconds up to the last sound that has come. */
  get soundTo(): number {
    return this.#sampleRate > 0 ? this.#span.to / this.#sampleRate : 0;
  }

  /** Samples a second; 0 before the first audio. */
  get sampleRate(): number {
    return this.#sampleRate;
  }

  /** Whether the stream is over, whole or broken. */
  get done(): boolean {
    return this.#done;
  }

  /** All samples so far, where they are kept; else those that no sink has taken. Do not change them. */
  get held(): readonly Int16Array<ArrayBuffer>[] {
    return this.#held;
  }

  /** Reads the stream to its end. Never rejects: a failure is kept in {@link error}. */
  async read(speak: () => AsyncIterable<SpeechPart>, where: string): Promise<void> {
    let whole = false;
    const { now = () => 0 } = this.#options;
    let busySinceMs = now();
    try {
      for await (const part of speak()) {
        if (now() - busySinceMs > SLICE_MS) {
          await nextTask();
          busySinceMs = now();
        }
        if (part.type === 'audio') this.#handleAudio(part.samples, part.sampleRate, where);
        else if (part.type === 'cues') this.#handleCues(part.cues);
        else if (part.type === 'words') this.words.push(...part.words);
        else if (part.type === 'shapes') this.face.add(part);
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
    this.face.end(this.seconds);
    this.#sink?.end();
  }

  /** Sends all audio, past and to come, to `sink`. Called once. */
  attach(sink: SampleSink): void {
    this.#sink = sink;
    for (const samples of this.#held) sink.push(samples);
    if (!this.#options.keep) this.#held = [];
    if (this.#done) sink.end();
  }

  /** Holds the same sound in one run, instead of the pieces it came in. Only where all has come and is kept. */
  holdWhole(samples: Int16Array<ArrayBuffer>): void {
    this.#held = [samples];
  }

  /** Frees the sound; none is wanted any more. */
  release(): void {
    this.#held = [];
  }

  #handleCues(cues: readonly Cue[]): void {
    this.#curve.addCues(cues);
    this.cues.push(...cues);
  }

  #handleAudio(samples: Int16Array<ArrayBuffer>, sampleRate: number, where: string): void {
    const { now, keep, maxBytes = MOST_BYTES } = this.#options;
    if (this.#sampleRate === 0) this.#sampleRate = sampleRate;
    if (sampleRate !== this.#sampleRate) {
      throw SpeechError.protocol(where, `audio at ${this.#sampleRate} Hz throughout`, `${sampleRate} Hz`);
    }
    if ((this.#samples + samples.length) * 2 > maxBytes) throw SpeechError.tooLong(where, maxBytes);
    const start = this.seconds;
    this.#samples += samples.length;
    this.#span.add(samples);
    this.#curve.addSound(samples, sampleRate); // Before a sink takes the samples away.
    if (now) this.#lateness?.handleChunk(now(), start, this.seconds);
    if (keep || !this.#sink) this.#held.push(samples);
    this.#sink?.push(samples);
    this.#resolveStarted(sampleRate);
  }
}
