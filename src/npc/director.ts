import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Observable } from '@babylonjs/core/Misc/observable.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { Duck } from '../director/duck.ts';
import { type Claim, Floor } from '../director/floor.ts';
import { FrameBudget } from '../director/frame-budget.ts';
import { Leases } from '../director/leases.ts';
import { Rings } from '../director/rings.ts';
import { RING, RINGS, type Ring, SEAT, Seat } from '../director/seat.ts';
import { InputError } from '../speech/errors.ts';
import type { VoiceSource } from '../speech/source.ts';
import { BusDuck } from './bus-duck.ts';
import type { Company } from './company.ts';
import { type DirectorOptions, type DirectorSettings, directorSettings } from './director-options.ts';
import { leasedVoices } from './leased-voices.ts';
import { notify } from './notify.ts';
import { Sight } from './sight.ts';
import type { Stage } from './speaker.ts';
import { HOLD_DECIBELS, StoryHold } from './story-hold.ts';
import type { TalkingNpc } from './talking-npc.ts';
import type { TurnLine } from './turn-line.ts';

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
  readonly hold: StoryHold;
  /** Whether it was there when a frame was drawn: before, Babylon may not know where it is. */
  settled: boolean;
  /** The line that has its turn. */
  wish: Wish | undefined;
}

/** A line that is to be spoken. */
interface Wish extends Claim {
  since: number;
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

  readonly #settings: DirectorSettings;
  readonly #rings: Rings;
  readonly #floor: Floor<Wish>;
  readonly #leases: Leases;
  readonly #budget: FrameBudget;
  readonly #holds: boolean;
  readonly #buses: BusDuck;
  /** Of the page, milliseconds: what frames cost is measured by it. */
  readonly #now: () => number;
  /** When the work of ours began that is being done, milliseconds, and what all of this frame took so far, microseconds. */
  readonly #begun = new Float64Array(1);
  readonly #cost = new Float64Array(1);
  #measures = true;
  /** Lines whose turn has come where nobody hears them. */
  readonly #passing = new Set<Wish>();
  readonly #members: Member[] = [];
  readonly #memberOf = new Map<Seat, Member>();
  readonly #clock = new Float64Array(1);
  #ticks = false;
  readonly #eyes = new Vector3();
  #sight: Sight | undefined;
  #stripe = 0;

  /**
   * Throws {@link InputError} for an option that is no number of its range. `now` is the clock that frames are measured
   * by, milliseconds; default `performance.now`.
   */
  constructor(options: DirectorOptions = {}, now: () => number = () => performance.now()) {
    const settings = directorSettings(options);
    this.#settings = settings;
    this.#rings = new Rings(settings, (seat) => this.#handleRing(seat));
    this.#floor = new Floor(settings);
    this.#leases = new Leases(settings.leases);
    this.#budget = new FrameBudget(settings);
    this.#holds = settings.story === 'hold';
    this.#buses = new BusDuck(settings.duckedBuses, settings.duckDecibels);
    this.#now = now;
  }

  /** How many characters have a ring. */
  count(ring: Ring): number {
    return this.#rings.count(RING[ring]);
  }

  /** Whether a line of the story is spoken, and chatter gives way to it. */
  get hasStory(): boolean {
    return this.#floor.hasStory;
  }

  /** Lines that are spoken, and those that wait until they may be. */
  get speaking(): number {
    return this.#floor.speaking.size;
  }
  get waiting(): number {
    return this.#floor.waiting.size;
  }

  /** Lines that are being asked of the voice source, and those that wait until they may be. */
  get fetching(): number {
    return this.#leases.taken;
  }
  get fetchesWaiting(): number {
    return this.#leases.waiting;
  }

  /** What all of ours takes of a frame on the main thread, microseconds: a mean of the last half second. 0 before the first, and in a recording. */
  get frameMicroseconds(): number {
    return this.#budget.microseconds;
  }

  /** How many whole faces there may be at the moment, and mouths besides: fewer than the options say while frames cost too much. */
  get faces(): number {
    return this.#budget.faces;
  }
  get mouths(): number {
    return this.#budget.mouths;
  }

