import { addAccents } from './accent.ts';
import { Blinks } from './blink.ts';
import { addBreath } from './breath.ts';
import { Gaze } from './gaze.ts';
import { Nodding } from './nodding.ts';
import { PhraseWatch } from './phrase-watch.ts';
import type { Phrasing } from './phrasing.ts';
import { Saccades } from './saccades.ts';
import { Sway } from './sway.ts';

/** Signs of life that a character may do without; all of them are on by default. */
export interface LifeOptions {
  /** Lids that close: at rest, at the ends of phrases, with turns of the gaze. */
  readonly blinks?: boolean;
  /** Eyes and head that look at somebody, or about. */
  readonly gaze?: boolean;
  /** Small jumps of the eyes while they look at something. */
  readonly saccades?: boolean;
  /** A head that is never quite still. */
  readonly sway?: boolean;
  /** Nods and brow lifts on words that carry weight, and the face of a question. */
  readonly accents?: boolean;
  /** A breath before a line and in its longer pauses. */
  readonly breath?: boolean;
  /** Looks and nods while another character speaks. */
  readonly listening?: boolean;
}

/** Names of the signs of life. */
export const LIFE_SIGNS = ['blinks', 'gaze', 'saccades', 'sway', 'accents', 'breath', 'listening'] as const;

const NO_TURN = new Float64Array(1);

/** Whose line is heard, and how far: what a face listens to. */
export interface Hearing {
  readonly phrasing: Phrasing;
  /** In the fields of `MOMENT`. */
  readonly moment: Float64Array;
}

/**
 * What a face does besides its words and its mood. All of it comes from the seed, the time, and the playheads of lines;
 * a replay is the same.
 */
export class Life {
  readonly #blinks: Blinks | undefined;
  readonly #gaze: Gaze | undefined;
  readonly #saccades: Saccades | undefined;
  readonly #sway: Sway | undefined;
  readonly #nodding: Nodding | undefined;
  readonly #accents: boolean;
  readonly #breath: boolean;
  readonly #own = new PhraseWatch();
  readonly #other = new PhraseWatch();

  /** `seed`: any whole number; characters with different seeds do not move alike. */
  constructor(seed: number, options: LifeOptions = {}) {
    const { blinks = true, gaze = true, saccades = true, sway = true } = options;
    const { accents = true, breath = true, listening = true } = options;
    if (blinks) this.#blinks = new Blinks(seed * 13);
    if (saccades) this.#saccades = new Saccades(seed * 13 + 3);
    if (sway) this.#sway = new Sway(seed * 13 + 6);
    if (gaze) this.#gaze = new Gaze(seed * 13 + 9);
    if (listening) this.#nodding = new Nodding(seed * 13 + 10);
    this.#accents = accents;
    this.#breath = breath;
  }

  /**
   * Adds the signs of life of the moment to the pose; call it when all else that turns the head is in it. `phrasing` is
   * that of the own line. `sight` is where the point is that it looks at, as `FaceBinding.locate` gives it; none to look
   * about; `turn` counts those points. Allocates nothing.
   */
  add(
    pose: Float32Array,
    moment: Float64Array,
    phrasing: Phrasing,
    sight: Float64Array | undefined,
    turn: number,
    hearing: Hearing | undefined,
  ): void {
    const ended = this.#own.passed(phrasing, moment);
    if (this.#nodding) this.#listen(this.#nodding, pose, moment, hearing);
    this.#sway?.add(pose, moment);
    if (this.#accents) addAccents(pose, moment, phrasing);
    if (this.#breath) addBreath(pose, moment, phrasing);
    const gaze = this.#gaze;
    gaze?.turnHead(pose, moment, sight, turn);
    gaze?.turnEyes(pose, moment, phrasing);
    this.#saccades?.add(pose, moment);
    const kind = ended < 0 ? 0 : phrasing.phraseKind[ended]!;
    this.#blinks?.add(pose, moment, ended, kind, gaze ? gaze.turns : 0, gaze ? gaze.turnSize : NO_TURN);
  }

  #listen(nodding: Nodding, pose: Float32Array, moment: Float64Array, hearing: Hearing | undefined): void {
    const ended = hearing ? this.#other.passed(hearing.phrasing, hearing.moment) : -1;
    nodding.add(pose, moment, ended, ended < 0 ? 0 : hearing!.phrasing.phraseKind[ended]!);
  }
}
