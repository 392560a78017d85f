import type { Cue } from '../speech/cue.ts';
import { InputError } from '../speech/errors.ts';
import { VISEME_COUNT, VISEME_INDEX } from '../speech/viseme.ts';
import { ContactTrack, HOLD } from './contact.ts';
import { CONTACT_STRENGTH, FURTHEST, LEAD, REACH, STRENGTH } from './gesture.ts';
import { bellStep, smoothStep, softLimit } from './smooth.ts';

/** Time in which the mouth leaves rest at the start of a line, seconds. */
const ONSET = 0.04;
/** Time in which it comes to rest before the end of the sound, seconds. */
const RELEASE = 0.06;
/** The shortest line that has room for one held contact, seconds; a millisecond over, so that rounding takes nothing. */
const SHORTEST = ONSET + HOLD + RELEASE + 0.001;

/**
 * How far back a curve may still change, seconds: a new cue that starts at `s` leaves everything before
 * `s - LOOK_AHEAD` as it was, and `end(duration)` everything before `duration - LOOK_AHEAD`. Whoever has its cues
 * this much ahead of the playhead sees no jump.
 */
export const LOOK_AHEAD = 0.25;

/** Cues closer than this follow each other without a pause, seconds. */
const ADJOINING = 0.02;

const PP = VISEME_INDEX.PP;
const FF = VISEME_INDEX.FF;

/**
 * The cues of a line turned into smooth viseme weights over line time.
 *
 * The cues are a row of steps, each as high as its shape is strong. Seen through a bell as wide as a movement of the
 * mouth takes, they overlap, anticipate and carry over; a short shape does not reach its full strength, and a vowel
 * takes on something of its neighbours. Contacts (lips on p b m, lip to teeth on f v) are not left to that: each is
 * held for at least 34 ms, borrowed from its neighbours, and while it is held every other shape is exactly 0. A
 * contact lies on top of the row of steps, whose shapes go on below it (Öhman 1966: consonants are laid over a stream
 * of vowels), so that a short vowel between two closures still opens.
 *
 * Weights are 0 to 1, sum to at most 1, and have no corners over time. `sil` is rest and always 0. The mouth is
 * exactly at rest at line time 0 and before, and from the duration on (a line under 135 ms may close that late).
 * A pure function of line time: any order of calls gives the same.
 */
export class PoseCurve {
  readonly #start: number[] = [];
  readonly #end: number[] = [];
  readonly #viseme: number[] = [];
  readonly #strength: number[] = [];
  readonly #lips = new ContactTrack();
  readonly #teeth = new ContactTrack();
  /** At the moment that is sampled: how far lips and teeth are in contact, and what is left for all other shapes. */
  readonly #made = new Float64Array(3);
  /** End of the last cue. */
  #known = 0;
  /** Middle of the last contact: a shape that follows at once begins here. */
  #seam = 0;
  /** The last cue, where it was a contact: its viseme; else -1. */
  #lastContact = -1;
  /** The last cue, where it was another shape: its index; else -1. */
  #lastShape = -1;
  #duration = Number.POSITIVE_INFINITY;
  #rest = Number.POSITIVE_INFINITY;

  /**
   * Appends cues, in rising order; also while the line is sampled (see {@link LOOK_AHEAD}). A cue that starts before
   * the end of its predecessor gives way. A cue of weight 0 is rest; a contact of any other weight is made in full.
   * Throws {@link InputError} when a time or weight is not a finite number.
   */
  addCues(cues: readonly Cue[]): void {
    for (const cue of cues) this.#add(cue);
    this.#place();
  }

  /** The line is `duration` seconds long: the mouth comes to rest by then. Throws {@link InputError} unless 0 or more. */
  end(duration: number): void {
    if (!(duration >= 0)) throw new InputError('duration of a line', 'seconds, 0 or more', String(duration));
    this.#duration = duration;
    this.#rest = Math.max(duration, SHORTEST);
    this.#place();
  }

