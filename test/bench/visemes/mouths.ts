import { PoseCurve } from '../../../src/lipsync/pose-curve.ts';
import type { Cue } from '../../../src/speech/cue.ts';
import { VISEME_INDEX, type Viseme } from '../../../src/speech/viseme.ts';
import type { Spoken } from './spoken.ts';

/** What can be read like a pose curve. */
export interface Mouth {
  sample(lineTime: number, out: Float32Array): void;
}

/** A way of making a mouth of a spoken sentence. */
export interface Maker {
  readonly name: string;
  /** Whether it must be found wanting. */
  readonly faulty: boolean;
  make(spoken: Spoken): Mouth;
}

function curveOf({ samples, sampleRate, seconds }: Spoken, cues: readonly Cue[], heard = true): PoseCurve {
  const curve = new PoseCurve();
  curve.addCues(cues);
  if (heard) curve.addSound(samples, sampleRate);
  curve.end(seconds);
  return curve;
}

const without = (contacts: readonly Viseme[], by: Viseme) => (cue: Cue) =>
  contacts.includes(cue.viseme) ? { ...cue, viseme: by } : cue;

/** Each cue's shape for itself, faded in and out within 80 ms: the way of most players of visemes. */
class Ramps implements Mouth {
  readonly #cues: readonly Cue[];

  constructor(cues: readonly Cue[]) {
    this.#cues = cues;
  }

  sample(time: number, out: Float32Array): void {
    out.fill(0);
    for (const { viseme, start, end, weight } of this.#cues) {
      const share = Math.min((time - start + 0.04) / 0.08, (end + 0.04 - time) / 0.08, 1);
      const v = VISEME_INDEX[viseme];
      if (share > 0 && viseme !== 'sil') out[v] = Math.min(out[v]! + 0.8 * share * weight, 1);
    }
  }
}

/** The pose curve. */
export const CURVE: Maker = {
  name: 'pose curve',
  faulty: false,
  make: (spoken) => curveOf(spoken, spoken.cues),
};

/** The pose curve for a service whose sound is not looked at. */
export const UNHEARD: Maker = {
  name: 'without its sound',
  faulty: false,
  make: (spoken) => curveOf(spoken, spoken.cues, false),
};

/** Faults that the measures must find. */
export const FAULTS: readonly Maker[] = [
  {
    name: 'contacts removed',
    faulty: true,
    make: (spoken) => curveOf(spoken, spoken.cues.map(without(['PP', 'FF'], 'nn'))),
  },
  {
    name: 'delayed 80 ms',
    faulty: true,
    make(spoken) {
      const curve = curveOf(spoken, spoken.cues);
      return { sample: (time, out) => curve.sample(time - 0.08, out) };
    },
  },
  {
    name: 'vowels closed',
    faulty: true,
    make: (spoken) => curveOf(spoken, spoken.cues.map(without(['E', 'I'], 'sil'))),
  },
  { name: 'linear ramps', faulty: true, make: (spoken) => new Ramps(spoken.cues) },
];
