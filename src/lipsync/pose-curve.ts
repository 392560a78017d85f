import type { Cue } from '../speech/cue.ts';
import { InputError } from '../speech/errors.ts';
import { HOLD } from './contact.ts';
import { BLUR, ROW, STEP } from './grid.ts';
import { LOUDNESS_REACH, Loudness } from './loudness.ts';
import { ONSET, RELEASE, solver } from './mouth-solver.ts';
import { LEAD, Score } from './score.ts';
import { smoothStep } from './smooth.ts';

/** First and last time before the end at which a contact may be held, seconds; a millisecond over for rounding. */
const FIRST_CONTACT = ONSET + 2 * BLUR;
const LAST_CONTACT = RELEASE + 2 * BLUR;
/** The shortest line that has room for one held contact, seconds; a millisecond over, so that rounding takes nothing. */
export const SHORTEST = FIRST_CONTACT + HOLD + LAST_CONTACT + 0.001;

/**
 * How far back a curve may still change, seconds: a new cue that starts at `s` leaves everything before
 * `s - LOOK_AHEAD` as it was, and `end(duration)` everything before `duration - LOOK_AHEAD`. Whoever has its cues
 * this much ahead of the playhead sees the same as if all had been there from the start; with less, the mouth passes
 * over to what is new without a jump.
 */
export const LOOK_AHEAD = 0.3;

/** The same for sound, seconds. */
export const SOUND_LOOK_AHEAD = 0.16;

/** How far a cue reaches beyond its end, seconds. */
const AFTER = 0.25;

/** Time in which the mouth passes over to what came too late, seconds. */
const PASSING = 0.06;

/**
 * The cues of a line turned into smooth viseme weights over line time.
 *
 * Vowels pass into each other, also under the consonants between them; consonants made by the tongue lie over them and
 * leave the lips what they need not (Öhman 1966). Contacts (lips on p b m, lip to teeth on f v) are not left to that:
 * each is held for at least 34 ms, borrowed from its neighbours, and while it is held every other shape is exactly 0.
 * At s z sh the teeth are near for as long. The opening follows the voice's loudness where its sound is given, and
 * never changes faster than lips do: openings beside a contact are lowered instead.
 *
 * Weights are 0 to 1, sum to at most 1, and have no corners over time. `sil` is rest and always 0. The mouth is
 * {@link LEAD} ahead of the cues. It is exactly at rest at line time 0 and before, and from the duration on (a line
 * under {@link SHORTEST} may close that late).
 *
 * Baked into rows when cues or sound come, and only where they matter. A pure function of line time: any order of calls
 * gives the same, as long as what comes is {@link LOOK_AHEAD} of the last moment sampled.
 */
export class PoseCurve {
  readonly #score = new Score();
  readonly #loudness = new Loudness();
  #rows = new Float32Array(0);
  /** Rows from here on are at rest. */
  #baked = 0;
  #scratch = new Float32Array(0);
  #duration = Number.POSITIVE_INFINITY;
  #rest = Number.POSITIVE_INFINITY;
  /** The last moment sampled. */
  readonly #seen = new Float64Array(1);

  /**
   * Appends cues, in rising order; also while the line is sampled (see {@link LOOK_AHEAD}). A cue that starts before
   * the end of its predecessor gives way. A cue of weight 0 is rest; a contact of any other weight is made in full.
   * Throws {@link InputError} when a time or weight is not a finite number.
   */
  addCues(cues: readonly Cue[]): void {
    let first: number | undefined;
    try {
      for (const cue of cues) {
        const start = this.#score.add(cue);
        first ??= start;
      }
    } finally {
      if (first !== undefined) this.#bake(first + LEAD - LOOK_AHEAD, this.#score.end + AFTER);
    }
  }

  /**
   * Takes the line's next samples, from its first one on, all at the same rate (samples a second): the louder the
   * voice, the wider the mouth. Keeps none of them. Without sound, openings are those of a usual voice.
   */
  addSound(samples: Int16Array, sampleRate: number): void {
    const before = this.#loudness.rows;
    this.#loudness.push(samples, sampleRate);
    this.#bake(before * STEP - SOUND_LOOK_AHEAD, this.#loudness.rows * STEP + LOUDNESS_REACH + AFTER);
  }

