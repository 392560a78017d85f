import type { Phone } from '../../../../src/lipsync/phones.ts';
import { cuesOfPhones } from '../../../../src/lipsync/phones.ts';
import type { Cue } from '../../../../src/speech/cue.ts';
import { VISEME_INDEX, type Viseme } from '../../../../src/speech/viseme.ts';
import { correlation, quantile } from '../loudness-opening.ts';

/** Frames a second at which visemes are compared. */
export const FPS = 60;
/** A closure that is this near to a true one, seconds, is seen as the same. */
const NEAR = 0.04;
/** An onset further away than this is another sound's, seconds. */
const FURTHEST_ONSET = 0.25;
/** Shifts that are tried for the lag, frames to both sides. */
const SHIFTS = 15;

const SIL = VISEME_INDEX.sil;

/** Group of each viseme by what the lips do: closed, lip to teeth, spread, open, round, other, silence. */
const GROUPS: Readonly<Record<Viseme, number>> = {
  PP: 0,
  FF: 1,
  E: 2,
  I: 2,
  SS: 2,
  aa: 3,
  O: 4,
  U: 4,
  CH: 4,
  RR: 4,
  DD: 5,
  kk: 5,
  nn: 5,
  TH: 5,
  sil: 6,
};
const GROUP = Object.entries(GROUPS).reduce<number[]>((groups, [viseme, group]) => {
  groups[VISEME_INDEX[viseme as Viseme]] = group;
  return groups;
}, []);

const OPENINGS: Partial<Record<Viseme, number>> = { aa: 1, E: 0.6, O: 0.6, I: 0.3, U: 0.3 };
const OPENING = Object.keys(GROUPS).reduce<number[]>((openings, viseme) => {
  openings[VISEME_INDEX[viseme as Viseme]] = OPENINGS[viseme as Viseme] ?? 0;
  return openings;
}, []);

/** The Spanish b between vowels, at which lips only come near, counts as the b that it is. */
const BILABIAL = new Set(['p', 'b', 'bh', 'm', 'em']);
const VOWEL = /^(a|aa|ae|ah|ao|aw|ax|axr|ay|e|eh|er|ey|ih|ix|iy|o|ow|oy|oe|uh|uw|ux|yu)$/;

/** What is known of a piece of speech: its phones, seconds from its first sample. */
export interface Truth {
  readonly phones: readonly Phone[];
  /** Seconds. */
  readonly duration: number;
}

/** How near a set of cues came to the truth. */
export interface Accuracy {
  readonly seconds: number;
  /** Share of frames with the right one of 15 visemes, and with the right group. */
  readonly visemes: number;
  readonly groups: number;
  /** Share of p b m that a closure was shown for; closures on open vowels, a minute of vowels. */
  readonly closures: number;
  readonly falsePerMinute: number;
  /** Correlation of the mouth's opening with the true one, as it stands; the shift that is best, milliseconds: above 0 is late. */
  readonly r: number;
  readonly lagMs: number;
  /** Median distance of the beginnings of shapes from the true ones, milliseconds. */
  readonly onsetMs: number;
}

/** Adds up what is found over many pieces of speech. */
export class Judge {
  #frames = 0;
  #visemes = 0;
  #groups = 0;
  #closures = 0;
  #found = 0;
  #false = 0;
  #vowelSeconds = 0;
  #seconds = 0;
  readonly #onsets: number[] = [];
  readonly #true: number[][] = [];
  readonly #told: number[][] = [];

  /** Holds what a way of timing said against the truth. `cues` in rising order. */
  add({ phones, duration }: Truth, cues: readonly Cue[]): void {
    const right = cuesOfPhones(phones);
    const [a, b] = [labels(right, duration), labels(cues, duration)];
    this.#seconds += duration;
    this.#frames += a.length;
    for (let f = 0; f < a.length; f++) {
      if (a[f] === b[f]) this.#visemes++;
      if (GROUP[a[f]!] === GROUP[b[f]!]) this.#groups++;
    }
    this.#true.push(a.map((v) => OPENING[v]!));
    this.#told.push(b.map((v) => OPENING[v]!));
    this.#countClosures(phones, cues);
    this.#measureOnsets(right, cues);
  }

  accuracy(): Accuracy {
    const shifts = Array.from({ length: 2 * SHIFTS + 1 }, (_, i) => i - SHIFTS);
    const best = shifts
      .map((shift) => ({ shift, r: this.#correlation(shift) }))
      .reduce((one, other) => (other.r > one.r + 1e-9 ? other : one));
    return {
      seconds: this.#seconds,
      visemes: this.#visemes / this.#frames,
      groups: this.#groups / this.#frames,
      closures: this.#closures > 0 ? this.#found / this.#closures : Number.NaN,
      falsePerMinute: this.#false / (this.#vowelSeconds / 60),
      r: this.#correlation(0),
      lagMs: Number.isFinite(best.r) ? (best.shift / FPS) * 1000 : Number.NaN,
      onsetMs: quantile(this.#onsets, 0.5) * 1000,
    };
  }

  #countClosures(phones: readonly Phone[], cues: readonly Cue[]): void {
    const lips = phones.filter(({ id }) => BILABIAL.has(id));
    const told = cues.filter(({ viseme, weight }) => viseme === 'PP' && weight > 0);
    const near = (a: { start: number; end: number }, b: { start: number; end: number }): boolean =>
      a.start <= b.end + NEAR && b.start <= a.end + NEAR;
    this.#closures += lips.length;
    this.#found += lips.filter((one) => told.some((cue) => near(one, cue))).length;
    const vowels = phones.filter(({ id }) => VOWEL.test(id));
    this.#vowelSeconds += vowels.reduce((sum, { start, end }) => sum + end - start, 0);
    this.#false += told.filter(
      (cue) =>
        vowels.some((vowel) => cue.start < vowel.end && vowel.start < cue.end) &&
        !lips.some((one) => near(one, cue)),
    ).length;
  }

  #measureOnsets(right: readonly Cue[], cues: readonly Cue[]): void {
    for (const { viseme, start } of right) {
      if (viseme === 'sil') continue;
      let least = FURTHEST_ONSET;
      for (const cue of cues) {
        if (cue.viseme === viseme) least = Math.min(least, Math.abs(cue.start - start));
      }
      this.#onsets.push(least);
    }
  }

  #correlation(shift: number): number {
    const [a, b]: [number[], number[]] = [[], []];
    for (const [i, right] of this.#true.entries()) {
      const told = this.#told[i]!;
      for (let f = Math.max(0, -shift); f < Math.min(right.length, right.length - shift); f++) {
        a.push(right[f]!);
        b.push(told[f + shift]!);
      }
    }
    return correlation(a, b);
  }
}

/** Index of the strongest viseme at the centre of each frame; silence where nothing is said. */
export function labels(cues: readonly Cue[], duration: number): number[] {
  const sorted = cues.toSorted((a, b) => a.start - b.start);
  let first = 0;
  return Array.from({ length: Math.floor(duration * FPS) }, (_, frame) => {
    const time = (frame + 0.5) / FPS;
    while (first < sorted.length && sorted[first]!.end <= time) first++;
    let strongest: Cue | undefined;
    for (let i = first; i < sorted.length && sorted[i]!.start <= time; i++) {
      const cue = sorted[i]!;
      if (cue.end > time && cue.weight > (strongest?.weight ?? 0)) strongest = cue;
    }
    return strongest ? VISEME_INDEX[strongest.viseme] : SIL;
  });
}
