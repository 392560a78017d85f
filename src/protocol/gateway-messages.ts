import type { Cue, WordMark } from '../speech/cue.ts';
import type { RefusalKind, SpeechErrorCode } from '../speech/errors.ts';
import type { Field } from '../speech/field.ts';
import { readShapes } from '../speech/shapes-json.ts';
import type { TimingOrigin, TimingUnit } from '../speech/source.ts';
import { openMessage, optional, present } from './json-field.ts';
import { readCueRow, readWordRow } from './rows.ts';
import { CODECS, type Codec, MAX_LINE } from './wire.ts';

export interface WelcomeMessage {
  readonly type: 'welcome';
  readonly session: string;
  readonly secret: string;
  readonly codec: Codec;
  /** Milliseconds of the gateway's clock. */
  readonly time: number;
  /** Lines that go on. */
  readonly resumed: readonly number[];
  readonly limits: { readonly textLength: number; readonly lines: number; readonly resumeSeconds: number };
  /** Whether texts may be said; else only lines of the game's list. */
  readonly freeText: boolean;
  /** Those that may be asked for, where not all are. */
  readonly voices?: readonly string[];
  /** What the source behind the gateway is able to do. */
  readonly source?: SourceTold;
}

/** What a source is able to do, as far as it is not the same for all over this protocol. */
export interface SourceTold {
  /** What it tells with times, finest first. */
  readonly gives: readonly TimingUnit[];
  /** Audio that must be ahead of the playhead for its marks to be in time, seconds. */
  readonly lookAheadSeconds: number;
  /** Whether it takes texts with mark-up as they are. */
  readonly readsMarkup: boolean;
}

export interface BeginMessage {
  readonly type: 'begin';
  readonly line: number;
  readonly share: string;
  readonly origin: 'fresh' | 'joined' | 'hit';
  readonly sampleRate: number;
  /** Samples that an Opus decoder gives too many at the start. */
  readonly preSkip?: number;
  readonly voice: string;
  readonly lang: string;
  readonly timing: TimingOrigin;
  readonly confidence: number;
  /** The sample that the sound begins with. */
  readonly from: number;
  /** Milliseconds of the gateway's clock. */
  readonly startedAt: number;
}

export interface CuesMessage {
  readonly type: 'cues';
  readonly line: number;
  readonly cues: readonly Cue[];
}

export interface WordsMessage {
  readonly type: 'words';
  readonly line: number;
  readonly words: readonly WordMark[];
}

/** Frames of the face; `frames` as `ShapesPart` has them. */
export interface ShapesMessage {
  readonly type: 'shapes';
  readonly line: number;
  readonly fps: number;
  readonly from: number;
  readonly frames: Float32Array;
}

export interface ReadyMessage {
  readonly type: 'ready';
  readonly line: number;
}

export interface EndMessage {
  readonly type: 'end';
  readonly line: number;
  readonly samples: number;
}

export interface ErrorMessage {
  readonly type: 'error';
  /** Absent where the message before was none. */
  readonly line?: number;
  readonly code: SpeechErrorCode;
  readonly message: string;
  readonly refusal?: RefusalKind;
  readonly retryAfterSeconds?: number;
}

export interface PongMessage {
  readonly type: 'pong';
  readonly at: number;
  /** Milliseconds of the gateway's clock. */
  readonly time: number;
}

export interface DrainingMessage {
  readonly type: 'draining';
  readonly seconds: number;
}

/** A message of a later version, which may be passed over. */
export interface UnknownMessage {
  readonly type: 'unknown';
}

export type GatewayMessage =
  | WelcomeMessage
  | BeginMessage
  | CuesMessage
  | WordsMessage
  | ShapesMessage
  | ReadyMessage
  | EndMessage
  | ErrorMessage
  | PongMessage
  | DrainingMessage
  | UnknownMessage;

/** Greatest place of a frame of a face: that of 20 minutes at 60 a second. */
const MOST_FRAMES = 72_000;

const ORIGINS = ['fresh', 'joined', 'hit'] as const;
/** All that there are. */
export const TIMINGS: readonly TimingOrigin[] = ['service', 'words', 'alignment', 'audio', 'text'];
const UNITS: readonly TimingUnit[] = ['visemes', 'phones', 'characters', 'words'];

/** Longest look-ahead, seconds. */
const LONGEST_LOOK = 60;