  /** The line is `duration` seconds long: the mouth comes to rest by then. Throws {@link InputError} unless 0 or more. */
  end(duration: number): void {
    if (!(duration >= 0)) throw new InputError('duration of a line', 'seconds, 0 or more', String(duration));
    this.#duration = duration;
    // An end that is told too late leaves the mouth time to close.
    this.#rest = Math.max(duration, SHORTEST, Math.min(this.#seen[0]!, duration) + LAST_CONTACT);
    this.#bake(duration - LOOK_AHEAD, Number.POSITIVE_INFINITY);
  }

  /**
   * Writes the weights at `lineTime` (seconds, any number) to `out`: 15 in the order of `VISEMES`, and where it is longer
   * the undertones. Allocates nothing.
   */
  sample(lineTime: number, out: Float32Array): void {
    this.#seen[0] = lineTime;
    this.sampleAt(this.#seen, 0, out);
  }

  /** The same at the line time that stands in `times[field]`: a number that is handed over may be allocated. */
  sampleAt(times: Float64Array, field: number, out: Float32Array): void {
    const lineTime = times[field]!;
    this.#seen[0] = lineTime;
    const length = Math.min(out.length, ROW);
    if (!(lineTime > 0 && lineTime < this.#rest)) {
      for (let w = 0; w < length; w++) out[w] = 0;
      return;
    }
    // A quadratic spline: no corners, and never outside what the three rows around the moment span.
    const place = lineTime / STEP;
    const middle = Math.round(place);
    const side = place - middle;
    const before = 0.5 * (0.5 - side) * (0.5 - side);
    const after = 0.5 * (0.5 + side) * (0.5 + side);
    const at = middle * ROW;
    const rows = this.#rows;
    if (middle >= 1 && middle + 1 < this.#baked) {
      for (let w = 0; w < length; w++) {
        out[w] =
          before * rows[at + w - ROW]! + (1 - before - after) * rows[at + w]! + after * rows[at + w + ROW]!;
      }
      return;
    }
    // Before the first row and after the last everything rests, and so do the rows themselves.
    for (let w = 0; w < length; w++) out[w] = 0;
  }

  /** Works out again what lies between two moments. */
  #bake(from: number, to: number): void {
    const { lips, teeth, near } = this.#score;
    const last = this.#rest - LAST_CONTACT;
    const heardUntil = this.#duration > 0 ? Math.max(this.#duration - LEAD, Number.MIN_VALUE) : 0;
    lips.place(FIRST_CONTACT, last, heardUntil);
    teeth.place(FIRST_CONTACT, last, heardUntil, lips);
    near.place(FIRST_CONTACT, last, heardUntil);

    const end = Math.ceil(Math.min(to, this.#score.end + AFTER) / STEP);
    let first = Math.max(0, Math.floor(from / STEP));
    const seen = this.#seen[0]!;
    // Rows that the last moment was read from stay; after them the mouth passes over.
    const late = seen > 0 && first < Math.round(seen / STEP) + 2;
    if (late) first = Math.round(seen / STEP) + 2;
    if (first > end) return;
    this.#reserve(end + 1);
    const count = end - first + 1;
    if (this.#scratch.length < count * ROW) this.#scratch = new Float32Array(count * ROW);
    solver.solve(this.#score, this.#loudness, { start: 0, end: this.#rest }, first, end, this.#scratch);
    for (let row = 0; row < count; row++) {
      const share = late ? smoothStep(((row + 1) * STEP) / PASSING) : 1;
      const at = (first + row) * ROW;
      for (let w = 0; w < ROW; w++) {
        const before = this.#rows[at + w]!;
        this.#rows[at + w] =
          share < 1
            ? before + (this.#scratch[row * ROW + w]! - before) * share
            : this.#scratch[row * ROW + w]!;
      }
    }
    this.#baked = Math.max(this.#baked, end + 1);
  }

  #reserve(rows: number): void {
    if (this.#rows.length >= rows * ROW) return;
    const grown = new Float32Array(Math.max(rows, Math.ceil((1.5 * this.#rows.length) / ROW)) * ROW);
    grown.set(this.#rows);
    this.#rows = grown;
  }
}
