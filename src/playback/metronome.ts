import type { HeardClock } from '../clock/output-clock.ts';
import { InputError } from '../speech/errors.ts';

/** A page with sound: a `Parley`, or what has its clock and its context. */
export interface SoundingPage {
  readonly audioContext: AudioContext | undefined;
  readonly outputClock: HeardClock | undefined;
}

/** Time from one click to the next, seconds: 80 a minute, slow enough for a device that is 0.37 s late. */
const PERIOD = 0.75;

/** From now to the first click, seconds: more than the longest buffer. */
const LEAD = 0.2;

/** Pitch of a click, Hz, and how fast it dies away, seconds: short enough to be placed within a few milliseconds. */
const PITCH = 1_500;
const DECAY = 0.012;

/** Loudness of a click, 1 as loud as can be. */
const LEVEL = 0.5;

/** Fade of {@link Metronome.setAudible}, seconds. */
const FADE = 0.005;

/**
 * Clicks, straight to the device, and when they are heard by the clock that moves the mouths: to find the trim of a
 * device by tapping along. One looped sound, so that no timer has a part in it.
 */
export class Metronome {
  /** Milliseconds from one click to the next. */
  readonly periodMs: number;

  readonly #clock: HeardClock;
  readonly #source: AudioBufferSourceNode;
  readonly #gain: GainNode;
  readonly #begin: number;
  readonly #period: number;

  /** Begins to click within 0.3 s, as soon as the page may make sound. Throws {@link InputError} where it has none. */
  constructor({ audioContext: context, outputClock: clock }: SoundingPage) {
    if (!context || !clock) throw new InputError('new Metronome()', 'a page with sound', 'one without');
    this.#clock = clock;
    const frames = Math.round(PERIOD * context.sampleRate);
    this.#period = frames / context.sampleRate;
    this.periodMs = this.#period * 1000;
    this.#source = new AudioBufferSourceNode(context, { buffer: clickOf(context, frames), loop: true });
    this.#gain = new GainNode(context);
    this.#source.connect(this.#gain).connect(context.destination);
    this.#begin = Math.round((context.currentTime + LEAD) * context.sampleRate) / context.sampleRate;
    this.#source.start(this.#begin);
  }

  /** Fades the clicks out or in within 5 ms; they are counted all the same. */
  setAudible(audible: boolean): void {
    this.#gain.gain.setTargetAtTime(audible ? 1 : 0, this.#gain.context.currentTime, FADE / 3);
  }

  /**
   * Where between two clicks the ear is when the frame of `performanceMs` is seen: 0 at a click, near 1 just before the
   * next one; negative before the first.
   */
  phaseAt(performanceMs: number): number {
    const beat = (this.#clock.contextTimeAt(performanceMs) - this.#begin) / this.#period;
    return beat < 0 ? beat : beat % 1;
  }

  /** How long after the nearest click something at `performanceMs` was, milliseconds; negative before it. */
  offsetMs(performanceMs: number): number {
    const beat = Math.round((performanceMs - this.#clock.performanceMsAt(this.#begin)) / this.periodMs);
    return performanceMs - this.#clock.performanceMsAt(this.#begin + beat * this.#period);
  }

  /** Ends the clicks. May be called twice. */
  dispose(): void {
    this.#source.stop();
    this.#source.disconnect();
    this.#gain.disconnect();
  }
}

function clickOf(context: BaseAudioContext, frames: number): AudioBuffer {
  const { sampleRate } = context;
  const buffer = new AudioBuffer({ length: frames, sampleRate });
  const samples = buffer.getChannelData(0);
  for (let frame = 0; frame < samples.length; frame++) {
    const at = frame / sampleRate;
    samples[frame] = LEVEL * Math.exp(-at / DECAY) * Math.cos(2 * Math.PI * PITCH * at);
  }
  return buffer;
}
