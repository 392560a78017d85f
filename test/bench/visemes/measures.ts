import { ROW } from '../../../src/lipsync/grid.ts';
import { MOST_MM_PER_SECOND } from '../../../src/lipsync/lip-speed.ts';
import { createPose } from '../../../src/pose/channels.ts';
import { addVisemes, clearPose, settleMouth } from '../../../src/pose/mix.ts';
import { Undertones } from '../../../src/pose/undertones.ts';
import type { MeasuredFace } from '../../kit/character-file.ts';
import { correlation, loudnessOpening, mean, quantile } from './loudness-opening.ts';
import type { Maker, Mouth } from './mouths.ts';
import type { Spoken } from './spoken.ts';

/** Lips nearer than this, in millimetres, are closed. */
const CLOSED_MM = 1;
/** A mouth opens on an open vowel if its lips part by more, millimetres. */
const OPEN_MM = 4;

/** Phones with closed lips. */
const BILABIAL = new Set(['p', 'b', 'm', 'em']);
/** Vowels, and those of them that are open. */
const VOWEL = /^(aa|ae|ah|ao|aw|ax|ay|eh|ey|ih|ix|iy|ow|oy|uh|uw)$/;
const OPEN_VOWEL = /^(aa|ae|aw|ay)$/;
/** In shorter vowels the middle third is no further from a closure than the mouth may be ahead of the sound, seconds. */
const SHORTEST_VOWEL = 0.07;
const SHORTEST_OPEN_VOWEL = 0.08;

/** Frames a second by which speed, false closures and correlation are measured. */
const FPS = 60;
const FINE = 0.0025;

/** What a way of making mouths did over a set of sentences. */
export interface Quality {
  readonly bilabials: number;
  /** Share of p b m with a frame of closed lips, at 30 and 60 frames a second; the worst phase of the frames counts. */
  readonly closed30: number;
  readonly closed60: number;
  /** Share of p b m whose lips are closed for half of the sound or more. */
  readonly inTime: number;
  /** Middle of the closure before the middle of the sound, milliseconds: median. */
  readonly aheadMs: number;
  /** Share of vowels that close the lips in their middle third. */
  readonly falseClosures: number;
  /** Share of open vowels that open by more than 4 mm. */
  readonly opens: number;
  /** Share of frames over the lip-speed limit, and the 99th percentile of speeds, mm/s. */
  readonly tooFast: number;
  readonly fastMmS: number;
  /** Correlation of the opening with that which the audio's loudness suggests: mean over sentences. */
  readonly r: number;
}

/** Measures a maker on the geometry of a face: millimetres between its inner lips, whatever the weights were. */
export function measure(face: MeasuredFace, sentences: readonly Spoken[], maker: Maker): Quality {
  const tally = new Tally();
  for (const spoken of sentences) {
    const lips = new LipReader(face, maker.make(spoken));
    measureBilabials(spoken, lips, tally);
    measureVowels(spoken, lips, tally);
    measureFrames(spoken, lips, tally);
  }
  return tally.quality();
}

/** Both characters have all the parts. */
const undertones = new Undertones(() => true);

/** The lips of a face that speaks, at any moment. */
class LipReader {
  readonly #face: MeasuredFace;
  readonly #mouth: Mouth;
  readonly #pose = createPose();
  readonly #weights = new Float32Array(ROW);

  constructor(face: MeasuredFace, mouth: Mouth) {
    this.#face = face;
    this.#mouth = mouth;
  }

  isClosed(time: number): boolean {
    this.#show(time);
    return this.#face.lips.widest() < CLOSED_MM;
  }

  /** Opening in the middle, millimetres. */
  open(time: number): number {
    this.#show(time);
    return this.#face.lips.middle();
  }

  #show(time: number): void {
    this.#mouth.sample(time, this.#weights);
    clearPose(this.#pose);
    addVisemes(this.#pose, this.#weights);
    settleMouth(this.#pose);
    undertones.add(this.#pose, this.#weights);
    this.#face.face.write(this.#pose);
  }
}

class Tally {
  bilabials = 0;
  closed30 = 0;
  closed60 = 0;
  inTime = 0;
  readonly aheadMs: number[] = [];
  vowels = 0;
  falseClosures = 0;
  openVowels = 0;
  opened = 0;
  readonly speeds: number[] = [];
  readonly correlations: number[] = [];

  quality(): Quality {
    return {
      bilabials: this.bilabials,
      closed30: this.closed30 / this.bilabials,
      closed60: this.closed60 / this.bilabials,
      inTime: this.inTime / this.bilabials,
      aheadMs: quantile(this.aheadMs, 0.5),
      falseClosures: this.falseClosures / this.vowels,
      opens: this.opened / this.openVowels,
      tooFast: this.speeds.filter((speed) => speed > MOST_MM_PER_SECOND).length / this.speeds.length,
      fastMmS: quantile(this.speeds, 0.99),
      r: mean(this.correlations),
    };
  }
}

function measureBilabials({ phones }: Spoken, lips: LipReader, tally: Tally): void {
  for (const { id, start, end } of phones) {
    if (!BILABIAL.has(id)) continue;
    tally.bilabials++;
    if (closesAt(30, start, end, lips)) tally.closed30++;
    if (closesAt(60, start, end, lips)) tally.closed60++;
    let [closed, all, sum, count] = [0, 0, 0, 0];
    for (let time = start - 0.1; time < end + 0.15; time += FINE) {
      const within = time >= start && time < end;
      if (within) all++;
      if (!lips.isClosed(time)) continue;
      if (within) closed++;
      sum += time;
      count++;
    }
    if (closed >= all / 2) tally.inTime++;
    if (count > 0) tally.aheadMs.push(((start + end) / 2 - sum / count) * 1000);
  }
}

/** Whether a display that shows `fps` frames a second shows the lips closed, whenever its frames fall. */
function closesAt(fps: number, start: number, end: number, lips: LipReader): boolean {
  return [0, 0.25, 0.5, 0.75].every((phase) => {
    const first = Math.ceil((start - 0.03) * fps - phase);
    for (let frame = first; (frame + phase) / fps <= end + 0.03; frame++) {
      if (lips.isClosed((frame + phase) / fps)) return true;
    }
    return false;
  });
}

function measureVowels({ phones }: Spoken, lips: LipReader, tally: Tally): void {
  for (const { id, start, end } of phones) {
    const length = end - start;
    if (!VOWEL.test(id) || length < SHORTEST_VOWEL) continue;
    tally.vowels++;
    let widest = 0;
    let closed = false;
    for (let time = start; time <= end; time += FINE) {
      const open = lips.open(time);
      widest = Math.max(widest, open);
      if (Math.abs(time - (start + end) / 2) < length / 6 && open < CLOSED_MM) closed = true;
    }
    if (closed) tally.falseClosures++;
    if (!OPEN_VOWEL.test(id) || length < SHORTEST_OPEN_VOWEL) continue;
    tally.openVowels++;
    if (widest > OPEN_MM) tally.opened++;
  }
}

function measureFrames(spoken: Spoken, lips: LipReader, tally: Tally): void {
  const open = Array.from({ length: Math.floor(spoken.seconds * FPS) }, (_, frame) => lips.open(frame / FPS));
  for (let frame = 1; frame < open.length; frame++) {
    tally.speeds.push(Math.abs(open[frame]! - open[frame - 1]!) * FPS);
  }
  tally.correlations.push(correlation(open, loudnessOpening(spoken, FPS, open.length)));
}
