import { Observable, type Observer } from '@babylonjs/core/Misc/observable.js';
import type { IDisposable } from '@babylonjs/core/scene.js';
import { mayCut, turnGap } from '../director/turns.ts';
import { chance } from '../pose/noise.ts';
import { InputError } from '../speech/errors.ts';
import {
  type ConversationOptions,
  type ConversationResult,
  checkConversation,
  checkTurn,
  type HoldOptions,
  type Turn,
} from './conversation-options.ts';
import type { Line } from './line.ts';
import type { Prepared, Sayable } from './line-maker.ts';
import { notify } from './notify.ts';
import type { Parley } from './parley.ts';
import { TalkLooks } from './talk-looks.ts';
import type { TalkingNpc } from './talking-npc.ts';
import type { TurnLine } from './turn-line.ts';
import { TurnSource } from './turn-source.ts';

/** A turn is given to its character so long before it is heard, milliseconds: a hidden tab steps four times a second. */
const LEAD_MS = 750;

/** What {@link Conversation.onTurnObservable} tells. */
export interface TurnSaid {
  readonly turn: Turn;
  readonly line: Line;
  /** Turns before it. */
  readonly index: number;
}

/** A turn whose line was given to its character. */
interface Said {
  readonly turn: Turn;
  readonly line: TurnLine;
  /** The line that was to end before, and whose it is. */
  readonly before: TurnLine | undefined;
  readonly npcBefore: TalkingNpc | undefined;
}

/**
 * A conversation between characters: turn after turn, each prepared while the one before is spoken, with the gaps and
 * small overlaps of people, to the sample. Made by `Parley.converse`, and begun at once.
 *
 * Whatever else is said to one of them goes first: the conversation waits for it, and whoever speaks meanwhile falls
 * silent at the end of a syllable. Out of hearing of a director it goes on in its time.
 */
export class Conversation implements IDisposable {
  /** Fires with each turn as its character takes it: up to 0.75 s before it is heard. */
  readonly onTurnObservable = new Observable<TurnSaid>();
  /** Settles once, when it is over; never rejects. */
  readonly finished: Promise<ConversationResult>;

  readonly #parley: Parley;
  readonly #npcs: readonly TalkingNpc[];
  readonly #options: ConversationOptions;
  readonly #source: TurnSource;
  readonly #looks: TalkLooks;
  readonly #observers: Observer<Line>[];
  #settle!: (result: ConversationResult) => void;
  /** Turns that go before those of the source, and fetched ones. */
  readonly #pending: Turn[] = [];
  readonly #prepared = new Map<Turn, Prepared>();
  /** Turns whose lines are not over, in their order. */
  readonly #said: Said[] = [];
  /** Lines of theirs that are none of the conversation's. */
  readonly #others = new Set<Line>();
  /** The line after which the next turn comes. */
  #last: TurnLine | undefined;
  #lastNpc: TalkingNpc | undefined;
  /** When that was seen to be over where nobody heard it, milliseconds. */
  #passedMs = Number.NaN;
  #saying = false;
  #closed = false;
  #held = false;
  #ended = false;
  #turns = 0;

