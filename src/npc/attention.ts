import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { MOMENT } from '../pose/moment.ts';
import { createChances, WITHIN } from '../pose/noise.ts';
import { ASIDE_PITCH, ASIDE_YAW, type Regard } from '../pose/regard.ts';
import type { Company, Person } from './company.ts';
import { findTarget, type GazeTarget } from './gaze-target.ts';
import type { TalkView } from './talk-looks.ts';

/** How long a speaker goes on looking at the player after the line, seconds. */
const AFTERWARDS = 1.2;
/** How long a listener goes on looking at somebody who has ended, seconds: the answer may come from there. */
const EXPECTS = 1.5;
/** How long somebody must have spoken before a listener turns to them: at least, and at most more, seconds. */
const NOTICE = 0.25;
const NOTICE_LATER = 0.5;
/** How often a listener looks who speaks, times a second. */
const LOOKS = 4;

const SPOKE = 0;
const HEARD = 1;

/** Decides what a character looks at, and whom it listens to. */
export class Attention {
  /** What the game wants. */
  target: GazeTarget = 'auto';
  /** What the conversation tells that the character takes part in. */
  talk: TalkView | undefined;
  /** Where to look; only where {@link update} says so. */
  readonly point = new Vector3();

  readonly #company: Company;
  readonly #self: Person;
  readonly #chances: Float64Array;
  readonly #listens: boolean;
  /** When the character last spoke, and last heard somebody, seconds. */
  readonly #times = new Float64Array(2).fill(Number.NEGATIVE_INFINITY);
  #speaker: Person | undefined;
  #look = -1;
  readonly #eyes = new Vector3();
  /** How far beside the target the look goes, radians: aside and up. */
  readonly #aside = new Float64Array(2);
  #shown: GazeTarget | Person = 'nobody';
  #turn = 0;

  constructor(company: Company, self: Person, seed: number, listens: boolean) {
    this.#company = company;
    this.#self = self;
    this.#chances = createChances(seed);
    this.#listens = listens;
  }

  /** Counts the things looked at: another number is another one. */
  get turn(): number {
    return this.#turn;
  }

  /** Whom the character listens to. */
  get speaker(): Person | undefined {
    return this.#speaker;
  }

  /**
   * One frame: whether there is something to look at; then it is in {@link point}. `speaks`: whether the character has
   * something to say. Allocates nothing.
   */
  update(moment: Float64Array, speaks: boolean): boolean {
    this.#listen(moment, speaks);
    if (speaks) this.#times[SPOKE] = moment[MOMENT.time]!;
    const shown = this.target === 'auto' ? this.#choose(moment) : this.target;
    const glances = this.target === 'auto' && this.talk !== undefined && this.#glance(this.talk.regard);
    if (shown !== this.#shown || glances) this.#turn++;
    this.#shown = shown;
    const found = this.#find(shown);
    if (found && this.target === 'auto' && this.talk) this.#lookBeside();
    return found;
  }

  #find(shown: GazeTarget | Person): boolean {
    if (typeof shown === 'object' && 'eyesToRef' in shown) {
      shown.eyesToRef(this.point);
      return true;
    }
    return findTarget(shown, this.#company, this.point);
  }

  /** Whether the look goes elsewhere beside whom one talks with. */
  #glance({ aside }: Regard): boolean {
    const now = this.#aside;
    const other = aside[ASIDE_YAW] !== now[ASIDE_YAW] || aside[ASIDE_PITCH] !== now[ASIDE_PITCH];
    now[ASIDE_YAW] = aside[ASIDE_YAW]!;
    now[ASIDE_PITCH] = aside[ASIDE_PITCH]!;
    return other;
  }

  /** Moves the point by the angles of the look away. */
  #lookBeside(): void {
    const { point } = this;
    this.#self.eyesToRef(this.#eyes);
    const x = point.x - this.#eyes.x;
    const z = point.z - this.#eyes.z;
    const aside = this.#aside[ASIDE_YAW]!;
    point.x += z * aside;
    point.z -= x * aside;
    point.y += Math.sqrt(x * x + z * z) * this.#aside[ASIDE_PITCH]!;
  }

  #choose(moment: Float64Array): GazeTarget | Person {
    if (this.talk?.focus) return this.talk.focus;
    if (this.#speaker) return this.#speaker;
    return moment[MOMENT.time]! - this.#times[SPOKE]! < AFTERWARDS ? 'player' : 'nobody';
  }

  /** Finds out who speaks. Whoever speaks hears nobody, and whoever listens stays with the speaker. */
  #listen(moment: Float64Array, speaks: boolean): void {
    if (!this.#listens || speaks) {
      this.#speaker = undefined;
      return;
    }
    if (this.talk) {
      this.#speaker = this.talk.heard?.person;
      return;
    }
    const time = moment[MOMENT.time]!;
    const goesOn = this.#speaker !== undefined && this.#speaker.hearing.moment[MOMENT.speaking]! > 0;
    if (goesOn) this.#times[HEARD] = time;
    const look = Math.floor(time * LOOKS + this.#chances[0]!) | 0;
    if (look === this.#look) return;
    this.#look = look;
    if (this.#speaker && !this.#company.has(this.#speaker)) this.#speaker = undefined;
    else if (goesOn) return;
    const notice = NOTICE + NOTICE_LATER * this.#chances[(look >> 3) & WITHIN]!;
    const heard = this.#company.speakerNear(this.#self, notice);
    if (heard) this.#speaker = heard;
    else if (time - this.#times[HEARD]! > EXPECTS) this.#speaker = undefined;
  }
}
