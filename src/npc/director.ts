import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Observable } from '@babylonjs/core/Misc/observable.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { Duck } from '../director/duck.ts';
import { type Claim, Floor, type FloorLimits } from '../director/floor.ts';
import { type RingLimits, Rings } from '../director/rings.ts';
import { RING, RINGS, type Ring, SEAT, Seat } from '../director/seat.ts';
import { InputError } from '../speech/errors.ts';
import { Field } from '../speech/field.ts';
import type { Company } from './company.ts';
import { notify } from './notify.ts';
import { Sight } from './sight.ts';
import type { Stage } from './speaker.ts';
import type { TalkingNpc } from './talking-npc.ts';
import type { TurnLine } from './turn-line.ts';

/** What a crowd may cost, and who gives way. */
export interface DirectorOptions extends Partial<RingLimits>, Partial<FloorLimits> {
  /** How much softer voices are while a line of the story is spoken, decibels, 0 to 60. Default 9. */
  readonly duckDecibels?: number;
}

const DEFAULTS: Required<DirectorOptions> = {
  faces: 8,
  mouths: 24,
  nearMetres: 8,
  middleMetres: 24,
  hearingMetres: 48,
  voices: 8,
  agingSeconds: 5,
  storyPriority: 1,
  duckDecibels: 9,
};

/** Least and most of each option. */
const RANGES: Record<keyof DirectorOptions, readonly [number, number]> = {
  faces: [0, 1e6],
  mouths: [0, 1e6],
  nearMetres: [0, Number.MAX_VALUE],
  middleMetres: [0, Number.MAX_VALUE],
  hearingMetres: [0, Number.MAX_VALUE],
  voices: [1, 1e6],
  agingSeconds: [0.1, 86_400],
  storyPriority: [-1e6, 1e6],
  duckDecibels: [0, 60],
};

/** The characters are looked at in turn: all of them in so many frames. */
const STRIPES = 4;

/** What {@link Director.onRingObservable} tells. */
export interface RingChange {
  readonly npc: TalkingNpc;
  readonly ring: Ring;
}

/** A character of the crowd. */
interface Member {
  readonly npc: TalkingNpc;
  readonly seat: Seat;
  readonly duck: Duck;
  /** Whether it was there when a frame was drawn: before, Babylon may not know where it is. */
  settled: boolean;
  /** The line that has its turn. */
  wish: Wish | undefined;
}

/** A line that is to be spoken. */
interface Wish extends Claim {
  readonly line: TurnLine;
  readonly begin: () => void;
}

/**
 * Shares out what a crowd costs: who has a whole face, who may speak, and whose voice gives way. Given to
 * `CreateParleyAsync({ director })`, and to no other; without one, every character has everything.
 */
export class Director {
  /** Fires when a character has another ring. */
  readonly onRingObservable = new Observable<RingChange>();

  readonly #duckDecibels: number;
  readonly #rings: Rings;
  readonly #floor: Floor<Wish>;
  /** Lines whose turn has come where nobody hears them. */
  readonly #passing = new Set<Wish>();
  readonly #members: Member[] = [];
  readonly #memberOf = new Map<Seat, Member>();
  readonly #clock = new Float64Array(1);
  readonly #eyes = new Vector3();
  #sight: Sight | undefined;
  #stripe = 0;

  /** Throws {@link InputError} for an option that is no number of its range. */
  constructor(options: DirectorOptions = {}) {
    const settings = { ...DEFAULTS, ...checked(options) };
    this.#duckDecibels = settings.duckDecibels;
    this.#rings = new Rings(settings, (seat) => this.#handleRing(seat));
    this.#floor = new Floor(settings);
  }

  /** How many characters have a ring. */
  count(ring: Ring): number {
    return this.#rings.count(RING[ring]);
  }

  /** Lines that are spoken, and those that wait until they may be. */
  get speaking(): number {
    return this.#floor.speaking.size;
  }
  get waiting(): number {
    return this.#floor.waiting.size;
  }

