import type { Cue } from '../speech/cue.ts';
import { InputError } from '../speech/errors.ts';
import { VISEME_INDEX } from '../speech/viseme.ts';
import { ContactTrack } from './contact.ts';
import { MANNERS, ROUND, STRENGTH } from './gesture.ts';
import { Segments } from './segments.ts';

/**
 * How much the mouth is ahead of the sound, seconds. In connected speech it may be 20 ms behind to 70 ms ahead
 * (Schwartz & Savariaux 2014); people accept a mouth that is early sooner than one that is late.
 */
export const LEAD = 0.015;

/*
 * A movement of jaw and lips from rest to target takes 100 to 150 ms in fluent speech, one of the tongue or of a lip
 * alone 70 to 100 ms (Gracco 1988; Löfqvist & Gracco 1997). Reach is half of it.
 */
const VOWEL_REACH = 0.065;
const CONSONANT_REACH = 0.045;

/** Cues closer than this follow each other without a pause, seconds. */
const ADJOINING = 0.02;
/** Contacts of one kind that are no further apart than this, with no vowel between, are one, seconds: lips do not part and meet in less. */
const MERGING = 0.06;

/** Where between two vowels one passes into the other, as a part of the consonants between them. */
const SEAM = 0.5;
/** The same where the lips round: rounding spreads over the consonants before it (Abry & Lallouache 1995). */
const ROUND_SEAM = 0.2;
/** No vowel goes on longer than this under the consonants after it, or begins longer before its own time, seconds. */
const CARRY = 0.1;
const ANTICIPATION = 0.12;
/** A vowel with at least so much rounding is a round one. */
const ROUNDED = 0.6;

const PP = VISEME_INDEX.PP;

/**
 * The cues of a line as the mouth plays them: a stream of vowels, consonants laid over it (Öhman 1966), and contacts,
 * which are kept apart because nothing may take from them. All times are {@link LEAD} ahead of the cues.
 */
export class Score {
  readonly vowels = new Segments(VOWEL_REACH);
  readonly consonants = new Segments(CONSONANT_REACH);
  readonly lips = new ContactTrack();
  readonly teeth = new ContactTrack();
  readonly near = new ContactTrack();
  /** End of the last cue. */
  #known = 0;
  /** The vowel that goes on under consonants: its index; -1 after rest. */
  #vowel = -1;
  /** Where the consonants after the last vowel, or after rest, begin; undefined where there are none. */
  #cluster: number | undefined;
  /** End of the last contact of each kind since the last vowel. */
  readonly #touched = new Map<ContactTrack, number>();

  /** Takes a cue; they come in rising order. Returns the moment it begins at, or undefined where it has no length. */
  add(cue: Cue): number | undefined {
    if (!Number.isFinite(cue.start) || !Number.isFinite(cue.end) || !Number.isFinite(cue.weight)) {
      throw new InputError('cue', 'finite start, end and weight', JSON.stringify(cue));
    }
    const start = Math.max(cue.start - LEAD, this.#known);
    const end = Math.max(cue.end - LEAD, start);
    const weight = Math.min(Math.max(cue.weight, 0), 1);
    const viseme = VISEME_INDEX[cue.viseme];
    const manner = weight > 0 ? MANNERS[viseme]! : 'rest';
    if (start - this.#known > ADJOINING) this.#rest(this.#known);
    this.#known = end;
    if (manner === 'contact') this.#contact(viseme === PP ? this.lips : this.teeth, start, end);
    else if (end === start) return undefined;
    else if (manner === 'rest') this.#rest(start);
    else if (manner === 'vowel') this.#sound(viseme, STRENGTH[viseme]! * weight, start, end);
    else {
      this.#lay(start, end);
      this.consonants.add(start, end, viseme, STRENGTH[viseme]! * weight);
      if (manner === 'near') this.#touch(this.near, start, end);
    }
    return start;
  }

  /** End of the last cue, seconds. */
  get end(): number {
    return this.#known;
  }

  #contact(track: ContactTrack, start: number, end: number): void {
    this.#lay(start, end);
    this.#touch(track, start, end);
  }

  #touch(track: ContactTrack, start: number, end: number): void {
    const before = this.#touched.get(track);
    track.add(start, end, before !== undefined && start - before <= MERGING);
    this.#touched.set(track, end);
  }

  /** A consonant: the vowel before it goes on below, until more is known. */
  #lay(start: number, end: number): void {
    this.#cluster ??= start;
    if (this.#vowel >= 0) this.vowels.end[this.#vowel] = Math.min(end, this.#cluster + CARRY);
  }

  #sound(viseme: number, strength: number, start: number, end: number): void {
    let from = start;
    if (this.#cluster !== undefined) {
      const before = this.#vowel < 0 ? 0 : ROUND[this.vowels.viseme[this.#vowel]!]!;
      const rounds = ROUND[viseme]! >= ROUNDED && before < ROUNDED;
      const share = (rounds ? ROUND_SEAM : SEAM) * (start - this.#cluster);
      from = Math.max(this.#cluster + share, start - ANTICIPATION);
      if (this.#vowel >= 0) this.vowels.end[this.#vowel] = Math.min(from, this.#cluster + CARRY);
    }
    this.#vowel = this.vowels.add(from, end, viseme, strength);
    this.#cluster = undefined;
    this.#touched.clear();
  }

  /** The mouth rests from `start` on. */
  #rest(start: number): void {
    if (this.#cluster !== undefined && this.#vowel >= 0) {
      const seam = this.#cluster + SEAM * (start - this.#cluster);
      this.vowels.end[this.#vowel] = Math.min(seam, this.#cluster + CARRY);
    }
    this.#vowel = -1;
    this.#cluster = undefined;
  }
}
