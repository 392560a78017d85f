import type { Cue, WordMark } from '../../speech/cue.ts';
import { VISEMES } from '../../speech/viseme.ts';
import { Evidence } from './evidence.ts';
import { Hearing, type SoundModel } from './hearing.ts';
import { Listener } from './listener.ts';
import { HOP } from './mel.ts';
import { Onset } from './onset.ts';
import { ServiceTimes, type TimesRepair } from './service-times.ts';
import { ShiftFinder } from './shift-finder.ts';
import { SOUND_COUNT } from './sounds.ts';

/** What was wrong with the times of a service, and what was done about it. */
export interface TimingRepair {
  /**
   * `unit`: times were no seconds; `restart`: they began anew within the line; `shift`: they were all early or late;
   * `absent`: speech was heard for which no cue had come.
   */
  readonly kind: 'unit' | 'restart' | 'shift' | 'absent';
  readonly of: 'cues' | 'words';
  /**
   * `unit`: seconds in one unit of the times. `restart` and `shift`: seconds that are added to them; below 0 they were
   * late. `absent`: seconds that were shown by ear.
   */
  readonly amount: number;
  /** Line time from which it holds, seconds. */
  readonly at: number;
}

interface MendedTimes {
  readonly cues: Cue[];
  readonly words: WordMark[];
  readonly repairs: TimingRepair[];
}

/** A cue or word is given on when so much sound after its start is understood, seconds. */
export const MEND_LEAD_SECONDS = 0.05;
/** A mouth may be in place so long before the first sound, seconds: the closure of a stop. Longer: a silence was not counted. */
const BEFORE_SOUND = 0.1;
/** Where the first cue is put then, before the first sound, seconds. */
const IN_PLACE = 0.03;
/** Speech that is heard so long without a cue is followed by ear, frames; it is speech where silence is less likely than this. */
const ABSENT = 15;
const SILENCE = 0.4;
/** How far behind the ear decides, frames, and how strongly a shape is made that is only heard. */
const LAG = 4;
const HEARD_WEIGHT = 0.9;

/**
 * Holds the times of a service against the sound while a line arrives, and puts right what is wrong with them: their unit, a
 * zero that starts anew, a silence that was not counted, marks that are all late or early, marks that do not come.
 * Times that fit are given on as they are.
 */
export class Mender {
  readonly #hearing: Hearing;
  readonly #evidence = new Evidence();
  readonly #listener = new Listener(LAG);
  readonly #onset: Onset;
  readonly #cues = new ServiceTimes<Cue>();
  readonly #words = new ServiceTimes<WordMark>();
  readonly #finder = new ShiftFinder();
  readonly #patience: number;
  #repairs: TimingRepair[] = [];
  #frames = 0;
  /** Seconds added to times now, and line time up to which cues were given on. */
  #shift = 0;
  #reached = 0;
  #spoken = false;
  /** Frames of speech in a row for which no cue had come; seconds that were shown by ear. */
  #missing = 0;
  #byEar = 0;
  #byEarFrom = 0;

  /** `sampleRate` in samples a second; `patienceSeconds`: how long after their sound the service may send cues. */
  constructor(model: SoundModel, sampleRate: number, patienceSeconds = 0) {
    this.#hearing = new Hearing(model, sampleRate);
    this.#onset = new Onset(sampleRate);
    this.#patience = patienceSeconds;
  }

  /** Times of a service are held against its sound alone. */
  addText(): void {}

  /** Cues as the service sends them. */
  addCues(cues: readonly Cue[]): void {
    const known = this.#cues.all.length;
    this.#note('cues', this.#cues.add(cues));
    this.#finder.addCues(this.#cues.all.slice(known));
  }

  /** Words as the service sends them. */
  addWords(words: readonly WordMark[]): void {
    this.#note('words', this.#words.add(words));
  }

  /** The next samples, and what is given on by them. Keeps none of them. */
  push(samples: Int16Array): MendedTimes {
    this.#onset.push(samples);
    this.#hearing.push(samples);
    this.#listen();
    return this.#give(this.#frames * HOP - MEND_LEAD_SECONDS);
  }

