import { InputError } from '../../speech/errors.ts';
import {
  able,
  anything,
  callable,
  checkOptions,
  type OptionChecks,
  text,
} from '../../speech/option-checks.ts';
import type { VoiceSource } from '../../speech/source.ts';
import type { Store } from '../stores/store.ts';
import type { LineIdentity } from './line-key.ts';

/** How lines are shared and kept. */
export interface LineDeskOptions {
  /** Speaks what is not there; a pool, where units are few. It stays the caller's. */
  readonly source: VoiceSource;
  /** What lines depend on beside their requests; `provider` is the source's name, unless it is said. */
  readonly identity?: Partial<Omit<LineIdentity, 'text' | 'tenant'>>;
  /** What gateways share. Default: nothing, in memory. It stays the caller's. */
  readonly store?: Store;
  /** Lines kept in memory, bytes, 1 or more. Default 64 MiB: three minutes at 44.1 kHz for every 16. */
  readonly memoryBytes?: number;
  /** A folder for lines, and its bound in bytes. Default: none. */
  readonly disk?: { readonly folder: string; readonly maxBytes?: number };
  /** A folder that `parley bake` made: its lines are never spoken anew. */
  readonly baked?: string;
  /** Longest line, seconds of sound above 0, up to 3,600. Default 60. */
  readonly maxSeconds?: number;
  /** Longest text, UTF-16 units, 1 to 5,000. Default 500. */
  readonly maxTextLength?: number;
  /** Milliseconds of the clock of `startedAt`. Default: those since 1970. */
  readonly nowMs?: () => number;
  /** Told of faults that are no line's doing: a full disk, damaged files, an inner fault. Default: standard error. */
  readonly onError?: (error: unknown) => void;
}

const IDENTITY_CHECKS: OptionChecks<NonNullable<LineDeskOptions['identity']>> = {
  provider: text,
  model: text,
  voice: text,
  lang: text,
  speed: (option) => void option.number(),
  steps: (option) => void option.number(),
  sampleRate: (option) => void option.number(),
  lexicon: text,
};

const DISK_CHECKS: OptionChecks<NonNullable<LineDeskOptions['disk']>> = { folder: text, maxBytes: anything };

/** The kinds of its options. */
export const DESK_CHECKS: OptionChecks<LineDeskOptions> = {
  source: able('a voice source, such as localVoices()', 'speak'),
  identity: ({ value }) => checkOptions('identity', value, IDENTITY_CHECKS, 'identity.'),
  store: able('a store such as memoryStore() or openRedisStore()', 'limiter', 'onState', 'close'),
  memoryBytes: anything,
  disk: ({ value }) => checkOptions('disk', value, DISK_CHECKS, 'disk.'),
  baked: text,
  maxSeconds: anything,
  maxTextLength: anything,
  nowMs: callable,
  onError: callable,
};

/** What a message of a client has room for, in any language. */
const LONGEST_TEXT = 5_000;

/** Longest line, seconds: an hour. */
const LONGEST_LINE = 3_600;

/** Throws {@link InputError} for bounds that are none. */
export function checkBounds({
  memoryBytes = 1,
  disk,
  maxSeconds = 1,
  maxTextLength = 1,
}: Pick<LineDeskOptions, 'memoryBytes' | 'disk' | 'maxSeconds' | 'maxTextLength'>): void {
  whole('memoryBytes', memoryBytes, Number.MAX_SAFE_INTEGER);
  if (disk && disk.folder === undefined) throw new InputError('disk.folder', 'a folder', 'nothing');
  whole('disk.maxBytes', disk?.maxBytes ?? 1, Number.MAX_SAFE_INTEGER);
  whole('maxTextLength', maxTextLength, LONGEST_TEXT);
  if (!(maxSeconds > 0 && maxSeconds <= LONGEST_LINE)) {
    throw new InputError('maxSeconds', `seconds above 0, up to ${LONGEST_LINE}`, String(maxSeconds));
  }
}

function whole(what: string, number: number, most: number): void {
  if (Number.isSafeInteger(number) && number >= 1 && number <= most) return;
  const range = most === Number.MAX_SAFE_INTEGER ? 'from 1' : `from 1 to ${most}`;
  throw new InputError(what, `a whole number ${range}`, String(number));
}
