import { MOMENT, MOMENT_LENGTH } from '../pose/moment.ts';
import { chance } from '../pose/noise.ts';
import { Regard } from '../pose/regard.ts';
import type { TalkingNpc } from './talking-npc.ts';

/** What a conversation tells the face of one who takes part. */
export interface TalkView {
  /** Whom it looks at, or beside whom; undefined before anybody has spoken. */
  readonly focus: TalkingNpc | 'player' | undefined;
  /** Whom it listens to. */
  readonly heard: TalkingNpc | undefined;
  /** Tells how far beside. */
  readonly regard: Regard;
}

/** Speakers look at the other as they end: 70 % of long utterances ended so (Kendon 1967). Seconds before the end. */
const ENDING = 1;

/**
 * Listeners look at the next speaker before the last one has ended (Holler & Kendrick 2015): so long before at least, and
 * at most more, seconds.
 */
const FORESEEN = 0.1;
const FORESEEN_MORE = 0.25;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Who speaks, and who will. */
interface Floor {
  speaker: TalkingNpc | undefined;
  /** To whom, where it was told. */
  to: TalkingNpc | 'player' | undefined;
  next: TalkingNpc | undefined;
  /** Seconds until the speaker ends; infinite while nobody knows. */
  left: number;
}

/** Decides where each one of a conversation looks. */
export class TalkLooks {
  /** What {@link update} goes by. */
  readonly floor: Floor = {
    speaker: undefined,
    to: undefined,
    next: undefined,
    left: Number.POSITIVE_INFINITY,
  };
  readonly #npcs: readonly TalkingNpc[];
  readonly #views: readonly Mutable<TalkView>[];
  readonly #early: Float64Array;
  readonly #moment = new Float64Array(MOMENT_LENGTH);
  /** Who spoke last, and before that. */
  #last: TalkingNpc | undefined;
  #before: TalkingNpc | undefined;

  constructor(npcs: readonly TalkingNpc[], seed: number) {
    this.#npcs = npcs;
    this.#views = npcs.map((_, index) => ({
      focus: undefined,
      heard: undefined,
      regard: new Regard(seed * 31 + index),
    }));
    this.#early = Float64Array.from(npcs, (_, index) => FORESEEN + FORESEEN_MORE * chance(seed, index));
  }

  /** Their faces follow the conversation from now on. */
  attach(): void {
    for (const [index, npc] of this.#npcs.entries()) npc.handleTalk(this.#views[index]);
  }

  /** Their faces do as they would by themselves. */
  detach(): void {
    for (const npc of this.#npcs) npc.handleTalk(undefined);
  }

  /** One frame, shown at `performanceMs`. Allocates nothing. */
  update(performanceMs: number): void {
    this.#moment[MOMENT.time] = performanceMs / 1000;
    const { floor } = this;
    const { speaker, next } = floor;
    if (speaker && speaker !== this.#last) {
      this.#before = this.#last;
      this.#last = speaker;
    }
    for (let index = 0; index < this.#npcs.length; index++) {
      const npc = this.#npcs[index]!;
      const view = this.#views[index]!;
      const speaks = npc === speaker;
      const ends = floor.left < ENDING;
      view.heard = speaks ? undefined : speaker;
      if (speaks) view.focus = floor.to ?? this.#partnerOf(npc, next);
      else if (next && next !== npc && (!speaker || floor.left < this.#early[index]!)) view.focus = next;
      else view.focus = this.#last === npc ? this.#partnerOf(npc, next) : this.#last;
      // Whoever is about to answer looks, too.
      view.regard.update(this.#moment, speaks, ends && (speaks || npc === next));
    }
  }

  /** With whom one talks: whoever spoke before, or is next; else the first of the others, or the player where there is none. */
  #partnerOf(npc: TalkingNpc, next: TalkingNpc | undefined): TalkingNpc | 'player' {
    if (this.#before && this.#before !== npc) return this.#before;
    if (next && next !== npc) return next;
    for (let index = 0; index < this.#npcs.length; index++)
      if (this.#npcs[index] !== npc) return this.#npcs[index]!;
    return 'player';
  }
}