  /** Called by Parley, which it serves from then on. Throws {@link InputError} where it serves another. */
  begin(scene: Scene, company: Company): void {
    if (this.#sight)
      throw new InputError('CreateParleyAsync({ director })', 'a director of its own', 'one in use');
    this.#sight = new Sight(scene, company);
  }

  /** Called by Parley when a character comes. */
  add(npc: TalkingNpc): void {
    const member = {
      npc,
      seat: new Seat(),
      duck: new Duck(this.#duckDecibels),
      settled: false,
      wish: undefined,
    };
    this.#members.push(member);
    this.#memberOf.set(member.seat, member);
    npc.handleRing(member.seat.ring);
    this.#rings.add(member.seat);
  }

  /** Called by Parley when a character goes. */
  remove(npc: TalkingNpc): void {
    const index = this.#members.findIndex((member) => member.npc === npc);
    const [member] = index < 0 ? [] : this.#members.splice(index, 1);
    if (!member) return;
    this.#memberOf.delete(member.seat);
    this.#rings.remove(member.seat);
  }

  /** What a character asks before it speaks. Called by it when it is made. */
  stageOf(npc: TalkingNpc): Stage {
    const own = () => this.#members.find((member) => member.npc === npc);
    return {
      get unheard() {
        return npc.ring === 'unheard';
      },
      turnOf: (line, priority) => {
        const member = own();
        return member && !line.ended ? this.#turnOf(member, line, priority) : undefined;
      },
    };
  }

  /** Resolves when the line may begin, or has ended before; it has its voice until it ends. */
  #turnOf(member: Member, line: TurnLine, priority: number): Promise<void> {
    return new Promise((resolve) => {
      const since = this.#clock[0]!;
      const passes = line.lasts !== undefined && member.seat.ring === RING.unheard;
      const wish: Wish = {
        seat: member.seat,
        line,
        priority,
        since,
        begin: () => {
          if (passes) line.joinAt?.(this.#clock[0]! - since);
          resolve();
        },
      };
      if (passes) this.#passing.add(wish);
      else this.#floor.ask(wish);
      void line.finished.then(() => {
        this.#passing.delete(wish);
        this.#floor.leave(wish);
        if (member.wish === wish) member.wish = undefined;
        resolve();
        this.#giveTurns();
      });
      this.#giveTurns();
    });
  }

  /** Lines that nobody hears go on in their time; those that come within hearing ask for a voice. */
  #pass(): void {
    for (const wish of this.#passing) {
      const { line, seat, since } = wish;
      if (this.#clock[0]! - since >= line.lasts!) {
        line.pass?.();
        this.#passing.delete(wish);
        this.#floor.leave(wish);
      } else if (seat.ring !== RING.unheard && !this.#floor.waiting.has(wish)) this.#floor.ask(wish);
    }
  }

  /** One frame, shown at `performanceMs`. Called by Parley before the characters are stepped. Allocates nothing. */
  update(performanceMs: number): void {
    this.#clock[0] = performanceMs / 1000;
    this.#sight?.look();
    this.#stripe = (this.#stripe + 1) % STRIPES;
    for (let index = 0; index < this.#members.length; index++) {
      const member = this.#members[index]!;
      if (!member.settled) member.settled = true;
      else if (
        index % STRIPES === this.#stripe ||
        member.seat.row[SEAT.distance] === Number.POSITIVE_INFINITY
      )
        this.#judge(member);
      const { npc, wish } = member;
      const ducked = wish !== undefined && this.#floor.isDucked(wish);
      if (member.duck.step(ducked, this.#clock)) npc.handleDuck(member.duck.gain);
    }
    this.#rings.update(this.#clock);
    if (this.#passing.size > 0) this.#pass();
    if (this.#stripe === 0 && this.#floor.waiting.size > 0) this.#giveTurns();
  }

  dispose(): void {
    this.onRingObservable.clear();
  }

  #judge({ npc, seat }: Member): void {
    npc.person?.eyesToRef(this.#eyes);
    this.#sight?.judge(this.#eyes, seat);
    seat.speaking = npc.speaking;
    seat.row[SEAT.story] = npc.importance;
  }

  #giveTurns(): void {
    for (let turn = this.#floor.next(this.#clock[0]!); turn; turn = this.#floor.next(this.#clock[0]!)) {
      const { begin, instead } = turn;
      const member = this.#memberOf.get(begin.seat);
      if (member) member.wish = begin;
      this.#passing.delete(begin);
      void instead?.line.stop({ at: 'syllable' });
      begin.begin();
    }
  }

  #handleRing(seat: Seat): void {
    const member = this.#memberOf.get(seat);
    if (!member) return;
    member.npc.handleRing(seat.ring);
    notify(this.onRingObservable, { npc: member.npc, ring: RINGS[seat.ring]! });
  }
}

function checked(options: DirectorOptions): DirectorOptions {
  const given = new Field(options, 'new Director(options)');
  if (typeof options !== 'object' || options === null) throw given.wrong('an object');
  for (const name of Object.keys(options)) {
    const range = Object.hasOwn(RANGES, name) ? RANGES[name as keyof DirectorOptions] : undefined;
    if (!range) throw given.wrong(Object.keys(RANGES).join(', '), `a field ${name}`);
    if (given.get(name).value !== undefined) given.get(name).number(...range);
  }
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
