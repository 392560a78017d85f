import type { Cue } from '../speech/cue.ts';
import type { Viseme } from '../speech/viseme.ts';

/** A speech sound with its times and, where known, its letter. */
export interface Phone {
  /** ARPAbet in lower case, without stress marks; `pau` is silence. */
  readonly id: string;
  /** Seconds in line time. */
  readonly start: number;
  readonly end: number;
  /** UTF-16 index, in the text as given, of the letter it belongs to. */
  readonly from?: number;
}

/** One shape and how strongly it is made; a diphthong has two, with the part of its time that the first takes. */
type Shape = readonly [viseme: Viseme, weight: number];
type Glide = readonly [first: Shape, second: Shape];

/** Part of a diphthong that its first vowel takes, by the usual 60/40 of English vowel charts. */
const FIRST_PART = 0.6;

/**
 * ARPAbet to visemes. Phoneme columns of Meta's viseme reference, with the usual choices where it is silent:
 * schwa and open-mid vowels with E, r-coloured ones with RR, l with nn. Reduced vowels are made weaker.
 */
const SHAPES: Readonly<Record<string, Shape | Glide>> = {
  pau: ['sil', 1],
  p: ['PP', 1],
  b: ['PP', 1],
  m: ['PP', 1],
  em: ['PP', 1],
  f: ['FF', 1],
  v: ['FF', 1],
  th: ['TH', 1],
  dh: ['TH', 0.8],
  t: ['DD', 0.9],
  d: ['DD', 0.9],
  dx: ['DD', 0.6],
  k: ['kk', 0.9],
  g: ['kk', 0.9],
  ng: ['kk', 0.7],
  ch: ['CH', 1],
  jh: ['CH', 1],
  sh: ['CH', 1],
  zh: ['CH', 1],
  s: ['SS', 1],
  z: ['SS', 1],
  n: ['nn', 0.9],
  en: ['nn', 0.9],
  nx: ['nn', 0.9],
  l: ['nn', 0.9],
  el: ['nn', 0.9],
  r: ['RR', 0.9],
  er: ['RR', 0.9],
  axr: ['RR', 0.8],
  aa: ['aa', 1],
  ae: ['aa', 0.9],
  ah: ['aa', 0.7],
  ax: ['E', 0.55],
  eh: ['E', 1],
  ih: ['I', 0.8],
  ix: ['I', 0.6],
  iy: ['I', 1],
  y: ['I', 0.9],
  ao: ['O', 1],
  uh: ['U', 0.8],
  uw: ['U', 1],
  w: ['U', 1],
  wh: ['U', 1],
  ey: [
    ['E', 1],
    ['I', 0.8],
  ],
  ay: [
    ['aa', 1],
    ['I', 0.8],
  ],
  oy: [
    ['O', 1],
    ['I', 0.8],
  ],
  ow: [
    ['O', 1],
    ['U', 0.8],
  ],
  aw: [
    ['aa', 1],
    ['U', 0.8],
  ],
};

/** h is breathed through the shape of the sound after it, this much weaker. */
const BREATH = 0.6;
const BREATHED = new Set(['hh', 'hv', 'h']);

/**
 * Cues for a run of phones: same borders, diphthongs split in two. A phone that the table does not know rests the
 * mouth rather than breaking the line.
 */
export function cuesOfPhones(phones: readonly Phone[]): Cue[] {
  const cues: Cue[] = [];
  for (const [index, phone] of phones.entries()) {
    const breath = BREATHED.has(phone.id);
    const [first, second] = shapesOf(breath ? (phones[index + 1]?.id ?? 'pau') : phone.id);
    if (breath) push(cues, [first[0], first[1] * BREATH], phone.start, phone.end, phone.from);
    else if (!second) push(cues, first, phone.start, phone.end, phone.from);
    else {
      const middle = phone.start + (phone.end - phone.start) * FIRST_PART;
      push(cues, first, phone.start, middle, phone.from);
      push(cues, second, middle, phone.end, phone.from);
    }
  }
  return cues;
}

function shapesOf(id: string): readonly [Shape, Shape?] {
  const entry = SHAPES[id] ?? SHAPES.pau!;
  return typeof entry[0] === 'string' ? [entry as Shape] : (entry as Glide);
}

function push(
  cues: Cue[],
  [viseme, weight]: Shape,
  start: number,
  end: number,
  from: number | undefined,
): void {
  if (end <= start) return;
  cues.push(from === undefined ? { viseme, start, end, weight } : { viseme, start, end, weight, from });
}
