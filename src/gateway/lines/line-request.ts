import type { SpeechPart } from '../../speech/part.ts';
import type { Leaving } from './leaving.ts';
import type { LineHead } from './line-log.ts';
import type { Opus } from './opus.ts';
import type { EncodedPart } from './opus-log.ts';
import type { PartCursor } from './part-cursor.ts';

/** Who waits for a line: the player, a scene, the world around, or nobody yet. */
export type LinePriority = 'player' | 'stage' | 'ambient' | 'prefetch';

/**
 * Priorities in the pool, where five seconds of waiting count as one: after half a minute, the longest that anything
 * waits, a line for later is as urgent as one for a player.
 */
export const PRIORITIES: Readonly<Record<LinePriority, number>> = {
  player: 6,
  stage: 4,
  ambient: 2,
  prefetch: 0,
};

/** A line that somebody wants. */
export interface LineRequest {
  readonly text: string;
  /** A line of the baked folder, by its id: its own track is taken, also where others have the same text. */
  readonly id?: string | undefined;
  /** Default: that of the desk, else the source's own. */
  readonly voice?: string | undefined;
  readonly lang?: string | undefined;
  readonly speed?: number | undefined;
  readonly priority: LinePriority;
  /** Lines are shared within a tenant alone. Default: one for all. */
  readonly tenant?: string | undefined;
  /**
   * Called before the source is asked for it, with its characters; a line that is kept, or made for others already, costs
   * nothing. Rejects with the `SpeechError` for which it is not asked. Of a line that several wait for one pays: the
   * first who can, and gets it back where the source fails before any sound; who cancels does not. Default: it is free.
   */
  readonly pay?: Pay | undefined;
}

/** Pays for characters that are asked of the source; may resolve with what gives them back. */
export type Pay = (characters: number) => Promise<Refund | undefined>;

/** Gives back what was paid for a line of which the source gave nothing. Never rejects. */
export type Refund = () => Promise<void>;

/** A line as one of those who asked for it has it. */
export interface SharedLine {
  /** Names the line to others, who may join it. Unguessable; the same for the same line, on every gateway of a store. */
  readonly share: string;
  /**
   * `hit`: it was kept; `joined`: it is spoken for others too; `fresh`: it is spoken for this asker. Settled once `head`
   * is; before, it is a guess.
   */
  readonly origin: 'hit' | 'joined' | 'fresh';
  /** When its first sound was read for the first time, milliseconds of the desk's clock; undefined before that. */
  readonly startedAt: number | undefined;
  /** Memory that it takes so far, about. */
  readonly bytes: number;
  /** Known with the first sound; rejects with the line's `SpeechError`. */
  readonly head: Promise<LineHead>;
  /**
   * Its parts from a place on, at this reader's own pace; a slow one holds up nobody. Ends after `end`, throws the line's
   * `SpeechError` after what came, and `aborted` once `signal` aborts. Samples are shared with all readers: they may
   * neither be written to nor be transferred.
   */
  read(from: LinePlace, signal: Leaving): AsyncIterable<SpeechPart>;
  /**
   * The same with the sound in Opus, which is encoded once for all who read it. `samples` of the place is a position at
   * 48 kHz with pre-skip, that of a packet.
   */
  readOpus(opus: Opus, from: LinePlace, signal: Leaving): AsyncIterable<EncodedPart>;
  /** The same part by part, for who has no promise and no generator to spare: in Opus where that is given. */
  cursor(from: LinePlace, opus?: Opus): PartCursor<SpeechPart | EncodedPart>;
  /**
   * This asker does not want it any more. A line under way that nobody wants is cancelled, unless someone asked for it
   * in advance (`prefetch`). May be called twice.
   */
  release(): void;
  /** As `release`, and where this asker asked in advance that counts no more: else whoever asks and leaves could have lines made without end. */
  withdraw(): void;
}

/** How much of a line a reader has already. */
export interface LinePlace {
  readonly samples: number;
  readonly cues: number;
  readonly words: number;
  /** Frames of the face. Default 0. */
  readonly shapes?: number;
}

/** The beginning of a line. */
export const WHOLE: LinePlace = { samples: 0, cues: 0, words: 0 };
