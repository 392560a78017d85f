import { Metronome, TapMeter, type TapResult } from '../../src/index.ts';
import type { AudioHost } from '../../src/playback/audio-host.ts';

/** Where the visitor is: at rest, tapping along what is heard, between the rounds, tapping along what is seen, or comparing. */
export type Step = 'start' | 'listen' | 'pause' | 'watch' | 'check';

/** Taps of a round. */
export const TAPS = 12;

/** Scatter from which a round is asked for again, milliseconds: its median would be off by 20. */
const TOO_WIDE_MS = 70;

/** Between the rounds, milliseconds: time to read, and to stop tapping. */
const PAUSE_MS = 2_500;

/**
 * Finds the trim of a device: by how much later somebody taps along the clicks than along the ring. What the hand and
 * the keyboard add is in both and falls out; what the display adds stays in, as it must.
 */
export class Calibration {
  /** Called at every change of what is told here. */
  onChange: (() => void) | undefined;

  readonly #host: AudioHost;
  #metronome: Metronome | undefined;
  #step: Step = 'start';
  #meter: TapMeter | undefined;
  #heard: TapResult | undefined;
  #seen: TapResult | undefined;
  #scattered = false;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(host: AudioHost) {
    this.#host = host;
  }

  get step(): Step {
    return this.#step;
  }

  /** Whether taps are asked for. */
  get tapping(): boolean {
    return this.#meter !== undefined;
  }

  /** Taps of this round so far. */
  get taps(): number {
    return this.#meter?.count ?? 0;
  }

  /** What the round of clicks told. */
  get heard(): TapResult | undefined {
    return this.#heard;
  }

  /** What the round of flashes told. */
  get seen(): TapResult | undefined {
    return this.#seen;
  }

  /** Whether the taps of the last round were too far apart to count. */
  get scattered(): boolean {
    return this.#scattered;
  }

  /** The clicks, while there are any. */
  get metronome(): Metronome | undefined {
    return this.#metronome;
  }

  /** The trim that is tried, milliseconds. */
  get trimMs(): number {
    return this.#host.clock.trimMs;
  }

  /** Begins with the clicks. Call it in a handler of a gesture. */
  start(): void {
    this.stop();
    this.#heard = undefined;
    this.#seen = undefined;
    this.#begin('listen');
  }

  /** Goes to the comparison. Call it in a handler of a gesture. */
  check(): void {
    this.stop();
    this.#begin('check');
  }

  /** Falls silent. */
  stop(): void {
    clearTimeout(this.#pause);
    this.#metronome?.dispose();
    this.#metronome = undefined;
    this.#scattered = false;
    this.#enter('start');
  }

  /** A tap at a performance time. Whatever is not asked for is passed over. */
  handleTap(atMs: number): void {
    if (!this.#meter || !this.#metronome) return;
    this.#meter.handleTap(this.#metronome.offsetMs(atMs));
    if (this.#meter.count < TAPS) this.onChange?.();
    else this.#finishRound(this.#meter.result!);
  }

  /** Tries a trim, without keeping it. */
  tryTrim(trimMs: number): void {
    this.#host.clock.trimMs = trimMs;
    this.onChange?.();
  }

  /** Keeps the trim for this device. */
  keep(): void {
    this.#host.setTrimMs(this.trimMs);
  }

  #begin(step: Step): void {
    void this.#host.unlockAsync();
    this.#metronome = new Metronome({ audioContext: this.#host.liveContext, outputClock: this.#host.clock });
    this.#enter(step);
  }

  #finishRound(result: TapResult): void {
    this.#scattered = result.spreadMs > TOO_WIDE_MS || result.taps < TAPS / 2;
    if (this.#scattered) this.#pauseBefore(this.#step);
    else if (this.#step === 'listen') {
      this.#heard = result;
      this.#pauseBefore('watch');
    } else {
      this.#seen = result;
      this.#host.clock.trimMs = Math.round(this.trimMs + this.#heard!.offsetMs - result.offsetMs);
      this.#pauseBefore('check');
    }
  }

  #pauseBefore(next: Step): void {
    this.#enter('pause');
    this.#pause = setTimeout(() => this.#enter(next), PAUSE_MS);
  }

  #enter(step: Step): void {
    this.#step = step;
    this.#meter = undefined;
    if ((step === 'listen' || step === 'watch') && this.#metronome)
      this.#meter = new TapMeter(this.#metronome.periodMs);
    this.#metronome?.setAudible(step === 'listen' || step === 'check');
    this.onChange?.();
  }
}
