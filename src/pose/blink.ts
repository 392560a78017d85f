import { smoothStep } from '../lipsync/smooth.ts';
import { CHANNEL } from './channels.ts';
import { MOMENT } from './moment.ts';
import { createChances, WITHIN } from './noise.ts';
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

/** Slots after which the blinks of a face come again: a power of two. */
const SLOTS = 256;

/** How far the lid is closed, 0 to 1, `time` seconds after the start of a blink. */
export function lidAt(time: number): number {
  if (!(time > 0 && time < BLINK_SECONDS)) return 0;
  if (time < CLOSING) return smoothStep(time / CLOSING);
  const open = 1 - Math.max(time - CLOSING - CLOSED, 0) / OPENING;
  return open * open * (3 - 2 * open) * (0.6 + 0.4 * open);
}

/** Lids over the time of a blink, so that a frame only looks them up: {@link lidAt} in steps of a third of a millisecond. */
const LID = Float64Array.from({ length: 1025 }, (_, step) => lidAt((step / 1024) * BLINK_SECONDS));

/** Blinks: now and then, at the ends of phrases, and as the gaze turns. */
export class Blinks {
  /** When in its slot a blink and its double begin, 0 to 1, and how far they close. Infinite where there is none. */
  readonly #first = new Float64Array(SLOTS);
  readonly #second = new Float64Array(SLOTS);
  readonly #depth = new Float64Array(SLOTS);
  readonly #atEnds: Float64Array;
  readonly #atTurns: Float64Array;
  /** When the last blink that had a cause began, seconds. */
  readonly #caused = new Float64Array([Number.NEGATIVE_INFINITY]);
  #turns = 0;

  constructor(seed: number) {
    const chances = createChances(seed);
    for (let slot = 0; slot < SLOTS; slot++) {
      const there = chances[slot * 4]! < SHARE;
      const double = chances[slot * 4 + 2]! < DOUBLE;
      const when = chances[slot * 4 + 1]! * (1 - (AGAIN + BLINK_SECONDS) / SLOT);
      this.#first[slot] = there ? when : Number.POSITIVE_INFINITY;
      this.#second[slot] = there && double ? when + AGAIN / SLOT : Number.POSITIVE_INFINITY;
      this.#depth[slot] = 0.9 + 0.1 * chances[slot * 4 + 3]!;
    }
    this.#atEnds = createChances(seed + 1);
    this.#atTurns = createChances(seed + 2);
  }

  /** When the blink of a slot begins, seconds; infinite where it has none. Never nearer than a whole blink to the next slot. */
  startOf(slot: number): number {
    return (slot + this.#first[slot & (SLOTS - 1)]!) * SLOT;
  }

  /**
   * Adds the lids of the moment to the pose. `ended`: number of the phrase that the character has just ended, -1 where
   * it has ended none, and `kind` how, one of {@link PHRASE}. `turns` counts the turns of its gaze, the last of which
   * was `size[0]` radians. Allocates nothing: all of it is one function, for numbers that go from one to another may.
   */
  add(
    pose: Float32Array,
    moment: Float64Array,
    ended: number,
    kind: number,
    turns: number,
    size: Float64Array,
  ): void {
    const time = moment[MOMENT.time]!;
    const slot = Math.floor(time / SLOT) | 0;
    const turned = turns === this.#turns ? 0 : (size[0]! - NO_BLINK_TURN) / (SURE_BLINK_TURN - NO_BLINK_TURN);
    this.#turns = turns;
    const byEnd = ended >= 0 && this.#atEnds[(ended * 8 + kind) & WITHIN]! < AT_END[kind]!;
    if ((byEnd || this.#atTurns[turns & WITHIN]! < turned) && time - this.#caused[0]! > APART) {
      // A blink begins now, unless there is one about this time anyway.
      let alone = true;
      for (let near = slot - 1; near <= slot + 1; near++) {
        const apart = (near + this.#first[near & (SLOTS - 1)]!) * SLOT - time;
        if (apart > -APART && apart < APART) alone = false;
      }
      if (alone) this.#caused[0] = time;
    }
    const index = slot & (SLOTS - 1);
    const since = time / SLOT - slot;
    let lid = 0;
    for (let which = 0; which < 3; which++) {
      const after =
        which === 0
          ? time - this.#caused[0]!
          : (since - (which === 1 ? this.#first[index]! : this.#second[index]!)) * SLOT;
      if (!(after > 0 && after < BLINK_SECONDS)) continue;
      const closed =
        LID[Math.round((after / BLINK_SECONDS) * 1024)]! * (which === 0 ? 1 : this.#depth[index]!);
      if (closed > lid) lid = closed;
    }
    if (lid === 0) return;
    pose[EYE_BLINK_LEFT] = pose[EYE_BLINK_LEFT]! + lid;
    pose[EYE_BLINK_RIGHT] = pose[EYE_BLINK_RIGHT]! + lid;
    pose[EYE_SQUINT_LEFT] = pose[EYE_SQUINT_LEFT]! + 0.12 * lid;
    pose[EYE_SQUINT_RIGHT] = pose[EYE_SQUINT_RIGHT]! + 0.12 * lid;
  }
}
