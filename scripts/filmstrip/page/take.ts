import { OPEN_MM } from '../../../src/lipsync/gesture.ts';
import { ROW } from '../../../src/lipsync/grid.ts';
import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import { createPose } from '../../../src/pose/channels.ts';
import { type EmotionChoice, resolveFeeling } from '../../../src/pose/emotion.ts';
import { Life } from '../../../src/pose/life.ts';
import { addVisemes, clearPose, settleMouth } from '../../../src/pose/mix.ts';
import { createMoment, MOMENT } from '../../../src/pose/moment.ts';
import { Mood } from '../../../src/pose/mood.ts';
import { Phrasing } from '../../../src/pose/phrasing.ts';
import { Undertones } from '../../../src/pose/undertones.ts';
import type { Shown } from '../shown.ts';

/** What a face does is played in steps of this length, seconds, from a little before the line. */
const STEP = 1 / 60;
const BEFORE = 1;
/** When the line begins on the clock of the signs of life, seconds: any moment will do, this one has a blink in it. */
const BEGINS = 40;

/** A spoken line as a face plays it: mouth, mood and signs of life, the same each time. */
export class Take {
  readonly #curve = new PoseCurve();
  readonly #mood = new Mood();
  readonly #life = new Life(1, { gaze: false, listening: false });
  readonly #phrasing = new Phrasing(1);
  readonly #undertones = new Undertones(() => true);
  readonly #duration: number;
  readonly #pose = createPose();
  readonly #row = new Float32Array(ROW);
  readonly #moment = createMoment();
  #steps = 0;

  constructor({ samples, sampleRate, cues, words, text }: Shown, emotion: EmotionChoice) {
    this.#duration = samples.length / sampleRate;
    this.#curve.addCues(cues);
    this.#curve.addSound(Int16Array.from(samples), sampleRate);
    this.#curve.end(this.#duration);
    this.#phrasing.update(words, text);
    this.#mood.stand(resolveFeeling('--emotion', emotion));
  }

  /** The pose of a moment, which is not before that of the last call. */
  poseAt(time: number): Float32Array {
    while (this.#steps * STEP - BEFORE < time) this.#step(this.#steps++ * STEP - BEFORE);
    return this.#step(time);
  }

  /** Opening of the lips that the curve asks for at a moment, millimetres. */
  openAt(time: number): number {
    this.#curve.sample(time, this.#row);
    return OPEN_MM.reduce((sum, mm, viseme) => sum + mm * this.#row[viseme]!, 0);
  }

  #step(time: number): Float32Array {
    const [pose, moment] = [this.#pose, this.#moment];
    moment[MOMENT.time] = BEGINS + time;
    moment[MOMENT.playhead] = Math.max(time, 0);
    moment[MOMENT.speaking] = time > 0 && time < this.#duration ? 1 : 0;
    if (time < 0) moment[MOMENT.waited] = BEFORE + time;
    this.#phrasing.follow(moment);
    this.#curve.sample(time, this.#row);
    clearPose(pose);
    this.#mood.add(pose, moment);
    addVisemes(pose, this.#row);
    this.#life.add(pose, moment, this.#phrasing, undefined, 0, undefined);
    settleMouth(pose);
    this.#undertones.add(pose, this.#row);
    return pose;
  }
}
