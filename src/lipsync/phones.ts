import type { Cue } from '../speech/cue.ts';
import type { Viseme } from '../speech/viseme.ts';

/** A speech sound with its times and, where known, its letter. */
export interface Phone {
  /**
   * ARPAbet in lower case, without stress marks; `pau` is silence. For what English lacks: `a` `e` `o` pure vowels, `yu`
   * `oe` `ux` (y, ø, ɯ), `bh` (β), `rt` `rr` `rh` (tapped, trilled, uvular r), `x` `cc` (ach, ich), `ny` `ly` (ɲ, ʎ).
   */
  readonly id: string;
  /** Seconds in line time. */
  readonly start: number;
  readonly end: number;
  /** UTF-16 index, in the text as given, of the letter it belongs to. */
  readonly from?: number;
}

/** One shape and how strongly it is made; a diphthong has two, with the part of its time that the first takes. */
type Shape = readonly [viseme: Viseme, weight: number];
type Shapes = readonly [first: Shape, second?: Shape];

/** Part of a diphthong that its first vowel takes, by the usual 60/40 of English vowel charts. */
const FIRST_PART = 0.6;

/**
 * ARPAbet to visemes. Phoneme columns of Meta's viseme reference, with the usual choices where it is silent:
 * schwa and open-mid vowels with E, r-coloured ones with RR, l and ng with nn. Reduced vowels are made weaker.
 */
const SHAPES: ReadonlyMap<string, Shapes> = new Map(
  Object.entries({
    pau: one('sil', 1),
    p: one('PP', 1),
    b: one('PP', 1),
    m: one('PP', 1),
    em: one('PP', 1),
    f: one('FF', 1),
    v: one('FF', 1),
    th: one('TH', 1),
    dh: one('TH', 0.8),
    t: one('DD', 0.9),
    d: one('DD', 0.9),
    dx: one('DD', 0.6),
    k: one('kk', 0.9),
    g: one('kk', 0.9),
    ng: one('nn', 0.8),
    ch: one('CH', 1),
    jh: one('CH', 1),
    sh: one('CH', 1),
    zh: one('CH', 1),
    s: one('SS', 1),
    z: one('SS', 1),
    n: one('nn', 0.9),
    en: one('nn', 0.9),
    nx: one('nn', 0.9),
    l: one('nn', 0.9),
    el: one('nn', 0.9),
    r: one('RR', 0.9),
    er: one('RR', 0.9),
    axr: one('RR', 0.8),
    aa: one('aa', 1),
    ae: one('aa', 0.9),
    ah: one('aa', 0.7),
    ax: one('E', 0.55),
    eh: one('E', 1),
    ih: one('I', 0.8),
    ix: one('I', 0.6),
    iy: one('I', 1),
    y: one('I', 0.9),
    ao: one('O', 1),
    uh: one('U', 0.8),
    uw: one('U', 1),
    w: one('U', 1),
    wh: one('U', 1),
    ey: glide(['E', 1], ['I', 0.8]),
    ay: glide(['aa', 1], ['I', 0.8]),
    oy: glide(['O', 1], ['I', 0.8]),
    ow: glide(['O', 1], ['U', 0.8]),
    aw: glide(['aa', 1], ['U', 0.8]),
    // Sounds that English lacks. A rounded front vowel is shown by what its lips do.
    a: one('aa', 1),
    e: one('E', 1),
    o: one('O', 1),
    yu: one('U', 1),
    oe: one('O', 0.9),
    ux: one('U', 0.6),
    bh: one('PP', 1),
    rt: one('RR', 0.7),
    rr: one('RR', 0.9),
    rh: one('RR', 0.6),
    x: one('kk', 0.7),
    cc: one('SS', 0.8),
    ny: one('nn', 0.9),
    ly: one('nn', 0.9),
  }),
);

const REST: Shapes = one('sil', 1);

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

function shapesOf(id: string): Shapes {
  return SHAPES.get(id) ?? REST;
}

function one(viseme: Viseme, weight: number): Shapes {
  return [[viseme, weight]];
}

function glide(first: Shape, second: Shape): Shapes {
  return [first, second];
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
