import { FADE, Glide } from './glide.ts';

/** Speed of sound in air at 20 degrees, metres a second (ISO 9613-1). */
const SPEED_OF_SOUND = 343;

/** Longest delay, seconds: sound from 120 m away. The end of a line waits half a second to be heard, by any device. */
export const LONGEST_TRAVEL = 0.35;

/** Fastest change of the delay, seconds a second: 10 m/s, and a pitch that is off by half a semitone at most. */
const FASTEST = 0.03;

/** A deviation that is not followed but jumped to, seconds: 3.4 m, more than anything walks in a frame. */
const JUMP = 0.01;

/** Longest time between two frames that is made up for, seconds. */
const LONGEST_FRAME = 0.05;

/** Time constant of the delay's approach, seconds. */
const APPROACH = 0.1;

/**
 * Lets sound take its time. Where the distance changes, the delay follows so slowly that the pitch hardly moves; where it
 * jumps, one delay fades into another, so that a teleport neither chirps nor clicks.
 */
export class TravelDelay {
  /** Where the voice goes in, and where it comes out later. */
  readonly input: GainNode;
  readonly output: GainNode;

  #heard: Tap;
  #spare: Tap;
  #seconds = 0;
  #fadeEnd = Number.NEGATIVE_INFINITY;
  #followedAt = Number.POSITIVE_INFINITY;

  constructor(context: BaseAudioContext) {
    this.input = new GainNode(context);
    this.output = new GainNode(context);
    this.#heard = new Tap(this.input, this.output);
    this.#spare = new Tap(this.input, this.output);
    this.#heard.share.jumpTo(1);
  }

  /** Seconds by which the voice is late. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Once a frame: follows a source `distance` metres away; `now` is the context's time. */
  follow(distance: number, now: number): void {
    const wanted = secondsFor(distance);
    const off = wanted - this.#seconds;
    const elapsed = Math.min(Math.max(now - this.#followedAt, 0), LONGEST_FRAME);
    this.#followedAt = now;
    if (Math.abs(off) > JUMP) {
      if (now > this.#fadeEnd) this.#fadeTo(wanted, now);
      return;
    }
    const step = FASTEST * elapsed;
    this.#seconds += Math.min(Math.max(off, -step), step);
    this.#heard.delay.moveTo(this.#seconds, now);
  }

  /** Has the delay at once: for when nothing sounds. */
  jumpTo(distance: number, now: number): void {
    this.#seconds = secondsFor(distance);
    this.#followedAt = now;
    this.#heard.delay.jumpTo(this.#seconds);
  }

  /** Plays nothing any more of what went in. For when nothing sounds. */
  forget(): void {
    this.input.disconnect();
    this.#heard.leave();
    this.#spare.leave();
    this.#heard = new Tap(this.input, this.output);
    this.#spare = new Tap(this.input, this.output);
    this.#heard.share.jumpTo(1);
    this.#heard.delay.jumpTo(this.#seconds);
  }

  dispose(): void {
    this.input.disconnect();
    this.output.disconnect();
  }

  #fadeTo(seconds: number, now: number): void {
    const next = this.#spare;
    this.#spare = this.#heard;
    this.#heard = next;
    this.#seconds = seconds;
    next.delay.jumpTo(seconds);
    next.share.moveTo(1, now + FADE.lead);
    this.#spare.share.moveTo(0, now + FADE.lead);
    this.#fadeEnd = now + FADE.end;
  }
}

/** A delay and how much of it is heard. It hears the voice all the while, so that it has its past when it is needed. */
class Tap {
  readonly delay: Glide;
  readonly share: Glide;
  readonly #gain: GainNode;

  constructor(input: AudioNode, output: AudioNode) {
    const { context } = input;
    const delay = new DelayNode(context, { maxDelayTime: LONGEST_TRAVEL });
    this.#gain = new GainNode(context, { gain: 0 });
    input.connect(delay).connect(this.#gain).connect(output);
    this.delay = new Glide(delay.delayTime, APPROACH);
    this.share = new Glide(this.#gain.gain, FADE.seconds);
  }

  /** Is heard no more. */
  leave(): void {
    this.#gain.disconnect();
  }
}

function secondsFor(distance: number): number {
  return Math.min(distance / SPEED_OF_SOUND, LONGEST_TRAVEL);
}