export const REFUSALS: readonly RefusalKind[] = ['busy', 'key', 'retired', 'request'];
export const CODES: readonly SpeechErrorCode[] = [
  'connect-failed',
  'connect-timeout',
  'first-audio-timeout',
  'stalled',
  'closed-early',
  'refused',
  'service-failed',
  'protocol',
  'empty',
  'too-long',
  'synthesis-failed',
  'locked',
  'aborted',
];

const READERS: Readonly<Record<string, (message: Field) => GatewayMessage>> = {
  welcome: welcomeOf,
  begin: beginOf,
  cues: (message) => ({
    type: 'cues',
    line: lineOf(message),
    cues: message.get('cues').items().map(readCueRow),
  }),
  words: (message) => ({
    type: 'words',
    line: lineOf(message),
    words: message.get('words').items().map(readWordRow),
  }),
  shapes: shapesOf,
  ready: (message) => ({ type: 'ready', line: lineOf(message) }),
  end: (message) => ({ type: 'end', line: lineOf(message), samples: message.get('samples').whole(0) }),
  error: errorOf,
  pong: (message) => ({ type: 'pong', at: message.get('at').number(), time: message.get('time').number() }),
  draining: (message) => ({ type: 'draining', seconds: message.get('seconds').number(0) }),
};

/** A text message of a gateway. Throws `InputError`, which names the field, for what is none. */
export function readGatewayMessage(text: string): GatewayMessage {
  const { message, type } = openMessage(text);
  const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  return read ? read(message) : { type: 'unknown' };
}

function lineOf(message: Field): number {
  return message.get('line').whole(1, MAX_LINE);
}

function welcomeOf(message: Field): WelcomeMessage {
  const limits = message.get('limits');
  const resumed = message.get('resumed').items();
  const freeText = message.get('freeText');
  return present({
    type: 'welcome' as const,
    session: message.get('session').text(),
    secret: message.get('secret').text(),
    codec: message.get('codec').oneOf(CODECS),
    time: message.get('time').number(),
    resumed: resumed.map((line) => line.whole(1, MAX_LINE)),
    limits: {
      textLength: limits.get('textLength').whole(1),
      lines: limits.get('lines').whole(1),
      resumeSeconds: limits.get('resumeSeconds').number(0),
    },
    freeText: truthOf(freeText),
    voices: optional(message.get('voices'), (field) => field.items().map((item) => item.text())),
    source: optional(message.get('source'), sourceOf),
  }) as WelcomeMessage;
}

/** Units of a later version are passed over. */
function sourceOf(field: Field): SourceTold {
  const gives = field.get('gives').items();
  return {
    gives: UNITS.filter((unit) => gives.some((given) => given.text() === unit)),
    lookAheadSeconds: field.get('lookAheadSeconds').number(0, LONGEST_LOOK),
    readsMarkup: truthOf(field.get('readsMarkup')),
  };
}

function beginOf(message: Field): BeginMessage {
  return present({
    type: 'begin' as const,
    line: lineOf(message),
    share: message.get('share').text(),
    origin: message.get('origin').oneOf(ORIGINS),
    sampleRate: message.get('sampleRate').whole(8_000, 48_000),
    preSkip: optional(message.get('preSkip'), (field) => field.whole(0, 48_000)),
    voice: message.get('voice').text(),
    lang: message.get('lang').text(),
    timing: message.get('timing').oneOf(TIMINGS),
    confidence: message.get('confidence').number(0, 1),
    from: message.get('from').whole(0),
    startedAt: message.get('startedAt').number(),
  }) as BeginMessage;
}

function shapesOf(message: Field): ShapesMessage {
  const from = message.get('from').number(0, MOST_FRAMES);
  return { type: 'shapes', line: lineOf(message), from, ...readShapes(message) };
}

function errorOf(message: Field): ErrorMessage {
  return present({
    type: 'error' as const,
    line: optional(message.get('line'), (field) => field.whole(1, MAX_LINE)),
    code: message.get('code').oneOf(CODES),
    message: message.get('message').text(),
    refusal: optional(message.get('refusal'), (field) => field.oneOf(REFUSALS)),
    retryAfterSeconds: optional(message.get('retryAfterSeconds'), (field) => field.number(0)),
  }) as ErrorMessage;
}

function truthOf(field: Field): boolean {
  if (typeof field.value !== 'boolean') throw field.wrong('true or false');
  return field.value;
}