  /** Writes the weights at `lineTime` (seconds, any number) to `out[0..14]`, in the order of `VISEMES`. Allocates nothing. */
  sample(lineTime: number, out: Float32Array): void {
    for (let v = 0; v < VISEME_COUNT; v++) out[v] = 0;
    if (!(lineTime > 0 && lineTime < this.#rest)) return;
    this.#lips.sample(lineTime, this.#made, 0);
    this.#teeth.sample(lineTime, this.#made, 1);
    const lips = this.#made[0]!;
    const teeth = this.#made[1]!;
    const envelope = smoothStep(lineTime / ONSET) * smoothStep((this.#rest - lineTime) / RELEASE);
    this.#made[2] = (1 - lips) * (1 - teeth) * envelope;
    if (this.#made[2] > 0) this.#sampleFree(lineTime, out);
    out[PP] = CONTACT_STRENGTH * lips * (1 - teeth) * envelope;
    out[FF] = CONTACT_STRENGTH * teeth * envelope;
  }

  /** All shapes but the contacts, scaled to what those leave. */
  #sampleFree(time: number, out: Float32Array): void {
    let sum = 0;
    for (let i = this.#firstAt(time); i < this.#start.length; i++) {
      if (this.#start[i]! - FURTHEST >= time) break;
      const v = this.#viseme[i]!;
      const reach = REACH[v]!;
      const ahead = time + LEAD[v]!;
      const share = bellStep((this.#end[i]! - ahead) / reach) - bellStep((this.#start[i]! - ahead) / reach);
      const weight = this.#strength[i]! * share;
      out[v] = out[v]! + weight;
      sum += weight;
    }
    if (sum <= 0) return;
    const scale = (this.#made[2]! * softLimit(sum)) / sum;
    for (let v = 0; v < VISEME_COUNT; v++) out[v] = out[v]! * scale;
  }

  /** Index of the first shape that still reaches `time`. */
  #firstAt(time: number): number {
    let low = 0;
    let high = this.#end.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#end[middle]! + FURTHEST > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #add(cue: Cue): void {
    if (!Number.isFinite(cue.start) || !Number.isFinite(cue.end) || !Number.isFinite(cue.weight)) {
      throw new InputError('cue', 'finite start, end and weight', JSON.stringify(cue));
    }
    const start = Math.max(cue.start, this.#known);
    const end = Math.max(cue.end, start);
    const viseme = VISEME_INDEX[cue.viseme];
    const apart = start - this.#known > ADJOINING;
    this.#known = end;
    if (cue.weight > 0 && (viseme === PP || viseme === FF)) this.#addContact(viseme, start, end, apart);
    else if (end > start) this.#addShape(viseme, STRENGTH[viseme]! * clamp(cue.weight), start, end, apart);
  }

  #addContact(viseme: number, start: number, end: number, apart: boolean): void {
    const track = viseme === PP ? this.#lips : this.#teeth;
    track.add(start, end, viseme === this.#lastContact && !apart);
    this.#seam = (start + end) / 2;
    if (this.#lastShape >= 0 && !apart) this.#end[this.#lastShape] = this.#seam;
    this.#lastContact = viseme;
    this.#lastShape = -1;
  }

  #addShape(viseme: number, strength: number, start: number, end: number, apart: boolean): void {
    const from = this.#lastContact >= 0 && !apart ? this.#seam : start;
    this.#lastContact = -1;
    this.#lastShape = -1;
    if (strength === 0) return;
    this.#lastShape = this.#start.push(from) - 1;
    this.#end.push(end);
    this.#viseme.push(viseme);
    this.#strength.push(strength);
  }

  /** Closed lips take the place they need; lip to teeth what those leave. */
  #place(): void {
    const last = this.#rest - RELEASE;
    this.#lips.place(ONSET, last, this.#duration);
    this.#teeth.place(ONSET, last, this.#duration, this.#lips);
  }
}

const clamp = (weight: number): number => Math.min(Math.max(weight, 0), 1);