  /** Most voices by HRTF. For Parley. */
  get hrtf(): number {
    return this.#settings.hrtf;
  }

  /**
   * Called by Parley, which it serves from then on; `measures`: whether frames cost somebody time. Throws
   * {@link InputError} where it serves another.
   */
  begin(scene: Scene, company: Company, measures = true): void {
    if (this.#sight)
      throw new InputError('CreateParleyAsync({ director })', 'a director of its own', 'one in use');
    this.#sight = new Sight(scene, company);
    this.#measures = measures;
  }

  /** The source by leases: for lines that are fetched ahead of their turn, or only when they are about to be heard. */
  leased(source: VoiceSource, ahead: boolean): VoiceSource {
    return leasedVoices(source, this.#leases, ahead);
  }

  /** Called by Parley when a character comes. */
  add(npc: TalkingNpc): void {
    const member = {
      npc,
      seat: new Seat(),
      duck: new Duck(this.#holds ? HOLD_DECIBELS : this.#settings.duckDecibels),
      hold: new StoryHold(),
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
      const passes = line.lasts !== undefined && member.seat.ring === RING.unheard;
      const wish: Wish = {
        seat: member.seat,
        line,
        priority,
        since: this.#clock[0]!,
        begin: () => {
          if (passes) this.#join(member, line, this.#clock[0]! - wish.since);
          resolve();
        },
      };
      if (passes) this.#passing.add(wish);
      else this.#floor.ask(wish);
      void line.finished.then(() => {
        this.#passing.delete(wish);
        this.#floor.leave(wish);
        if (member.wish === wish) {
          member.wish = undefined;
          member.duck.emerge();
        }
        resolve();
        this.#giveTurns();
      });
      this.#giveTurns();
    });
  }

  /** A line is heard from its midst on: it comes out of nothing, as if one had come nearer. */
  #join({ npc, duck }: Member, line: TurnLine, seconds: number): void {
    line.joinAt?.(seconds);
    duck.hide();
    npc.handleDuck(duck.gain, duck.glide);
  }

  /** What was said before the first frame was said at it: until then nobody knew the time. */
  #beginClock(): void {
    this.#ticks = true;
    for (const wish of this.#passing) wish.since = this.#clock[0]!;
    for (const wish of this.#floor.waiting) wish.since = this.#clock[0]!;
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

  /** Called by Parley before work of ours that is done in every frame, and after it. Allocate nothing. */
  beginWork(): void {
    this.#begun[0] = this.#now();
  }
  endWork(): void {
    this.#cost[0] = this.#cost[0]! + 1000 * (this.#now() - this.#begun[0]!);
  }

  /** One frame, shown at `performanceMs`. Called by Parley before the characters are stepped. Allocates nothing. */
  update(performanceMs: number): void {
    this.#clock[0] = performanceMs / 1000;
    if (!this.#ticks) this.#beginClock();
    if (this.#measures && this.#budget.step(this.#clock, this.#cost))
      this.#rings.setPlaces(this.#budget.faces, this.#budget.mouths);
    this.#cost[0] = 0;
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
      const { npc, wish, duck, seat } = member;
      if (duck.hidden && wish?.line.state === 'speaking') duck.emerge();
      const ducked = wish !== undefined && this.#floor.isDucked(wish);
      if (duck.step(ducked, this.#clock)) npc.handleDuck(duck.gain, duck.glide);
      if (this.#holds) member.hold.step(wish?.line, ducked && duck.isDown);
      // Also of those that are behind the player: there it tells most.
      if (npc.spatial) npc.spatial.mayHaveHrtf = seat.quality === RING.near;
    }
    this.#buses.step(this.#floor.hasStory, this.#clock);
    this.#rings.update(this.#clock);
    if (this.#passing.size > 0) this.#pass();
    if (this.#stripe === 0 && this.#floor.waiting.size > 0) this.#giveTurns();
  }

  dispose(): void {
    this.#buses.dispose();
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
      this.#leases.lift(begin.line.request);
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
