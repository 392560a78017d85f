import { VOICED } from '../lipsync/gesture.ts';
import { OPENING_PER_DB } from '../lipsync/loudness.ts';
import { CHANNEL, FIRST_PART } from './channels.ts';
import { MOMENT } from './moment.ts';

const { PP, FF, SS, CH } = CHANNEL;

/** Least and most that an effort makes of an opening. */
const NARROWEST = 0.6;
const WIDEST = 1.6;

/** Fastest change, decibels a second: from a normal voice to a shout in a third of a second. */
const DECIBELS_PER_SECOND = 60;

const LEVEL = 0;
const TIME = 1;

/**
 * Opens the mouth wider for a louder voice. In loud speech lips and jaw go farther in the same time, and faster (Schulman
 * 1989; Garnier, Henrich and Dubois 2010 of Lombard speech): so it is the weights of a finished curve that grow, as far as
 * a face goes. Contacts are as they were; where teeth or lips are near or closed, so is the rest.
 */
export class MouthEffort {
  /** How much louder than a normal voice, decibels. */
  wanted = 0;
  readonly #state = new Float64Array(2);

  /** Is there at once: for a line that begins at rest. */
  jump(): void {
    this.#state[LEVEL] = this.wanted;
  }

  /** One frame: on its way to {@link wanted}. */
  step(moment: Float64Array): void {
    const state = this.#state;
    const most = Math.max(0, moment[MOMENT.time]! - state[TIME]!) * DECIBELS_PER_SECOND;
    state[TIME] = moment[MOMENT.time]!;
    const level = state[LEVEL]!;
    if (level < this.wanted) state[LEVEL] = Math.min(level + most, this.wanted);
    else state[LEVEL] = Math.max(level - most, this.wanted);
  }

  /** Widens or narrows the weights of the visemes. Allocates nothing. */
  apply(visemes: Float32Array): void {
    const level = this.#state[LEVEL]!;
    if (level === 0) return;
    const closed = Math.min(visemes[PP]! + visemes[FF]! + visemes[SS]! + visemes[CH]!, 1);
    const factor = Math.min(Math.max(1 + level * OPENING_PER_DB, NARROWEST), WIDEST);
    const power = 1 + (factor - 1) * (1 - closed);
    let open = 0;
    let others = 0;
    for (let v = 0; v < FIRST_PART; v++) {
      if (VOICED[v]! > 0) open += visemes[v]!;
      else others += visemes[v]!;
    }
    const room = 1 - others;
    if (!(open > 0 && room > 0)) return;
    // From nothing by the factor, and never beyond what is free: more and more of it is open, but not all.
    const wider = (room * (1 - (1 - Math.min(open / room, 1)) ** power)) / open;
    for (let v = 0; v < FIRST_PART; v++) visemes[v] = visemes[v]! * (1 + VOICED[v]! * (wider - 1));
  }
}
