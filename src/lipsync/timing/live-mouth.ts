import { PoseCurve } from '../pose-curve.ts';
import { HEARING_DELAY, type SoundModel } from './hearing.ts';
import { loadSoundModel } from './learned.ts';
import { HOP } from './mel.ts';
import { TimingMaker } from './timing-maker.ts';

/** What sound takes from the audio thread until it is listened to, chunks of 10 ms and a part of a frame, seconds. */
const ON_THE_WAY = 0.025;

/** A long stretch is closed at the next pause of this length, seconds, and one this many times as long without a pause. */
const PAUSE_SECONDS = 0.5;
const LONGEST = 5;

/** What the mouth of a live stream is made with. */
export interface LiveMouthOptions {
  /** Samples a second. */
  readonly sampleRate: number;
  /** How much later than it comes the sound is heard, seconds: so much may be listened to before a shape is decided. */
  readonly delaySeconds: number;
  /** A stretch is closed at the first pause after so long, seconds. Default 60. */
  readonly longSeconds?: number;
  /** Samples of the line that went before the first that is pushed: the mouth is at rest there. */
  readonly skipped: number;
}

/** A part of the stream with a curve of its own, whose times begin at `from`, seconds of the line. */
interface Stretch {
  readonly from: number;
  readonly maker: TimingMaker;
  readonly curve: PoseCurve;
}

/**
 * The mouth of a live stream, made of its sound alone: shapes and their curve, for hours. Works in stretches, so that
 * what was long heard is let go.
 */
export class LiveMouth {
  readonly #model: SoundModel;
  readonly #rate: number;
  readonly #longSeconds: number;
  readonly #lookAheadSeconds: number;
  #samples: number;
  #now: Stretch;
  #before: Stretch | undefined;
  /** How long the mouth has been at rest, seconds. */
  #restSeconds = 0;
  readonly #at = new Float64Array(1);
  #ended = false;

  /** Use {@link createAsync}. */
  private constructor(model: SoundModel, options: LiveMouthOptions) {
    const { sampleRate, delaySeconds, skipped, longSeconds = 60 } = options;
    this.#model = model;
    this.#longSeconds = longSeconds;
    this.#rate = sampleRate;
    this.#lookAheadSeconds = Math.max(delaySeconds - ON_THE_WAY, HEARING_DELAY);
    this.#samples = skipped;
    this.#now = this.#stretch();
  }

  /** Loads what tells sounds, some 170 kB, once for a page. `options` are asked for when that is there. */
  static async createAsync(options: () => LiveMouthOptions): Promise<LiveMouth> {
    const model = await loadSoundModel();
    return new LiveMouth(model, options());
  }

  /** Loads that beforehand. */
  static async prepareAsync(): Promise<void> {
    await loadSoundModel();
  }

  /** Takes the next samples. Keeps none of them. */
  push(samples: Int16Array): void {
    if (this.#ended) return;
    const { maker, curve, from } = this.#now;
    const cues = maker.push(samples);
    curve.addCues(cues);
    curve.addSound(samples, this.#rate);
    this.#samples += samples.length;
    for (const { viseme, start, end } of cues)
      this.#restSeconds = viseme === 'sil' ? this.#restSeconds + end - start : 0;
    const seconds = this.#seconds - from;
    const pause = seconds > this.#longSeconds && this.#restSeconds > PAUSE_SECONDS;
    if (!pause && seconds < LONGEST * this.#longSeconds) return;
    this.#close();
    this.#before = this.#now;
    this.#now = this.#stretch();
  }

  /** Nothing follows: the mouth comes to rest where the sound ends. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#close();
  }

  /** Writes the weights at the line time that stands in `times[field]`, as {@link PoseCurve.sampleAt} does. */
  sampleAt(times: Float64Array, field: number, out: Float32Array): void {
    const lineTime = times[field]!;
    if (lineTime >= this.#now.from) this.#before = undefined;
    const { from, curve } = this.#before ?? this.#now;
    this.#at[0] = lineTime - from;
    curve.sampleAt(this.#at, 0, out);
  }

  get #seconds(): number {
    return this.#samples / this.#rate;
  }

  #stretch(): Stretch {
    const lookAheadSeconds = this.#lookAheadSeconds;
    const options = { sampleRate: this.#rate, lookAheadSeconds, pieceSeconds: HOP };
    this.#restSeconds = 0;
    return { from: this.#seconds, maker: new TimingMaker(this.#model, options), curve: new PoseCurve() };
  }

  #close(): void {
    const { maker, curve, from } = this.#now;
    curve.addCues(maker.end());
    curve.end(this.#seconds - from);
  }
}
