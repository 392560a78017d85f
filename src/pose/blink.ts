import { smoothStep } from '../lipsync/smooth.ts';
import { CHANNEL } from './channels.ts';
import { MOMENT } from './moment.ts';
import { chance, createChances, drawn } from './noise.ts';
import { PHRASE } from './phrasing.ts';

const {
  eyeBlinkLeft: EYE_BLINK_LEFT,
  eyeBlinkRight: EYE_BLINK_RIGHT,
  eyeSquintLeft: EYE_SQUINT_LEFT,
  eyeSquintRight: EYE_SQUINT_RIGHT,
} = CHANNEL;

/*
 * Rate: 17 blinks a minute at rest and 26 in conversation (Bentivoglio et al. 1997): those of the slots below, and with
 * them those at the ends of phrases and with turns of the gaze.
 * Shape: the lid closes in 75 to 100 ms and opens in about twice that, slowing down towards the end (Trutoiu et al.
 * 2011, Evinger et al. 1991). About one blink in ten is followed at once by a second.
 */
/** Length of a slot in which at most one blink begins, seconds. */
const SLOT = 2.9;
/** How many slots have a blink. */
const SHARE = 0.82;
/** How many blinks are double. */
const DOUBLE = 0.1;
const CLOSING = 0.085;
const CLOSED = 0.03;
const OPENING = 0.21;
/** From the start of a blink to the end of its lid movement, seconds. */
export const BLINK_SECONDS = CLOSING + CLOSED + OPENING;
/** From the first to the second of a double blink, seconds. */
const AGAIN = BLINK_SECONDS + 0.02;

/** Speakers blink where phrases end (Nakano & Kitazawa 2010; Cummins 2012): how often, by how the phrase ends. */
const AT_END = Float64Array.from({ length: 5 }, (_, kind) => (kind === PHRASE.pause ? 0.25 : 0.5));
AT_END[PHRASE.comma] = 0.3;

/**
 * The further the gaze turns, the more surely a blink goes with it: hardly ever at 17°, nearly always above 50°
 * (Evinger et al. 1994). Radians.
 */
const NO_BLINK_TURN = 0.25;
const SURE_BLINK_TURN = 0.9;

/** No blink for such a cause within this time of another, seconds. */
const APART = 0.8;

/** How far the lid is closed, 0 to 1, `time` seconds after the start of a blink. */
export function lidAt(time: number): number {
  if (!(time > 0 && time < BLINK_SECONDS)) return 0;
  if (time < CLOSING) return smoothStep(time / CLOSING);
  const open = 1 - Math.max(time - CLOSING - CLOSED, 0) / OPENING;
  return open * open * (3 - 2 * open) * (0.6 + 0.4 * open);
}

/** When the blink of a slot begins, seconds; NaN where it has none. Never nearer than a whole blink to the next slot. */
export function blinkStart(chances: Float64Array, slot: number): number {
  if (drawn(chances, slot * 4) >= SHARE) return Number.NaN;
  return (slot + drawn(chances, slot * 4 + 1) * (1 - (AGAIN + BLINK_SECONDS) / SLOT)) * SLOT;
}

/** Blinks: now and then, at the ends of phrases, and as the gaze turns. */
export class Blinks {
  readonly #seed: number;
  readonly #chances: Float64Array;
  /** When the last blink that had a cause began, seconds. */
  readonly #caused = new Float64Array([Number.NEGATIVE_INFINITY]);

  constructor(seed: number) {
    this.#seed = seed;
    this.#chances = createChances(seed);
  }

  /** The character has ended a phrase of its own, number `phrase` of its line, of a {@link PHRASE} `kind`. */
  handlePhraseEnd(moment: Float64Array, phrase: number, kind: number): void {
    if (chance(this.#seed + 1, phrase * 64 + kind) < AT_END[kind]!) this.#cause(moment);
  }

  /** The gaze turns by so many radians, counted by `turn`. */
  handleTurn(moment: Float64Array, turn: number, radians: number): void {
    const likely = (radians - NO_BLINK_TURN) / (SURE_BLINK_TURN - NO_BLINK_TURN);
    if (chance(this.#seed + 2, turn) < likely) this.#cause(moment);
  }

  /** Adds the lids of the moment to the pose. Allocates nothing. */
  add(pose: Float32Array, moment: Float64Array): void {
    const time = moment[MOMENT.time]!;
    const slot = Math.floor(time / SLOT);
    const since = time - blinkStart(this.#chances, slot);
    let lid = lidAt(time - this.#caused[0]!);
    if (since > 0 && since < AGAIN + BLINK_SECONDS) {
      const again = drawn(this.#chances, slot * 4 + 2) < DOUBLE ? lidAt(since - AGAIN) : 0;
      const depth = 0.9 + 0.1 * drawn(this.#chances, slot * 4 + 3);
      lid = Math.max(lid, depth * Math.max(lidAt(since), again));
    }
    if (lid === 0) return;
    pose[EYE_BLINK_LEFT] = pose[EYE_BLINK_LEFT]! + lid;
    pose[EYE_BLINK_RIGHT] = pose[EYE_BLINK_RIGHT]! + lid;
    pose[EYE_SQUINT_LEFT] = pose[EYE_SQUINT_LEFT]! + 0.12 * lid;
    pose[EYE_SQUINT_RIGHT] = pose[EYE_SQUINT_RIGHT]! + 0.12 * lid;
  }

  /** A blink begins now, unless there is one about this time anyway. */
  #cause(moment: Float64Array): void {
    const time = moment[MOMENT.time]!;
    if (time - this.#caused[0]! < APART) return;
    for (let slot = Math.floor((time - APART) / SLOT); slot <= Math.floor((time + APART) / SLOT); slot++) {
      if (Math.abs(blinkStart(this.#chances, slot) - time) < APART) return;
    }
    this.#caused[0] = time;
  }
}
