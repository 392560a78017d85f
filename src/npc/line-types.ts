import type { LinePlayer, LivePlayer } from '../playback/line-player.ts';
import type { ParleyError } from '../speech/errors.ts';
import type { TalkingNpc } from './talking-npc.ts';

/**
 * Where a line stands.
 * `queued` behind another line; `loading` asked for, no sound yet; `waiting` for the page to be allowed to make
 * sound; `buffering` before the first sample and after a seek; `speaking`; `stalled` because the stream is late;
 * `paused`; then one of `finished`, `stopped` and `failed`, exactly once.
 */
export type LineState =
  | 'queued'
  | 'loading'
  | 'waiting'
  | 'buffering'
  | 'speaking'
  | 'stalled'
  | 'paused'
  | 'finished'
  | 'stopped'
  | 'failed';

/** Whom a line is said to: the player, whose screen reader captions tell it, or another character. */
export type Addressee = 'player' | TalkingNpc;

/** How a line ended. */
export interface LineResult {
  readonly outcome: 'finished' | 'stopped' | 'failed';
  /** Line time at which it ended, seconds. */
  readonly seconds: number;
  /** Why it failed; absent otherwise. */
  readonly error?: ParleyError;
}

/** Readings for a panel; all are of this line alone. */
export interface LineStats {
  /** Milliseconds from `say()` to the first sample leaving the device; undefined before that. */
  readonly firstSoundMs: number | undefined;
  /** Seconds of audio received but not yet played. */
  readonly bufferedSeconds: number;
  /** Silence that a late stream has put into the line, milliseconds. */
  readonly stalledMs: number;
  /**
   * Audio that is held back against lateness, milliseconds: adapts to the stream, up to what a player can hold (1.3 s at
   * 48 kHz, 2 s at lower rates). 0 before the line's turn.
   */
  readonly targetMs: number;
  /**
   * How far the mouth was ahead of the sound that left the device, milliseconds; behind where negative. By the newest
   * reading of the audio clock; undefined before the first sample.
   */
  readonly offsetMs: number | undefined;
}

/** How a line is stopped. */
export interface StopOptions {
  /** Fade out, milliseconds: 3 to 1000, default 60; a number outside is taken as the nearest. */
  readonly fadeMs?: number;
  /**
   * `now` (the default), or at the end of the `syllable` that is being spoken: up to 80 ms later, with the fade in that
   * time. Needs cues or words; without them it is `now`.
   */
  readonly at?: 'now' | 'syllable';
}

/** Opens the player of a line's turn: waits while the page may not make sound, rejects with the typed reason if it never may. */
export type OpenPlayer = (signal: AbortSignal) => Promise<LinePlayer>;

/** The same for a live stream, which waits until there is sound, and rejects where there never will be. */
export type OpenLivePlayer = (signal: AbortSignal) => Promise<LivePlayer>;
