import { BREATH, SHAPES } from './evidence.ts';
import { SILENCE, SOUNDS, soundsOf } from './sounds.ts';

/** A phone that a text asks for, and the letter that writes it. */
export interface AskedPhone {
  /** As `Phone.id`. */
  readonly id: string;
  /** UTF-16 index in the text. */
  readonly from: number;
  /** Number of the word it belongs to, from 0. */
  readonly word: number;
  /** Often left out in speech. */
  readonly mute?: boolean;
}

/** How a sound lasts, frames of 10 ms: the least, and the usual. */
interface Lasting {
  readonly least: number;
  readonly usual: number;
}

/** Usual lengths by class in fluent speech (Umeda 1975 and 1977, Crystal & House 1988), of all languages alike. */
const LASTING: readonly (readonly [RegExp, Lasting])[] = [
  [/^pau$/, { least: 3, usual: 20 }],
  [/^(dx|rr|rt)$/, { least: 1, usual: 4 }],
  [/^(p|t|k)$/, { least: 3, usual: 9 }],
  [/^(b|d|g|bh)$/, { least: 2, usual: 7 }],
  [/^(ch|jh|sh|s)$/, { least: 4, usual: 11 }],
  [/^(f|th|x|z|zh|rh)$/, { least: 3, usual: 9 }],
  [/^(v|dh|hh|w|y|l|r|n|ng|m)$/, { least: 2, usual: 7 }],
  [/^(ax|ih|uh|ux)$/, { least: 2, usual: 6 }],
  [/./, { least: 3, usual: 10 }],
];
const LAST: readonly Lasting[] = SOUNDS.map((id) => LASTING.find(([pattern]) => pattern.test(id))![1]);

/** How long a sound lasts in fluent speech, seconds. */
export function usualSeconds(sound: number): number {
  return LAST[sound]!.usual / 100;
}

/** One sound that a text asks for; a phone is one or two. */
export interface Unit {
  readonly sound: number;
  /** Index in `VISEMES`. */
  readonly viseme: number;
  readonly weight: number;
  readonly from: number;
  /** -1 for a pause. */
  readonly word: number;
  /** What may be left out: what it costs to make it, natural logarithm; 0 or below. */
  readonly optional: number | undefined;
  /** Stands for whatever else is said before the next word: see {@link Script}. */
  readonly other: boolean;
  /** First of its states. */
  readonly state: number;
  readonly states: number;
  /** Log probability of staying in its last state, and of leaving it. */
  readonly stay: number;
  readonly leave: number;
}

/** What a pause between two words costs, after a mark and without one. */
const PAUSE_AT_MARK = -0.4;
const PAUSE_BETWEEN = -3.5;
/** What a sound costs that is often left out. */
const MUTE = -1;

/** What it costs to leave the text between two words for something else that is said, and how long that lasts, frames. */
const LEAVING = -25;
const ELSEWHERE: Lasting = { least: 8, usual: 60 };

/**
 * The sounds of a text in a row, with the pauses that may lie between them, and before each word a unit for whatever is
 * said that is no part of the text. Grows while the text is being written.
 */
export class Script {
  readonly units: Unit[] = [];
  /** Unit of each state. */
  readonly unitOf: number[] = [];
  /** Last state of each unit that stands for something else, in rising order. */
  readonly others: number[] = [];
  #word = -1;
  #breath: { phone: AskedPhone }[] = [];

  constructor() {
    this.#add(SILENCE, 0, -1, 0);
  }

  /** Number of states. */
  get states(): number {
    return this.unitOf.length;
  }

  /** Appends phones of whole words. `marked`: a mark of punctuation stands before the first of them. */
  append(phones: readonly AskedPhone[], marked: (word: number) => boolean): void {
    for (const phone of phones) {
      if (phone.word !== this.#word) {
        if (this.#word >= 0) {
          this.#add(SILENCE, phone.from, -1, marked(phone.word) ? PAUSE_AT_MARK : PAUSE_BETWEEN);
        }
        this.#leave(phone.from);
        this.#word = phone.word;
      }
      if (SHAPES[soundsOf(phone.id)[0]!]!.viseme < 0) {
        this.#breath.push({ phone });
        continue;
      }
      for (const [part, sound] of soundsOf(phone.id).entries()) {
        if (part === 0) this.#breathe(sound);
        this.#add(sound, phone.from, phone.word, phone.mute ? MUTE : undefined, part > 0 ? 0.8 : 1);
      }
    }
    this.#breathe(SILENCE);
  }

  /** The text is whole: a last pause may follow, and something else, and a pause again. */
  end(): void {
    const { from } = this.units.at(-1)!;
    this.#add(SILENCE, from, -1, 0);
    this.#leave(from);
    this.#add(SILENCE, from, -1, 0);
  }

  /** Breaths take the shape of the sound after them. */
  #breathe(next: number): void {
    for (const { phone } of this.#breath.splice(0)) {
      const { viseme, weight } = SHAPES[next]!;
      this.#push(
        soundsOf(phone.id)[0]!,
        Math.max(viseme, 0),
        weight * BREATH,
        phone.from,
        phone.word,
        undefined,
      );
    }
  }

  #leave(from: number): void {
    const { viseme, weight } = SHAPES[SILENCE]!;
    this.#push(SILENCE, viseme, weight, from, -1, LEAVING, ELSEWHERE);
    this.others.push(this.states - 1);
  }

  #add(sound: number, from: number, word: number, optional: number | undefined, share = 1): void {
    const { viseme, weight } = SHAPES[sound]!;
    this.#push(sound, viseme, weight * share, from, word, optional);
  }

  #push(
    sound: number,
    viseme: number,
    weight: number,
    from: number,
    word: number,
    optional: number | undefined,
    elsewhere?: Lasting,
  ): void {
    const { least, usual } = elsewhere ?? LAST[sound]!;
    const mean = Math.max(usual - least + 1, 1.5);
    const state = this.states;
    for (let i = 0; i < least; i++) this.unitOf.push(this.units.length);
    this.units.push({
      sound,
      viseme,
      weight,
      from,
      word,
      optional,
      other: elsewhere !== undefined,
      state,
      states: least,
      stay: Math.log(1 - 1 / mean),
      leave: Math.log(1 / mean),
    });
  }
}
