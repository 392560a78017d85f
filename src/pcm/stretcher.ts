import { PeriodFinder } from './period.ts';

/** What a {@link Stretcher} draws its sound from: a resampler. */
export interface FrameSource {
  /** Frames that {@link read} can give now. */
  readonly available: number;
  read(out: Float32Array, start: number, count: number): void;
}

/** Slowest and fastest speed: beyond them speech is no longer understood with ease. */
export const SLOWEST = 0.5;
export const FASTEST = 2;

/** Frames taken beyond need in one call at most: bounds the work of one block of the audio thread. */
const TOP_UP = 512;

/** Time between two searches where the first found no place fit for a splice, as a part of the longest period. */
const SEARCH_PAUSE = 0.5;

/** Likeness that a splice needs when it is just due, as in NetEQ; and how much less one needs that is a longest period late. */
const LIKENESS = 0.9;
const HURRY = 0.4;

/**
 * Changes the speed of speech and not its pitch: leaves out or repeats single pitch periods, faded over one period
 * (time-domain harmonic scaling, D. Malah 1979). Between the splices, samples pass unchanged, so the place in the
 * source of every frame that comes out is known: it moves on by one frame for each frame, by two while a period is left
 * out, by none while one is repeated. Bounded work and no allocation after construction.
 */
export class Stretcher {
  readonly #source: FrameSource;
  readonly #finder: PeriodFinder;
  /** What has passed, as far as a period may reach back; then what is ahead. */
  readonly #frames: Float32Array;
  readonly #ahead: number;
  #head = 0;
  #end = 0;
  #step: 0 | 1 | 2 = 1;
  #period = 0;
  #into = 0;
  /** Frames of source that should have gone by beyond those that did; negative where some are to be repeated. */
  #owed = 0;
  #wait = 0;

  /** `sampleRate` in Hz. */
  constructor(source: FrameSource, sampleRate: number) {
    this.#source = source;
    this.#finder = new PeriodFinder(sampleRate);
    this.#ahead = 2 * this.#finder.longest + this.#finder.compared;
    this.#frames = new Float32Array(2 * (2 * this.#finder.longest + this.#ahead + TOP_UP));
  }

  /** Forgets everything: for another signal. */
  reset(): void {
    this.#head = this.#end = 0;
    this.#step = 1;
    this.#owed = this.#wait = 0;
  }

  /** Frames that can be read now at full speed. */
  get available(): number {
    const held = this.#end - this.#head + this.#source.available;
    if (this.#step === 1) return held;
    return this.left + held - this.#step * this.#period;
  }

  /** Frames of the source that go by for each frame read: 1; while a period is left out 2, while one is repeated 0. */
  get step(): 0 | 1 | 2 {
    return this.#step;
  }

  /** Frames to be read before {@link step} changes. */
  get left(): number {
    return this.#step === 1 ? Number.POSITIVE_INFINITY : this.#period - this.#into;
  }

  /**
   * Called for every `count` frames read: where the `speed` asks for it and the sound allows, begins a splice.
   * `speed` is {@link SLOWEST} to {@link FASTEST}, 1 as it comes. At least `keep` frames are left after a splice.
   */
  plan(speed: number, count: number, keep: number): void {
    this.#owed = speed === 1 ? 0 : this.#owed + (speed - 1) * count;
    this.#wait -= count;
    if (speed === 1) return;
    this.#take(Math.min(this.#ahead - (this.#end - this.#head), TOP_UP));
    if (this.#step !== 1) return;
    if (this.#wait > 0 || Math.abs(this.#owed) < this.#finder.shortest) return;
    const repeating = this.#owed < 0;
    const { longest, compared } = this.#finder;
    if (repeating && this.#head < longest) return;
    if (this.#end - this.#head < compared + (repeating ? 0 : longest)) return;
    this.#finder.find(this.#frames, this.#head, repeating ? -1 : 1);
    this.#maybeSplice(repeating, keep);
  }

  /** Writes `count` frames to `out[start]` on; never more than {@link available} or {@link left}. */
  read(out: Float32Array, start: number, count: number): void {
    if (this.#step === 1) {
      this.#take(count - (this.#end - this.#head));
      for (let index = 0; index < count; index++) out[start + index] = this.#frames[this.#head + index]!;
      this.#head += count;
      return;
    }
    const from = this.#head + this.#into;
    const to = this.#step === 2 ? from + this.#period : from - this.#period;
    for (let index = 0; index < count; index++) {
      const weight = (this.#into + index + 0.5) / this.#period;
      const leaving = this.#frames[from + index]!;
      out[start + index] = leaving + weight * (this.#frames[to + index]! - leaving);
    }
    this.#into += count;
    if (this.#into < this.#period) return;
    this.#head += this.#step * this.#period;
    this.#step = 1;
  }

  #maybeSplice(repeating: boolean, keep: number): void {
    const { period, likeness, longest } = this.#finder;
    const owed = Math.abs(this.#owed);
    const late = Math.max(0, owed - period) / longest;
    if (owed < period / 2 || likeness < LIKENESS - HURRY * late) {
      this.#wait = SEARCH_PAUSE * longest;
      return;
    }
    const needed = repeating ? period : 2 * period;
    this.#take(needed - (this.#end - this.#head));
    if (this.#end - this.#head < needed || this.available < needed + keep) return;
    this.#owed += repeating ? period : -period;
    this.#step = repeating ? 0 : 2;
    this.#period = period;
    this.#into = 0;
  }

  /** Draws up to `count` frames from the source. */
  #take(count: number): void {
    const taken = Math.min(count, this.#source.available);
    if (taken <= 0) return;
    if (this.#end + taken > this.#frames.length) this.#compact();
    this.#source.read(this.#frames, this.#end, taken);
    this.#end += taken;
  }

  #compact(): void {
    const from = Math.max(0, this.#head - this.#finder.longest);
    this.#frames.copyWithin(0, from, this.#end);
    this.#head -= from;
    this.#end -= from;
  }
}