  /** Use `Parley.converse`. Throws {@link InputError} for what is no option, and for a list whose turns are not theirs. */
  constructor(parley: Parley, npcs: readonly TalkingNpc[], options: ConversationOptions) {
    checkConversation(npcs, options);
    const { turns, seed = 0, signal } = options;
    if (Array.isArray(turns))
      turns.forEach(
        (turn: Turn, index) => void checkTurn(turn, npcs, `converse({ turns }), turns[${index}]`),
      );
    this.#parley = parley;
    this.#npcs = [...npcs];
    this.#options = options;
    this.#source = new TurnSource(turns);
    this.#closed = turns !== undefined;
    this.finished = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#looks = new TalkLooks(this.#npcs, seed);
    this.#looks.attach();
    this.#observers = this.#npcs.map((npc) =>
      npc.onLineObservable.add((line) => this.#handleLine(npc, line)),
    );
    parley.registerStepped(this);
    signal?.addEventListener('abort', this.#handleAbort);
    if (signal?.aborted) this.#handleAbort();
  }

  /** Those who talk. */
  get npcs(): readonly TalkingNpc[] {
    return this.#npcs;
  }

  /** Who speaks now; undefined in gaps, and while another line goes first. */
  get speaker(): TalkingNpc | undefined {
    return this.#speaking?.turn.npc;
  }

  /** Whether it waits for {@link resume}. */
  get held(): boolean {
    return this.#held;
  }

  /** Whether it is over, in whichever way. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Adds a turn: it comes before those that were not asked for yet. One whose priority is higher by 1 than that of the turn
   * that is spoken cuts it short. Nothing happens once the conversation is over. Throws {@link InputError} for who does
   * not take part, and what cannot be said.
   */
  say(npc: TalkingNpc, say: Sayable, options: Omit<Turn, 'npc' | 'say'> = {}): void {
    const turn: Turn = { ...options, npc, say };
    checkTurn(turn, this.#npcs, 'Conversation.say()');
    if (this.#ended) return;
    const speaking = this.#speaking;
    if (speaking && !this.#held && mayCut(this.#priorityOf(turn), this.#priorityOf(speaking.turn)))
      this.#cutIn(turn, speaking);
    else this.#pending.push(turn);
  }

  /** No more turns are added: it is over when what there is was said. */
  end(): void {
    this.#closed = true;
  }

  /** Falls silent until {@link resume}, for a player who wants to speak, say. Faces are free meanwhile. */
  hold({ at = 'syllable' }: HoldOptions = {}): void {
    if (at !== 'syllable' && at !== 'now' && at !== 'turn')
      throw new InputError('Conversation.hold({ at })', 'syllable, now or turn', String(at));
    if (this.#ended) return;
    this.#held = true;
    this.#withdraw();
    if (at !== 'turn') for (const { line } of this.#said) void line.stop({ at });
    this.#looks.detach();
  }

  /** Goes on, with what was cut short as `ifCut` says. */
  resume(): void {
    if (!this.#held || this.#ended) return;
    this.#held = false;
    this.#looks.attach();
  }

  /** Ends it: whoever speaks falls silent at the end of a syllable. Resolves when all is silent. May be called twice. */
  async stop(): Promise<ConversationResult> {
    this.#end({ outcome: 'stopped', turns: this.#turns });
    return this.finished;
  }

  /** As {@link stop}, without waiting. */
  dispose(): void {
    void this.stop();
  }

  /** One frame, shown at `performanceMs`. Called by Parley before the characters are stepped. */
  update(performanceMs: number): void {
    if (this.#ended) return;
    this.#look(performanceMs);
    if (this.#held || this.#others.size > 0) return;
    try {
      this.#go(performanceMs);
    } catch (error) {
      this.#end({ outcome: 'failed', turns: this.#turns, error });
    }
  }

  /** Goes on, where it is time. */
  #go(performanceMs: number): void {
    const turn = this.#next();
    if (!turn) {
      if (this.#source.error !== undefined) throw this.#source.error;
      const over = this.#closed && (this.#source.over || this.#options.turns === undefined);
      if (over && this.#said.length === 0) this.#end({ outcome: 'finished', turns: this.#turns });
      return;
    }
    if (turn.npc.attachedNode === null) {
      this.#pending.shift(); // It has left.
      return;
    }
    this.#prepare(turn);
    if (!this.#isTime(turn, performanceMs)) return;
    this.#pending.shift();
    const last = this.#last;
    this.#say(turn, last?.ended && last.soundEndMs === undefined ? undefined : last);
  }

  /** The turn that is to come; asks for it where there is none. */
  #next(): Turn | undefined {
    if (this.#pending.length > 0) return this.#pending[0];
    const turn = this.#source.take();
    if (!turn) return undefined;
    checkTurn(turn, this.#npcs, 'converse({ turns })');
    this.#pending.push(turn);
    return turn;
  }

  #gapOf({ npc, gap }: Turn): number {
    const { seed = 0 } = this.#options;
    return gap ?? turnGap(chance(seed, this.#turns), npc === this.#lastNpc);
  }

  #priorityOf({ priority }: Turn): number {
    return priority ?? this.#options.priority ?? 0;
  }

  /** Whether a turn is to be given to its character. */
  #isTime(turn: Turn, performanceMs: number): boolean {
    const last = this.#last;
    if (!last) return true;
    const gapMs = this.#gapOf(turn) * 1000;
    const endMs = last.soundEndMs;
    if (last.ended) {
      if (endMs !== undefined) return true;
      if (Number.isNaN(this.#passedMs)) this.#passedMs = performanceMs;
      return performanceMs - this.#passedMs >= gapMs;
    }
    // What cannot be prepared is asked for as soon as it may be.
    if (!isReady(turn.say)) return last.playhead > 0;
    return endMs !== undefined && endMs + gapMs - performanceMs < LEAD_MS;
  }

  #prepare(turn: Turn): void {
    if (typeof turn.say !== 'string' || this.#prepared.has(turn) || turn.npc.ring === 'unheard') return;
    this.#prepared.set(turn, turn.npc.prepare(turn.say, sayOptionsOf(turn)));
  }

  #say(turn: Turn, after: TurnLine | undefined): void {
    const seconds = this.#gapOf(turn);
    const prepared = this.#prepared.get(turn);
    this.#prepared.delete(turn);
    this.#saying = true;
    try {
      const line = turn.npc.say(turn.say, {
        ...sayOptionsOf(turn),
        priority: this.#priorityOf(turn),
        whileSpeaking: 'enqueue',
        ...(after && { after: { line: after, seconds } }),
      }) as TurnLine;
      const said: Said = { turn, line, before: this.#last, npcBefore: this.#lastNpc };
      this.#said.push(said);
      this.#follow(turn.npc, line);
      void line.finished.then(({ outcome }) => this.#handleEnd(said, outcome));
      notify(this.onTurnObservable, { turn, line, index: this.#turns });
      this.#turns++;
    } finally {
      this.#saying = false;
      prepared?.cancel(); // Of one that was taken nothing is given up.
    }
  }

  #follow(npc: TalkingNpc, line: TurnLine): void {
    this.#last = line;
    this.#lastNpc = npc;
    this.#passedMs = Number.NaN;
  }

  /** The turn that is heard; of two that overlap the first. */
  get #speaking(): Said | undefined {
    for (let index = 0; index < this.#said.length; index++) {
      const said = this.#said[index]!;
      if (hasBegun(said.line)) return said;
    }
    return undefined;
  }

  /** Begins while the other still speaks; who is cut short falls silent with the syllable in which it is heard. */
  #cutIn(turn: Turn, { line: cut }: Said): void {
    this.#withdraw();
    this.#say(turn, undefined);
    const { line } = this.#said.at(-1)!;
    const observer = line.onStateObservable.add((state) => {
      if (state === 'queued' || state === 'loading' || state === 'waiting' || state === 'buffering') return;
      observer.remove();
      void cut.stop({ at: 'syllable' });
    });
  }

  /** Takes back what was given to a character and not heard. */
  #withdraw(): void {
    for (let index = this.#said.length - 1; index >= 0; index--) {
      const said = this.#said[index]!;
      if (hasBegun(said.line)) break;
      this.#said.pop();
      this.#last = said.before;
      this.#lastNpc = said.npcBefore;
      this.#turns--;
      void said.line.stop();
      this.#pending.unshift(said.turn);
    }
  }

  #handleEnd(said: Said, outcome: string): void {
    const index = this.#said.indexOf(said);
    if (index < 0) return; // Withdrawn.
    this.#said.splice(index, 1);
    if (outcome !== 'stopped' || this.#ended) return;
    const { turn, line } = said;
    const { ifCut = this.#options.ifCut ?? 'rest' } = turn;
    if (ifCut === 'drop') return;
    const rest = ifCut === 'again' ? turn.say : line.rest;
    if (rest === undefined || rest === '') return;
    // What was to follow it waits until it is said; what has cut it short is heard by now.
    this.#withdraw();
    this.#pending.unshift({ ...turn, say: rest });
  }

  /** Somebody who takes part says something else: it goes first. */
  #handleLine(npc: TalkingNpc, line: Line): void {
    if (this.#saying || line.ended) return;
    this.#withdraw();
    if (this.#others.size === 0) this.#looks.detach();
    this.#others.add(line);
    for (const said of this.#said) if (said.turn.npc !== npc) void said.line.stop({ at: 'syllable' });
    void line.finished.then(() => {
      this.#others.delete(line);
      this.#follow(npc, line as TurnLine);
      if (this.#others.size === 0 && !this.#held && !this.#ended) this.#looks.attach();
    });
  }

  #look(performanceMs: number): void {
    if (this.#held || this.#others.size > 0) return;
    const speaking = this.#speaking;
    const endMs = speaking?.line.soundEndMs;
    const left = endMs === undefined ? Number.POSITIVE_INFINITY : (endMs - performanceMs) / 1000;
    const coming = this.#said.at(-1);
    const next = coming && coming !== speaking ? coming.turn : this.#pending[0];
    const floor = this.#looks.floor;
    floor.speaker = speaking?.turn.npc;
    floor.to = speaking?.turn.to;
    floor.next = next?.npc;
    floor.left = left;
    this.#looks.update(performanceMs);
  }

  readonly #handleAbort = (): void => this.dispose();

  #end(result: ConversationResult): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.signal?.removeEventListener('abort', this.#handleAbort);
    this.#parley.unregisterStepped(this);
    for (const observer of this.#observers) observer.remove();
    this.#looks.detach();
    this.#source.close();
    for (const prepared of this.#prepared.values()) prepared.cancel();
    this.#prepared.clear();
    const silent = this.#said.map(({ line }) => line.stop({ at: 'syllable' }));
    void Promise.allSettled(silent).then(() => {
      this.#settle(result);
      this.onTurnObservable.clear();
    });
  }
}

/** Whether it can be had before its turn. */
function isReady(say: Sayable): boolean {
  return typeof say === 'string' || (typeof say === 'object' && 'samples' in say);
}

function hasBegun({ playhead, state }: Line): boolean {
  return playhead > 0 || state === 'speaking';
}

function sayOptionsOf({ npc, say, gap, to, ifCut, ...options }: Turn): Omit<Turn, 'npc' | 'say'> {
  return options;
}
