import type { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { FADE, Glide } from './glide.ts';

/** Time constant of a change of place, seconds: about a frame, so that steps of the picture are not steps of the sound. */
const MOVE = 0.015;

/** Change of direction that is told to a stereo panner, as a part of a quarter turn: 0.2 degrees. */
const SLACK = 0.002;

/**
 * What HRTF is turned down by to be as loud as equal power: -3.6 dB. In Chromium, speech-shaped noise from twelve
 * directions around the head comes out 2.6 to 4.4 dB louder by HRTF, the power of both ears together.
 */
export const HRTF_LEVEL = 10 ** (-3.6 / 20);

/** A panner between a voice and its output, and how much of it is heard. It costs nothing while it is not joined. */
class Arm {
  readonly share: Glide;
  readonly #panner: AudioNode;
  readonly #gain: GainNode;
  /** Where the voice goes in: the panner, or a delay before it. */
  #first: AudioNode;
  #input: AudioNode | undefined;

  constructor(panner: AudioNode) {
    this.#panner = panner;
    this.#first = panner;
    this.#gain = new GainNode(panner.context, { gain: 0 });
    this.#panner.connect(this.#gain);
    this.share = new Glide(this.#gain.gain, FADE.seconds);
  }

  /** Goes between the nodes, silently. */
  join(input: AudioNode, output: AudioNode): void {
    this.share.jumpTo(0);
    this.#input = input;
    input.connect(this.#first);
    this.#gain.connect(output);
  }

  leave(): void {
    this.#input?.disconnect(this.#first);
    this.#input = undefined;
    this.#gain.disconnect();
  }

  /** Sounds `seconds` later from now on, with nothing of what went in before. For when nothing sounds. */
  delayBy(seconds: number): void {
    const panner = this.#panner;
    this.#input?.disconnect(this.#first);
    if (this.#first !== panner) this.#first.disconnect();
    this.#first =
      seconds > 0 ? new DelayNode(panner.context, { delayTime: seconds, maxDelayTime: seconds }) : panner;
    if (this.#first !== panner) this.#first.connect(panner);
    this.#input?.connect(this.#first);
  }
}

/**
 * Equal power: by the law of Web Audio's panner, but by a stereo panner. Chromium's panner node takes ten times as long
 * while it moves, and its azimuth jumps for what is nearly above.
 */
export class EqualPowerArm extends Arm {
  readonly level = 1;
  readonly #pan: Glide;
  #told = 0;

  constructor(context: BaseAudioContext) {
    const panner = new StereoPannerNode(context);
    super(panner);
    this.#pan = new Glide(panner.pan, MOVE);
  }

  /** `right`: part of the direction that points to the right ear, -1 to 1. */
  moveTo(right: number, now: number): void {
    const pan = quarterTurns(right);
    if (Math.abs(pan - this.#told) <= SLACK) return;
    this.#told = pan;
    this.#pan.moveTo(pan, now);
  }

  jumpTo(right: number): void {
    this.#told = quarterTurns(right);
    this.#pan.jumpTo(this.#told);
  }
}

/**
 * HRTF from one direction. It stands still as long as it is heard: where an HRTF panner is moved, Chromium (156) clicks,
 * by steps of 20 times the signal's own.
 */
export class HrtfArm extends Arm {
  readonly level = HRTF_LEVEL;
  readonly #panner: PannerNode;

  constructor(context: BaseAudioContext) {
    const panner = new PannerNode(context, {
      panningModel: 'HRTF',
      distanceModel: 'inverse',
      rolloffFactor: 0,
    });
    super(panner);
    this.#panner = panner;
  }

  /** Stands at a place of the audio context's space, as if it had always been there. Only while it is not joined. */
  standAt({ x, y, z }: Vector3): void {
    const panner = this.#panner;
    panner.positionX.value = x;
    panner.positionY.value = y;
    panner.positionZ.value = z;
    panner.panningModel = 'equalpower'; // A new model keeps nothing of what it played and where; a new node takes a millisecond.
    panner.panningModel = 'HRTF';
  }
}

/** HRTF panners of a scene, for whoever needs one at the time. */
export class HrtfArms {
  readonly #context: BaseAudioContext;
  readonly #spare: HrtfArm[] = [];

  constructor(context: BaseAudioContext) {
    this.#context = context;
  }

  take(): HrtfArm {
    return this.#spare.pop() ?? new HrtfArm(this.#context);
  }

  /** Takes back one that has left. */
  give(arm: HrtfArm): void {
    this.#spare.push(arm);
  }
}

function quarterTurns(right: number): number {
  return Math.asin(Math.min(Math.max(right, -1), 1)) / (Math.PI / 2);
}
