import type { SpeechError } from '../../speech/errors.ts';
import type { SpeechPart } from '../../speech/part.ts';
import type { SourceTiming } from '../../speech/source.ts';
import type { LeaseStore } from '../../voices/pool/lease-store.ts';

/**
 * What gateways share: in memory for one process, in Redis for many. One that is away is no failure: what can go on
 * without it goes on, and `state` says so.
 */
export interface Store {
  /** Units of accounts, and who of all gateways goes next. */
  readonly leases: LeaseStore;
  /** Lines under way: who makes each, and its parts for the others. */
  readonly lines: LineStreams;
  /** When lines began to be heard, on any gateway; undefined where there is but one. */
  readonly starts: LineStarts | undefined;
  /** Lines that are whole, for all; undefined where there is no such cache. */
  readonly cache: LineCache | undefined;
  /** Ids that may be used once. */
  readonly usedIds: UsedIds;
  /** Secret behind the shares of lines, 32 bytes: the same on every gateway of the store. */
  readonly secret: Uint8Array;
  readonly state: StoreState;
  /** What is away of it; nothing where `state` is `ok`. */
  readonly away: readonly StorePart[];
  /** Why, in a word for each of them that is known: `ECONNREFUSED`, or `READONLY`, `OOM`, `NOPERM` as Redis says it. */
  readonly why?: Readonly<Partial<Record<StorePart, string>>>;
  /** A counter for budgets and rates; those with the same name count together. */
  limiter(options: LimiterOptions): Limiter;
  /** Told of every change of `state`. Returns what ends it. */
  onState(listener: (state: StoreState) => void): () => void;
  /** Lets go of everything. May be called twice. */
  close(): Promise<void>;
}

/** `degraded`: the store is away. Cached lines and a local share of each account go on. */
export type StoreState = 'ok' | 'degraded';

/** What of a store can be away: what gateways do together, or the cache of whole lines. */
export type StorePart = 'sharing' | 'cache';

/** What stands at the head of a line under way. */
export interface LinePieceHead {
  readonly type: 'head';
  readonly voice: string;
  readonly lang: string;
  readonly timing: SourceTiming;
}

/** A line under way as gateways tell it one another: its head, then its parts. */
export type LinePiece = LinePieceHead | SpeechPart;

/** Lines under way. */
export interface LineStreams {
  /**
   * Takes on the making of a line; undefined where another makes it, or has just made it. Never rejects: where the store
   * is away, the line is made here too.
   */
  lead(key: string): Promise<LineWriter | undefined>;
  /**
   * The pieces of a line that another makes, from the first to its `end`. Throws the line's {@link SpeechError} where it
   * failed, {@link LeaderGoneError} where nobody makes it any more, and `aborted` once `signal` aborts.
   */
  follow(key: string, signal: AbortSignal): AsyncIterable<LinePiece>;
  /** Whether somebody makes it, or has just made it. */
  has(key: string): Promise<boolean>;
  /** Tells whoever makes the line that it has become more urgent. */
  lift(key: string, priority: number): void;
}

/** Tells others of a line that is made here. */
export interface LineWriter {
  /** Adds a piece. Never waits, never throws: who is not reached makes the line alone. */
  write(piece: LinePiece): void;
  /** The line is whole; what was written stays for those who read it. */
  finish(): Promise<void>;
  /** The line failed, or nobody wants it: it may be made anew. Those who read it are told `error`. */
  fail(error: SpeechError): Promise<void>;
  /** How many others read it. */
  readers(): Promise<number>;
  /** Tells that another wants it with this priority. Returns what ends it. */
  onLift(listener: (priority: number) => void): () => void;
}

/** Whoever made a line is gone without a word. */
export class LeaderGoneError extends Error {
  override readonly name = 'LeaderGoneError';

  constructor() {
    super('The gateway that made the line is gone.');
  }
}

/** When lines began to be heard, for who joins them on another gateway. Neither method rejects. */
export interface LineStarts {
  /** A line is heard from now on, unless it is heard elsewhere: that ended where it began longer ago than `seconds`. */
  tell(key: string, seconds: number): Promise<void>;
  /** How long ago that was, ms; undefined where nobody knows. */
  agoMs(key: string): Promise<number | undefined>;
}

/** Packed lines by key. Neither method rejects. */
export interface LineCache {
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, packed: Uint8Array): Promise<void>;
  /** Removes one that is of no use. */
  drop(key: string): Promise<void>;
}

/** Ids that may be used once, such as those of tickets. */
export interface UsedIds {
  /**
   * Uses an id; it is remembered for `seconds`. Resolves with whether it was the first time. Rejects with
   * {@link StoreAwayError} when that cannot be known.
   */
  use(id: string, seconds: number): Promise<boolean>;
}

/** The store is away, and the question cannot be answered without it. */
export class StoreAwayError extends Error {
  override readonly name = 'StoreAwayError';

  constructor(cause?: unknown) {
    super('The store is away.', { cause });
  }
}

/** A counter that allows so many points in so many seconds. */
export interface LimiterOptions {
  readonly name: string;
  readonly points: number;
  readonly seconds: number;
}

/** Points left, and when there are all of them again. */
export interface Allowance {
  /** Whether the points that were asked for were there. They are counted either way. */
  readonly granted: boolean;
  readonly left: number;
  readonly resetSeconds: number;
}

/** Counts points by key. Where the store is away each gateway counts for itself. */
export interface Limiter {
  consume(key: string, points?: number): Promise<Allowance>;
  /** Gives points back. */
  refund(key: string, points: number): Promise<void>;
  /** What is left, without taking any. */
  look(key: string): Promise<Allowance>;
}
