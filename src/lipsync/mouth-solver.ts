import { VISEME_COUNT, VISEME_INDEX } from '../speech/viseme.ts';
import { CONTACT_STRENGTH, HOLD_SHARE, JAW_MM, OPEN_MM, ROUND, SPREAD, STRENGTH, VOICED } from './gesture.ts';
import { BLUR, FIRST_UNDERTONE, ROW, STEP, timeOf } from './grid.ts';
import { limitSpeed, rowsOf } from './lip-speed.ts';
import type { Loudness } from './loudness.ts';
import { LEAD, type Score } from './score.ts';
import type { Segments } from './segments.ts';
import { smoothStep } from './smooth.ts';

const PP = VISEME_INDEX.PP;
const FF = VISEME_INDEX.FF;

/** Time in which the mouth leaves rest at the start of a line, and comes to rest before its end, seconds. */
export const ONSET = 0.02;
export const RELEASE = 0.06;

/**
 * How much of each shape goes while the teeth are near: as much as it lowers the jaw, and up to 0.8, which leaves less
 * than a millimetre of the widest. Rounded lips with little jaw stay: "soon", "shoe".
 */
const NEAR = JAW_MM.map((mm) => 0.8 * Math.min(mm / 5, 1));

/**
 * Rounding of the lips that a face's own part for it adds where a vowel asks for it: a pucker of 0.7 on the characters
 * is as narrow as their U.
 */
const ROUND_SHARE = 0.7;
/** Less where the lower lip is at the teeth. */
const ROUND_AT_TEETH = 0.4;
const SPREAD_SHARE = 0.4;
/** How much of a spread consonant goes where a vowel rounds the lips: the s of "soup" is round (Öhman 1966). */
const SPREAD_IF_ROUND = 0.6;
/**
 * How much of the vowels' jaw stays behind closed lips: the jaw goes on from vowel to vowel through p b m, the lips make
 * up for it (Löfqvist & Gracco 1997). 1 is 20 mm.
 */
const JAW_SHARE = 0.35;
const JAW_SCALE = 20;

/** Widest opening that any curve asks for, millimetres. */
const WIDEST = 16;
/** Rows beside those wanted that decide about them. */
const MARGIN = rowsOf(WIDEST);

/** Rows that the mouth is ahead of its sound. */
const LEAD_ROWS = Math.round(LEAD / STEP);

/** When a line begins and ends, seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Works out rows of a curve. Holds nothing but scratch space: rows depend on score, loudness and span alone. */
class MouthSolver {
  #rows = 0;
  /** Vowels as they would be alone, by row and viseme; then all shapes but the contacts. */
  #free = new Float64Array(0);
  #laid = new Float64Array(0);
  /** Part of the face that consonants take. */
  #taken = new Float64Array(0);
  #lips = new Float64Array(0);
  #teeth = new Float64Array(0);
  #near = new Float64Array(0);
  #open = new Float64Array(0);
  #soft = new Float64Array(0);
  #scratch = new Float64Array(0);
  #undertones = new Float64Array(0);

