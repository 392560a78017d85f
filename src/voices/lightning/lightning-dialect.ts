import { InputError } from '../../speech/errors.ts';
import type { SpeechRequest } from '../../speech/source.ts';
import { standIns } from '../stand-ins.ts';
import { textPieces } from '../text-pieces.ts';

/** Where the service listens today. */
export const LIGHTNING_URL = 'wss://api.smallest.ai/waves/v1/tts/live';

/** Rates at which the service sends sound, Hz. */
export const LIGHTNING_RATES = [24_000, 8_000, 16_000, 44_100] as const;

/** The two forms of the protocol. */
export interface LightningDialect {
  readonly name: 'v2' | 'v3.1';
  /** The voice of a request that names none. */
  readonly voice: string;
  /** Slowest and fastest rate of speaking. */
  readonly speed: readonly [min: number, max: number];
  /** Whether it can tell when each word is spoken. */
  readonly words: boolean;
  /** Longest idle time-out that can be asked for, seconds. */
  readonly longestIdle: number;
  /** Voices of the service that stand for the ten by which clients of a gateway ask: women for F, men for M. */
  readonly standIns: Readonly<Record<string, string>>;
}

const V2: LightningDialect = {
  name: 'v2',
  voice: 'emily',
  speed: [0.1, 5],
  words: false,
  longestIdle: 60,
  standIns: standIns(['emily', 'jasmine'], ['arman', 'james', 'george']),
};

/** Word times come for a few voices only: these six. */
const V3: LightningDialect = {
  name: 'v3.1',
  voice: 'avery',
  speed: [0.5, 2],
  words: true,
  longestIdle: 3600,
  standIns: standIns(['avery', 'meher', 'maithili'], ['liam', 'devansh', 'kartik']),
};

/** The dialect that is spoken at an address, by its path: v2 where `lightning-v2` stands in it, else today's. */
export function dialectOf(url: string): LightningDialect {
  return URL.canParse(url) && /\/lightning-v2\//.test(new URL(url).pathname) ? V2 : V3;
}

/** What the service's options add to a request. */
export interface LightningVoiceOptions {
  /** v3.1: `lightning_v3.1` or `lightning_v3.1_pro`. Default: the service's own, the first. */
  readonly model?: string;
  /** v2: how steady the voice is, 0 to 1. Default: the service's own, 0.5. */
  readonly consistency?: number;
  /** v2: how near the voice is to its recording, 0 to 1. Default: the service's own, 0. */
  readonly similarity?: number;
  /** v2: quality for time, 0 to 2. Default: the service's own, 1. */
  readonly enhancement?: number;
  /** v3.1: lists of pronunciations kept with the service, by their ids. Default: none. */
  readonly pronunciationDicts?: readonly string[];
}

/** Longest text of one message, UTF-16 units: the service takes 250 characters, and likes about 140. */
const LONGEST_PIECE = 240;

/**
 * Time that the service waits for more text, after the last sound, before it says that the line is complete, ms. By its
 * own default it takes 4 seconds, in which the unit stays taken; all text is sent at once, so a moment is enough.
 */
const COMPLETE_BACKOFF_MS = 100;

/**
 * The messages that ask for a line: its text in pieces of whole clauses, all but the last with the word that more
 * follows, the last with `flush`. Throws {@link InputError} for a rate of speaking that the dialect does not have.
 */
export function lightningAsks(
  dialect: LightningDialect,
  { text, voice, lang, speed }: SpeechRequest,
  sampleRate: number,
  options: LightningVoiceOptions,
): string[] {
  const [slowest, fastest] = dialect.speed;
  if (speed !== undefined && !(speed >= slowest && speed <= fastest)) {
    throw new InputError(
      'speed',
      `a number from ${slowest} to ${fastest} for Lightning ${dialect.name}`,
      String(speed),
    );
  }
  const { model, consistency, similarity, enhancement, pronunciationDicts } = options;
  const own =
    dialect.name === 'v2'
      ? { consistency, similarity, enhancement, add_wav_header: false }
      : { model, word_timestamps: true, output_format: 'pcm', pronunciation_dicts: pronunciationDicts };
  const fields = {
    voice_id: voice ?? dialect.voice,
    language: lang,
    sample_rate: sampleRate,
    speed,
    complete_backoff_ms: COMPLETE_BACKOFF_MS,
    ...own,
  };
  const pieces = textPieces(text, LONGEST_PIECE, lang);
  return pieces.map((piece, index) => {
    const last = index === pieces.length - 1;
    return JSON.stringify({ ...fields, text: piece, continue: !last, flush: last });
  });
}