  /** The line is whole: all that is left. */
  end(): MendedTimes {
    this.#hearing.end();
    this.#listen();
    this.#listener.end();
    const left = this.#give(Number.POSITIVE_INFINITY);
    if (this.#byEar > 0) {
      left.repairs.push({ kind: 'absent', of: 'cues', amount: this.#byEar, at: this.#byEarFrom });
    }
    return left;
  }

  #listen(): void {
    const [hearing, evidence] = [this.#hearing, this.#evidence];
    for (; this.#frames < hearing.count; this.#frames++) {
      evidence.read(hearing.scores, this.#frames * SOUND_COUNT);
      this.#listener.push(evidence.visemes);
      const late = this.#frames * HOP > this.#cues.horizon + this.#shift + this.#patience;
      this.#missing = late && evidence.visemes[0]! < SILENCE ? this.#missing + 1 : 0;
      const shift = this.#finder.push(evidence.visemes, this.#shift);
      if (shift !== undefined && this.#onset.seconds !== undefined) this.#move(shift);
    }
  }

  #move(shift: number): void {
    this.#shift = shift;
    this.#repairs.push({ kind: 'shift', of: 'cues', amount: shift, at: this.#reached });
  }

  #note(of: 'cues' | 'words', found: readonly TimesRepair[]): void {
    for (const one of found) this.#repairs.push({ ...one, of });
  }

  /** Gives on what starts before `until`, line time. */
  #give(until: number): MendedTimes {
    const cues: Cue[] = [];
    this.#giveCues(cues, until);
    if (this.#missing >= ABSENT || this.#byEar > 0) this.#follow(cues, until);
    const words = this.#words.take(({ start }) => start + this.#shift <= until);
    const repairs = this.#repairs;
    this.#repairs = [];
    return { cues, words: words.map((word) => this.#moved(word)), repairs };
  }

  #giveCues(given: Cue[], until: number): void {
    for (;;) {
      const cue = this.#cues.after(this.#reached - this.#shift);
      if (!cue) return;
      const silent = cue.viseme === 'sil' || cue.weight === 0;
      // Nothing is silence too: it need not be told before it is over, and may still turn out to be shorter.
      if ((silent ? cue.end : cue.start) + this.#shift > until) return;
      if (!silent && !this.#spoken) {
        if (!this.#mayBegin(cue.start, until)) return;
        this.#spoken = true;
      }
      const start = Math.max(cue.start + this.#shift, this.#reached);
      const end = cue.end + this.#shift;
      given.push(start === cue.start && end === cue.end ? cue : { ...cue, start, end });
      this.#reached = end;
    }
  }

  /** The first shape is not made long before there is sound. */
  #mayBegin(start: number, until: number): boolean {
    const sound = this.#onset.seconds;
    if (sound === undefined) return until === Number.POSITIVE_INFINITY;
    if (sound - (start + this.#shift) > BEFORE_SOUND) {
      this.#move(sound - IN_PLACE - start);
      return start + this.#shift <= until;
    }
    return true;
  }

  /** Shows what is heard, from where there is nothing else to show. */
  #follow(given: Cue[], until: number): void {
    const decided = this.#listener.decisions;
    const last = Math.min(decided.length, Math.floor((until - this.#patience) / HOP));
    const begun = this.#reached;
    for (let frame = Math.ceil(this.#reached / HOP - 1e-9); frame < last; frame++) {
      if (this.#cues.after(frame * HOP - this.#shift)) break;
      const viseme = VISEMES[decided[frame]!]!;
      given.push({ viseme, start: this.#reached, end: (frame + 1) * HOP, weight: HEARD_WEIGHT });
      this.#reached = (frame + 1) * HOP;
    }
    if (this.#byEar === 0) this.#byEarFrom = begun;
    this.#byEar += this.#reached - begun;
  }

  #moved(word: WordMark): WordMark {
    if (this.#shift === 0) return word;
    const start = Math.max(word.start + this.#shift, 0);
    return { ...word, start, end: Math.max(word.end + this.#shift, start) };
  }
}