  /** Writes rows `first` to `last` of the curve to `out`, {@link ROW} weights each, the first one at index 0. */
  solve(score: Score, loudness: Loudness, span: Span, first: number, last: number, out: Float32Array): void {
    const from = first - MARGIN;
    const rows = last - first + 1 + 2 * MARGIN;
    this.#clear(rows);
    this.#addVowels(score.vowels, loudness, from, rows);
    this.#addConsonants(score.consonants, from, rows);
    score.lips.fill(this.#lips, from, rows);
    score.teeth.fill(this.#teeth, from, rows);
    score.near.fill(this.#near, from, rows);
    for (let i = 0; i < rows; i++) this.#join(i, envelope(span, timeOf(from + i)));
    limitSpeed(this.#open, this.#soft, this.#scratch, rows);
    for (let row = 0; row <= last - first; row++) {
      this.#write(MARGIN + row, envelope(span, timeOf(first + row)), out, row * ROW);
    }
  }

  #clear(rows: number): void {
    if (rows > this.#rows) {
      this.#rows = rows;
      this.#free = new Float64Array(rows * VISEME_COUNT);
      this.#laid = new Float64Array(rows * VISEME_COUNT);
      this.#taken = new Float64Array(rows);
      this.#lips = new Float64Array(rows);
      this.#teeth = new Float64Array(rows);
      this.#near = new Float64Array(rows);
      this.#open = new Float64Array(rows);
      this.#soft = new Float64Array(rows);
      this.#scratch = new Float64Array(rows);
      this.#undertones = new Float64Array(rows * 3);
      return;
    }
    this.#free.fill(0, 0, rows * VISEME_COUNT);
    this.#laid.fill(0, 0, rows * VISEME_COUNT);
    this.#taken.fill(0, 0, rows);
    this.#lips.fill(0, 0, rows);
    this.#teeth.fill(0, 0, rows);
    this.#near.fill(0, 0, rows);
  }

  #addVowels(vowels: Segments, loudness: Loudness, from: number, rows: number): void {
    for (let i = vowels.firstAt(timeOf(from)); i < vowels.start.length; i++) {
      const begin = firstRow(vowels, i, from);
      if (begin >= rows) return;
      const end = Math.min(rows - 1, lastRow(vowels, i, from));
      const viseme = vowels.viseme[i]!;
      const strength = vowels.strength[i]!;
      const voiced = VOICED[viseme]!;
      for (let row = begin; row <= end; row++) {
        const time = timeOf(from + row);
        const louder = 1 + voiced * (loudness.openingAt(from + row + LEAD_ROWS) - 1);
        const index = row * VISEME_COUNT + viseme;
        this.#free[index] = this.#free[index]! + strength * louder * vowels.shareAt(i, time);
      }
    }
  }

  #addConsonants(consonants: Segments, from: number, rows: number): void {
    for (let i = consonants.firstAt(timeOf(from)); i < consonants.start.length; i++) {
      const begin = firstRow(consonants, i, from);
      if (begin >= rows) return;
      const end = Math.min(rows - 1, lastRow(consonants, i, from));
      const viseme = consonants.viseme[i]!;
      const strength = consonants.strength[i]!;
      const hold = HOLD_SHARE[viseme]!;
      for (let row = begin; row <= end; row++) {
        const taken = hold * consonants.shareAt(i, timeOf(from + row));
        const index = row * VISEME_COUNT + viseme;
        this.#laid[index] = this.#laid[index]! + strength * taken;
        this.#taken[row] = this.#taken[row]! + taken;
      }
    }
  }

  /** Consonants over vowels, contacts over both; the opening that comes of it, and what the vowels would ask for. */
  #join(row: number, envelope: number): void {
    const rounding = this.#roundSpread(row);
    const [lips, teeth, near] = [this.#lips[row]!, this.#teeth[row]!, this.#near[row]!];
    const apart = (1 - lips) * (1 - teeth) * envelope;
    const left = 1 - this.#taken[row]!;
    let open = OPEN_MM[FF]! * CONTACT_STRENGTH * teeth * envelope;
    let [round, spread, jaw] = [0, 0, 0];
    const end = (row + 1) * VISEME_COUNT;
    for (let index = row * VISEME_COUNT, v = 0; index < end; index++, v++) {
      const [vowel, laid] = [this.#free[index]!, this.#laid[index]!];
      if (vowel === 0 && laid === 0) continue;
      const weight = (vowel * left + laid) * (1 - NEAR[v]! * near) * apart;
      open += OPEN_MM[v]! * weight;
      round += ROUND[v]! * (vowel + laid);
      spread += SPREAD[v]! * (vowel + laid);
      jaw += JAW_MM[v]! * vowel;
      this.#free[index] = weight;
    }
    this.#open[row] = open;
    const at = row * 3;
    this.#undertones[at] = round * envelope;
    this.#undertones[at + 1] = spread * (1 - rounding) * (1 - 0.5 * near) * envelope;
    this.#undertones[at + 2] = (jaw / JAW_SCALE) * lips * (1 - teeth) * (1 - near) * envelope;
  }

  /** Consonants that spread the lips give way where a vowel rounds them. Returns how round it is, 0 to 1. */
  #roundSpread(row: number): number {
    const begin = row * VISEME_COUNT;
    let round = 0;
    for (let v = 0; v < VISEME_COUNT; v++) round += ROUND[v]! * this.#free[begin + v]!;
    const left = SPREAD_IF_ROUND * Math.min(round, 1);
    if (left === 0) return 0;
    for (let v = 0; v < VISEME_COUNT; v++) {
      const laid = this.#laid[begin + v]!;
      if (laid === 0 || SPREAD[v] === 0) continue;
      this.#laid[begin + v] = laid * (1 - left);
      this.#taken[row] = this.#taken[row]! - (laid * left) / STRENGTH[v]!;
    }
    return Math.min(round, 1);
  }

  #write(row: number, envelope: number, out: Float32Array, at: number): void {
    const [lips, teeth] = [this.#lips[row]!, this.#teeth[row]!];
    let free = 0;
    const begin = row * VISEME_COUNT;
    for (let v = 0; v < VISEME_COUNT; v++) free += OPEN_MM[v]! * this.#free[begin + v]!;
    const allowed = this.#open[row]! - OPEN_MM[FF]! * CONTACT_STRENGTH * teeth * envelope;
    const gain = free > allowed && free > 0 ? Math.max(allowed, 0) / free : 1;
    let [round, spread] = [0, 0];
    for (let v = 0; v < VISEME_COUNT; v++) {
      const weight = this.#free[begin + v]! * gain;
      round += ROUND[v]! * weight;
      spread += SPREAD[v]! * weight;
      out[at + v] = weight;
    }
    out[at + PP] = CONTACT_STRENGTH * lips * (1 - teeth) * envelope;
    out[at + FF] = CONTACT_STRENGTH * teeth * envelope;
    const wanted = row * 3;
    out[at + FIRST_UNDERTONE] =
      ROUND_SHARE * (1 - ROUND_AT_TEETH * teeth) * Math.max(this.#undertones[wanted]! - round, 0);
    out[at + FIRST_UNDERTONE + 1] = SPREAD_SHARE * Math.max(this.#undertones[wanted + 1]! - spread, 0);
    out[at + FIRST_UNDERTONE + 2] = JAW_SHARE * this.#undertones[wanted + 2]!;
  }
}

/** How far the mouth may move at a moment: not before the line, and not after it. */
function envelope({ start, end }: Span, time: number): number {
  return smoothStep((time - start - BLUR) / ONSET) * smoothStep((end - BLUR - time) / RELEASE);
}

const firstRow = (segments: Segments, index: number, from: number): number =>
  Math.max(0, Math.ceil((segments.start[index]! - segments.reach) / STEP) - from);
const lastRow = (segments: Segments, index: number, from: number): number =>
  Math.floor((segments.end[index]! + segments.reach) / STEP) - from;

/** The one solver of the page: it works from start to end of a call, and keeps nothing. */
export const solver = new MouthSolver();
