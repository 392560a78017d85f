import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { FADE } from './glide.ts';
import { EqualPowerArm, HrtfArm, type HrtfArms } from './panner-arm.ts';

/** Distance within which a voice is on its way through the head, metres: it comes from less and less of a side. */
const NEAREST = 0.1;

/** Turn after which HRTF goes on from the new direction: 2 degrees, as a chord. People tell 1 degree at best. */
const TURN = 0.035;

/**
 * Gives a voice its direction, by equal power or by HRTF. Equal power moves; HRTF goes on from another panner, since one
 * that is moved or whose model is changed clicks. So whatever changes, one panner fades into another, and nothing clicks.
 * Distance and cone are none of its business.
 */
export class Panners {
  /** Where the voice goes in; mono. */
  readonly input: GainNode;
  /** Where it comes out, in stereo. */
  readonly output: GainNode;

  readonly #equalPower: EqualPowerArm;
  #hrtfArms: HrtfArms | undefined;
  /** Direction of the voice as the ears have it, right, up and ahead; shorter than 1 within the head. */
  readonly #direction = Vector3.Zero();
  /** The same place in the audio context's space, metres. */
  readonly #place = Vector3.Zero();
  /** Where the HRTF panner that is heard stands. */
  readonly #hrtfDirection = Vector3.Zero();
  #heard: EqualPowerArm | HrtfArm;
  #fading: EqualPowerArm | HrtfArm | undefined;
  #fadeEnd = 0;
  #byHrtf = false;
  /** Seconds by which equal power waits for HRTF. */
  #delay = 0;

  constructor(context: BaseAudioContext) {
    this.input = new GainNode(context, { channelCount: 1, channelCountMode: 'explicit' });
    this.output = new GainNode(context);
    this.#equalPower = new EqualPowerArm(context);
    this.#heard = this.#equalPower;
    this.#equalPower.join(this.input, this.output);
    this.#equalPower.share.jumpTo(1);
  }

  /** Lets equal power sound `seconds` later, as late as HRTF, so that a fade between them is no comb. For when nothing sounds. */
  align(seconds: number): void {
    this.#delay = seconds;
    this.#equalPower.delayBy(seconds);
  }

  /** Whether the direction is to be given by HRTF. */
  get byHrtf(): boolean {
    return this.#byHrtf;
  }

  /** Changes to HRTF by panners of `arms`, or to equal power without, from the next {@link update} on, by a fade. */
  setHrtf(arms: HrtfArms | undefined): void {
    this.#byHrtf = arms !== undefined;
    if (arms) this.#hrtfArms = arms; // Those that are given back go where they came from.
  }

  /**
   * Once a frame. The voice is `ears.x` metres to the right of the listener, `ears.y` up and `ears.z` ahead, which is
   * `place` in the audio context's space; `now` is the context's time.
   */
  update(ears: Vector3, place: Vector3, now: number): void {
    this.#aim(ears, place);
    if (this.#heard === this.#equalPower || this.#fading === this.#equalPower)
      this.#equalPower.moveTo(this.#direction.x, now);
    if (this.#fading) {
      if (now < this.#fadeEnd) return;
      this.#endFade();
    }
    const next = this.#next();
    if (next) this.#fadeTo(next, now);
  }

  /** Takes model and place at once: for when nothing sounds. */
  jumpTo(ears: Vector3, place: Vector3): void {
    this.#aim(ears, place);
    this.#endFade();
    this.#remove(this.#heard);
    this.#equalPower.jumpTo(this.#direction.x);
    this.#heard = (this.#byHrtf && this.#takeHrtf()) || this.#equalPower;
    this.#heard.join(this.input, this.output);
    this.#heard.share.jumpTo(this.#heard.level);
  }

  /** Gives HRTF back at once: for when nothing sounds. */
  rest(): void {
    this.#byHrtf = false;
    this.#endFade();
    if (this.#heard === this.#equalPower) return;
    this.#remove(this.#heard);
    this.#heard = this.#equalPower;
    this.#heard.join(this.input, this.output);
    this.#heard.share.jumpTo(this.#heard.level);
  }

  /** Plays nothing any more of what went in. Only after {@link rest}. */
  forget(): void {
    this.#equalPower.delayBy(this.#delay);
  }

  /** Lets go of all nodes. */
  dispose(): void {
    this.#endFade();
    this.#remove(this.#heard);
    this.output.disconnect();
  }

  #aim(ears: Vector3, place: Vector3): void {
    ears.scaleToRef(1 / Math.max(ears.length(), NEAREST), this.#direction);
    this.#place.copyFrom(place);
  }

  /** What is to be heard next, if not what is. */
  #next(): EqualPowerArm | HrtfArm | undefined {
    const heard = this.#heard instanceof HrtfArm;
    if (!this.#byHrtf) return heard ? this.#equalPower : undefined;
    const turned = Vector3.DistanceSquared(this.#direction, this.#hrtfDirection) > TURN * TURN;
    return !heard || turned ? this.#takeHrtf() : undefined;
  }

  #takeHrtf(): HrtfArm | undefined {
    const arm = this.#hrtfArms?.take();
    if (!arm) return undefined;
    arm.standAt(this.#place);
    this.#hrtfDirection.copyFrom(this.#direction);
    return arm;
  }

  #fadeTo(next: EqualPowerArm | HrtfArm, now: number): void {
    if (next === this.#equalPower) this.#equalPower.jumpTo(this.#direction.x);
    next.join(this.input, this.output);
    next.share.moveTo(next.level, now + FADE.lead);
    this.#heard.share.moveTo(0, now + FADE.lead);
    this.#fading = this.#heard;
    this.#heard = next;
    this.#fadeEnd = now + FADE.end;
  }

  #endFade(): void {
    if (!this.#fading) return;
    this.#remove(this.#fading);
    this.#fading = undefined;
    this.#heard.share.jumpTo(this.#heard.level);
  }

  #remove(arm: EqualPowerArm | HrtfArm): void {
    arm.leave();
    if (arm instanceof HrtfArm) this.#hrtfArms?.give(arm);
  }
}
