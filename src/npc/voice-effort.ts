import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { createCell } from '../pose/cell.ts';
import { type Effort, LOUDEST, resolveEffort } from '../speech/effort.ts';
import { InputError } from '../speech/errors.ts';
import type { Company, Person } from './company.ts';
import type { Line } from './line.ts';

/** How an NPC's voice fits what it does and where the player is. */
export interface EffortOptions {
  /**
   * How hard the character tries, unless a line says otherwise: `whisper`, `soft`, `normal`, `raised`, `loud`, `shout`, or
   * decibels above a normal voice, -20 to 20. Default `normal`.
   */
  readonly effort?: Effort | undefined;
  /**
   * How much it raises its voice at every doubling of the distance to the player, from 1.5 metres on, decibels, 0 to 6; up
   * to a shout. People do so by 1.3 to 2.2 dB, depending on the room (Pelegrín-García, Smits, Brunskog and Jeong, JASA
   * 129, 2011). Default 0.
   */
  readonly raiseVoice?: number | undefined;
}

/** Distance from which on a voice is raised, metres: the shortest of that study. */
const TALKING = 1.5;
const MOST_RAISED = 6;

/** Change that is told, decibels. */
const SLACK = 0.25;

/** Works out how hard a character tries at the moment. */
export class VoiceEffort {
  readonly #name: string;
  readonly #raise: number;
  readonly #told = createCell();
  readonly #eyes = new Vector3();
  readonly #player = new Vector3();
  #effort: Effort;
  #decibels: number;

  /** Throws {@link InputError} for options out of range. */
  constructor(name: string, { effort = 'normal', raiseVoice = 0 }: EffortOptions) {
    this.#name = name;
    this.#effort = effort;
    this.#decibels = resolveEffort(`effort of "${name}"`, effort);
    if (!(raiseVoice >= 0 && raiseVoice <= MOST_RAISED)) {
      const expected = `decibels from 0 to ${MOST_RAISED}`;
      throw new InputError(`raiseVoice of "${name}"`, expected, String(raiseVoice));
    }
    this.#raise = raiseVoice;
  }

  /** Between lines, and under those that do not say. Throws {@link InputError} for what is none. */
  get own(): Effort {
    return this.#effort;
  }
  set own(effort: Effort) {
    this.#decibels = resolveEffort(`effort of "${this.#name}"`, effort);
    this.#effort = effort;
  }

  /** What was found last, decibels above a normal voice. */
  get decibels(): number {
    return this.#told[0]!;
  }

  /**
   * Once a frame: whether it is another one now, by much. `efforts` are those of lines that have their own; `person` is who
   * speaks. Allocates nothing.
   */
  look(
    line: Line | undefined,
    efforts: WeakMap<Line, number>,
    person: Person | undefined,
    company: Company,
  ): boolean {
    let wanted = (line && efforts.get(line)) ?? this.#decibels;
    if (this.#raise > 0 && person && company.findPlayer(this.#player)) {
      person.eyesToRef(this.#eyes);
      const distance = Vector3.Distance(this.#eyes, this.#player);
      if (distance > TALKING) wanted += this.#raise * Math.log2(distance / TALKING);
      if (wanted > LOUDEST) wanted = LOUDEST;
    }
    const off = wanted - this.#told[0]!;
    // What is told in words is told exactly; only distance comes little by little.
    if (this.#raise > 0 ? Math.abs(off) < SLACK : off === 0) return false;
    this.#told[0] = wanted;
    return true;
  }
}
