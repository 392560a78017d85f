import { Field } from '../speech/field.ts';
import type { Sayable } from './line-maker.ts';
import type { SayOptions } from './npc-options.ts';
import type { TalkingNpc } from './talking-npc.ts';

/**
 * What becomes of a turn that was cut short: its `rest` is said, from the word that was cut; the turn is said `again` as
 * a whole; or it is dropped.
 */
export type IfCut = 'rest' | 'again' | 'drop';

/** What one of a conversation says. */
export interface Turn extends Omit<SayOptions, 'whileSpeaking' | 'after'> {
  readonly npc: TalkingNpc;
  /** A text, a text that is still being written, a track, or the reply of an agent. */
  readonly say: Sayable;
  /**
   * Seconds from the last sound of the turn before to the first of this one, below 0 where they overlap. Default: drawn
   * as people do it, -0.1 to 0.5, most often about 0.2.
   */
  readonly gap?: number;
  /** To whom it is said: looked at. Default: whoever spoke before, or speaks next. */
  readonly to?: TalkingNpc | 'player';
  /** Default: that of the conversation. */
  readonly ifCut?: IfCut;
}

/** How a conversation goes. */
export interface ConversationOptions {
  /**
   * What is said: a list, or a generator (also async, as a language model writes), which is asked for one turn more than is
   * spoken. Default: nothing but what `Conversation.say` adds, until `Conversation.end`.
   */
  readonly turns?: Iterable<Turn> | AsyncIterable<Turn>;
  /** Priority of turns that have none. Default 0. */
  readonly priority?: number;
  /** What becomes of turns that are cut short. Default `rest`. */
  readonly ifCut?: IfCut;
  /** Any whole number: conversations with the same one have the same gaps and glances. Default 0. */
  readonly seed?: number;
  /** Stops the conversation. */
  readonly signal?: AbortSignal;
}

/** How a conversation is held. */
export interface HoldOptions {
  /** When whoever speaks falls silent: at the end of a `syllable` (the default), `now`, or when the `turn` is over. */
  readonly at?: 'syllable' | 'now' | 'turn';
}

/** How a conversation ended. */
export interface ConversationResult {
  readonly outcome: 'finished' | 'stopped' | 'failed';
  /** Turns that were spoken, or begun. */
  readonly turns: number;
  /** What a generator threw, or was wrong with a turn; absent otherwise. */
  readonly error?: unknown;
}

const IF_CUT = ['rest', 'again', 'drop'] as const;

/** Throws `InputError` for what is no option. */
export function checkConversation(npcs: readonly TalkingNpc[], options: ConversationOptions): void {
  const people = new Field(npcs, 'converse(npcs)');
  if (people.items().some(({ value }) => typeof value !== 'object' || value === null || !('say' in value)))
    throw people.wrong('NPCs');
  if (npcs.length === 0) throw people.wrong('one NPC or more', 'none');
  const given = new Field(options, 'converse(npcs, options)');
  if (given.get('priority').value !== undefined) given.get('priority').number();
  if (given.get('seed').value !== undefined) given.get('seed').whole(-(2 ** 31), 2 ** 31);
  if (given.get('ifCut').value !== undefined) given.get('ifCut').oneOf(IF_CUT);
}

/** Throws `InputError` for what is no turn of these people. */
export function checkTurn(turn: Turn, npcs: readonly TalkingNpc[], where: string): void {
  const given = new Field(turn, where);
  if (typeof turn !== 'object' || turn === null) throw given.wrong('{ npc, say }');
  if (!npcs.includes(turn.npc)) throw given.get('npc').wrong('one of those who talk', 'another');
  if (turn.say === undefined) throw given.get('say').wrong('what is said');
  if (turn.gap !== undefined) given.get('gap').number(-60, 3_600);
  if (turn.ifCut !== undefined) given.get('ifCut').oneOf(IF_CUT);
}
