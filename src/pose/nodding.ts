import { CHANNEL } from './channels.ts';
import { MOMENT } from './moment.ts';
import { createChances, WITHIN } from './noise.ts';
import { PHRASE } from './phrasing.ts';

const { headPitch: HEAD_PITCH } = CHANNEL;

/*
 * Listeners nod where the speaker ends a phrase, a little later (Yngve 1970; Ward & Tsukahara 2000), at 2 to 4 nods a
 * second, each smaller than the one before (Hadar, Steiner & Rose 1985).
 */
/** How often a listener nods, by how the phrase ends. */
const SHARES = Float64Array.from({ length: 5 }, (_, kind) => (kind === PHRASE.stop ? 0.6 : 0.35));
/** How much later: at least, and at most more, seconds. */
const AFTER = 0.15;
const LATER = 0.3;
/** Length of one nod, seconds. */
const NOD = 0.42;
/** How far it goes down: at least, and at most more, radians (3° to 5°). */
const DOWN = 0.052;
const FURTHER = 0.035;
/** What the second of two nods has of the first. */
const SECOND = 0.5;

/** The nods of somebody who listens. */
export class Nodding {
  readonly #chances: Float64Array;
  /** When the last nods began, seconds; how far they go down, radians. */
  readonly #start = new Float64Array([Number.NEGATIVE_INFINITY]);
  readonly #down = new Float64Array(1);
  #nods = 1;

  constructor(seed: number) {
    this.#chances = createChances(seed);
  }

  /**
   * Adds the nods of the moment to the pose. `ended`: number of the phrase that the one who is heard has just ended, -1
   * where none has ended, and `kind` how, one of {@link PHRASE}. Allocates nothing.
   */
  add(pose: Float32Array, moment: Float64Array, ended: number, kind: number): void {
    const time = moment[MOMENT.time]!;
    const chances = this.#chances;
    const key = ended * 4;
    if (ended >= 0 && time - this.#start[0]! > this.#nods * NOD && chances[key & WITHIN]! < SHARES[kind]!) {
      this.#start[0] = time + AFTER + LATER * chances[(key + 1) & WITHIN]!;
      this.#down[0] = DOWN + FURTHER * chances[(key + 2) & WITHIN]!;
      this.#nods = chances[(key + 3) & WITHIN]! < 0.5 ? 1 : 2;
    }
    const nod = (time - this.#start[0]!) / NOD;
    if (!(nod > 0 && nod < this.#nods)) return;
    const dip = Math.sin(Math.PI * (nod - Math.floor(nod)));
    const size = nod < 1 ? 1 : SECOND;
    pose[HEAD_PITCH] = pose[HEAD_PITCH]! - this.#down[0]! * size * dip * dip;
  }
}
