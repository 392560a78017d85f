import type { Field } from '../speech/field.ts';
import { openMessage, optional, present } from './json-field.ts';
import { CODECS, type Codec, MAX_CREDIT, MAX_LINE } from './wire.ts';

/** Who waits for a line: the player, a scene, the world around, or nobody yet. */
export const WIRE_PRIORITIES = ['player', 'stage', 'ambient', 'prefetch'] as const;

export type WirePriority = (typeof WIRE_PRIORITIES)[number];

/** How much of a line a client has. */
export interface HeldLine {
  readonly line: number;
  /** Position that its next sound is to have. */
  readonly samples: number;
  readonly cues: number;
  readonly words: number;
  /** Place of the next frame of the face. Default 0. */
  readonly shapes?: number;
}

export interface HelloMessage {
  readonly type: 'hello';
  /** Those the client can decode, best first. */
  readonly codecs: readonly Codec[];
  readonly resume?: {
    readonly session: string;
    readonly secret: string;
    readonly lines: readonly HeldLine[];
  };
}

/** What is to be said: a text, or a line of the game's list. */
export interface WireRequest {
  readonly text?: string;
  readonly id?: string;
  readonly voice?: string;
  readonly lang?: string;
  readonly speed?: number;
  readonly priority?: WirePriority;
}

export interface SayMessage extends WireRequest {
  readonly type: 'say';
  readonly line: number;
  readonly credit: number;
}

export interface PrefetchMessage extends WireRequest {
  readonly type: 'prefetch';
  readonly line: number;
}

export interface JoinMessage {
  readonly type: 'join';
  readonly line: number;
  readonly share: string;
  /** Line time to begin at, seconds. */
  readonly from?: number;
  readonly credit: number;
}

export interface CreditMessage {
  readonly type: 'credit';
  readonly line: number;
  readonly bytes: number;
}

/** It is not wanted any more. */
export interface CancelMessage {
  readonly type: 'cancel';
  readonly line: number;
}

/** Its last message has come. */
export interface DoneMessage {
  readonly type: 'done';
  readonly line: number;
}

export interface PingMessage {
  readonly type: 'ping';
  readonly at: number;
}

export type ClientMessage =
  | HelloMessage
  | SayMessage
  | PrefetchMessage
  | JoinMessage
  | CreditMessage
  | CancelMessage
  | DoneMessage
  | PingMessage;

const CLIENT_TYPES = ['hello', 'say', 'prefetch', 'join', 'credit', 'cancel', 'done', 'ping'] as const;

/** Most lines that a client may go on with. */
const MAX_RESUMED = 256;

/** Longest name of a voice, language, line, session or share, UTF-16 units. */
const LONGEST_NAME = 200;

/** Longest line that is joined in its middle, seconds. */
const LONGEST_LINE = 3600;

/** A text message of a client. Throws `InputError`, which names the field, for what is none. */
export function readClientMessage(text: string): ClientMessage {
  const { message } = openMessage(text);
  const type = message.get('type').oneOf(CLIENT_TYPES);
  if (type === 'hello') return helloOf(message);
  if (type === 'ping') return { type, at: message.get('at').number() };
  const line = message.get('line').whole(1, MAX_LINE);
  switch (type) {
    case 'say':
      return { type, line, ...requestOf(message), credit: creditOf(message.get('credit')) };
    case 'prefetch':
      return { type, line, ...requestOf(message) };
    case 'join': {
      const from = optional(message.get('from'), (field) => field.number(0, LONGEST_LINE));
      return present({
        type,
        line,
        share: name(message.get('share')),
        from,
        credit: creditOf(message.get('credit')),
      }) as JoinMessage;
    }
    case 'credit':
      return { type, line, bytes: creditOf(message.get('bytes')) };
    default:
      return { type, line };
  }
}

/** Types of messages that ask for a line. */
const ASKING = ['say', 'prefetch', 'join'] as const;

/** The line that a message asks for, if it does; also where {@link readClientMessage} does not take the rest of it. */
export function askedLineOf(text: string): number | undefined {
  try {
    const { message } = openMessage(text);
    message.get('type').oneOf(ASKING);
    return message.get('line').whole(1, MAX_LINE);
  } catch {
    return undefined; // What is wrong with it was told already.
  }
}

function helloOf(message: Field): HelloMessage {
  const codecs = message
    .get('codecs')
    .items()
    .map((item) => item.text())
    .filter((codec): codec is Codec => CODECS.some((known) => known === codec));
  if (codecs.length === 0) throw message.get('codecs').wrong(`at least one of ${CODECS.join(', ')}`);
  const resume = optional(message.get('resume'), (field) => ({
    session: name(field.get('session')),
    secret: name(field.get('secret')),
    lines: heldOf(field.get('lines')),
  }));
  return present({ type: 'hello' as const, codecs: [...new Set(codecs)], resume }) as HelloMessage;
}

function heldOf(field: Field): HeldLine[] {
  const items = field.items();
  if (items.length > MAX_RESUMED) throw field.wrong(`at most ${MAX_RESUMED} lines`, String(items.length));
  return items.map(
    (item) =>
      present({
        line: item.get('line').whole(1, MAX_LINE),
        samples: item.get('samples').whole(0),
        cues: item.get('cues').whole(0),
        words: item.get('words').whole(0),
        shapes: optional(item.get('shapes'), (field) => field.number(0)),
      }) as HeldLine,
  );
}

function requestOf(message: Field): WireRequest {
  const text = optional(message.get('text'), (field) => field.text());
  const id = optional(message.get('id'), name);
  if ((text === undefined) === (id === undefined)) {
    throw message.wrong('either a text or an id', text === undefined ? 'neither' : 'both');
  }
  return present({
    text,
    id,
    voice: optional(message.get('voice'), name),
    lang: optional(message.get('lang'), name),
    speed: optional(message.get('speed'), (field) => field.number(0.1, 10)),
    priority: optional(message.get('priority'), (field) => field.oneOf(WIRE_PRIORITIES)),
  }) as WireRequest;
}

function creditOf(field: Field): number {
  return field.whole(0, MAX_CREDIT);
}

function name(field: Field): string {
  const text = field.text();
  if (text === '' || text.length > LONGEST_NAME) throw field.wrong(`1 to ${LONGEST_NAME} characters`);
  return text;
}
