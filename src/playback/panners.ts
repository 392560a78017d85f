import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { FADE, Glide } from './glide.ts';

/** Time constant of a change of place, seconds: about a frame, so that steps of the picture are not steps of the sound. */
const MOVE = 0.015;

/** Part of its distance by which a place must differ to be told: 0.3 degrees, a third of what is heard at best. */
const SLACK = 0.005;

/** Smallest distance for which {@link SLACK} counts, metres. */
const NEAREST = 0.1;

/**
 * What HRTF is turned down by to be as loud as equal power: -3.6 dB. In Chromium, speech-shaped noise from twelve
 * directions around the head comes out 2.6 to 4.4 dB louder by HRTF, the power of both ears together.
 */
export const HRTF_LEVEL = 10 ** (-3.6 / 20);

/**
 * Gives a voice its direction, by equal power or by HRTF, and changes between the two while it sounds: by a fade
 * between two panners, since one whose model is changed in place clicks. Distance and cone are none of its business.
 */
export class Panners {
  /** Where the voice goes in; mono. */
  readonly input: GainNode;
  /** Where it comes out, in stereo. */
  readonly output: GainNode;

  readonly #context: BaseAudioContext;
  readonly #equalPower: Arm;
  readonly #place = Vector3.Zero();
  /** There only while it is heard: its convolution is what costs, and a new one keeps nothing of an old place. */
  #hrtf: Arm | undefined;
  #byHrtf = false;
  #fadeEnd = Number.POSITIVE_INFINITY;

  constructor(context: BaseAudioContext) {
    this.#context = context;
    this.input = new GainNode(context, { channelCount: 1, channelCountMode: 'explicit' });
    this.output = new GainNode(context);
    this.#equalPower = new Arm(context, 'equalpower', 1);
    this.#equalPower.join(this.input, this.output, this.#place);
    this.#equalPower.share.jumpTo(1);
  }

  /** Whether the direction is given by HRTF, or is on the way there. */
  get byHrtf(): boolean {
    return this.#byHrtf;
  }

  /** Changes the model, by a fade; `now` is the context's time. A fade on its way is turned round. */
  setHrtf(on: boolean, now: number): void {
    if (on === this.#byHrtf) return;
    this.#byHrtf = on;
    const [rising, falling] = this.#arms(on);
    rising.join(this.input, this.output, this.#place);
    rising.share.moveTo(rising.level, now + FADE.lead);
    falling?.share.moveTo(0, now + FADE.lead);
    this.#fadeEnd = now + FADE.end;
  }

  /** Changes the model at once: for when nothing sounds. */
  jumpToHrtf(on: boolean): void {
    this.#byHrtf = on;
    const [rising, falling] = this.#arms(on);
    falling?.leave(this.input);
    if (!on) this.#hrtf = undefined;
    rising.join(this.input, this.output, this.#place);
    rising.share.jumpTo(rising.level);
    this.#fadeEnd = Number.POSITIVE_INFINITY;
  }

  /** Ends fades that are over, and moves to `place`, metres in the audio context's space, `distance` from the ears. */
  update(place: Vector3, distance: number, now: number): void {
    if (now > this.#fadeEnd) this.jumpToHrtf(this.#byHrtf);
    const slack = SLACK * Math.max(distance, NEAREST);
    if (Vector3.DistanceSquared(place, this.#place) <= slack * slack) return;
    this.#place.copyFrom(place);
    this.#equalPower.moveTo(place, now);
    this.#hrtf?.moveTo(place, now);
  }

  /** Is at `place` at once: for when nothing sounds. */
  jumpTo(place: Vector3): void {
    this.#place.copyFrom(place);
    this.#equalPower.jumpTo(place);
    this.#hrtf?.jumpTo(place);
  }

  /** Lets go of all nodes. */
  dispose(): void {
    this.#equalPower.leave(this.input);
    this.#hrtf?.leave(this.input);
    this.output.disconnect();
  }

  #arms(on: boolean): [rising: Arm, falling: Arm | undefined] {
    if (!on) return [this.#equalPower, this.#hrtf];
    this.#hrtf ??= new Arm(this.#context, 'HRTF', HRTF_LEVEL);
    return [this.#hrtf, this.#equalPower];
  }
}

/** A panner, and how much of it is heard. */
class Arm {
  /** Its share when it is heard alone. */
  readonly level: number;
  readonly share: Glide;

  readonly #panner: PannerNode;
  readonly #gain: GainNode;
  readonly #x: Glide;
  readonly #y: Glide;
  readonly #z: Glide;
  #joined = false;

  constructor(context: BaseAudioContext, panningModel: PanningModelType, level: number) {
    this.level = level;
    this.#panner = new PannerNode(context, { panningModel, distanceModel: 'inverse', rolloffFactor: 0 });
    this.#gain = new GainNode(context, { gain: 0 });
    this.#panner.connect(this.#gain);
    this.share = new Glide(this.#gain.gain, FADE.seconds);
    this.#x = new Glide(this.#panner.positionX, MOVE);
    this.#y = new Glide(this.#panner.positionY, MOVE);
    this.#z = new Glide(this.#panner.positionZ, MOVE);
  }

  /** Goes between the nodes, silently and at `place`, unless it is there. */
  join(input: AudioNode, output: AudioNode, place: Vector3): void {
    if (this.#joined) return;
    this.#joined = true;
    this.jumpTo(place);
    this.share.jumpTo(0);
    input.connect(this.#panner);
    this.#gain.connect(output);
  }

  leave(input: AudioNode): void {
    if (!this.#joined) return;
    this.#joined = false;
    input.disconnect(this.#panner);
    this.#gain.disconnect();
  }

  moveTo(place: Vector3, now: number): void {
    if (!this.#joined) return;
    this.#x.moveTo(place.x, now);
    this.#y.moveTo(place.y, now);
    this.#z.moveTo(place.z, now);
  }

  jumpTo(place: Vector3): void {
    this.#x.jumpTo(place.x);
    this.#y.jumpTo(place.y);
    this.#z.jumpTo(place.z);
  }
}
