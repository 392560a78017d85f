import { SHORTEST_TARGET_MS } from '../clock/lateness.ts';
import type { AudioError } from './audio-error.ts';
import type { LiveTracks } from './live-tracks.ts';

/**
 * Where the audio of a line stands. `buffering` is before the first sample and after a seek, `stalled` when the stream
 * is late.
 */
export type AudioState = 'buffering' | 'playing' | 'stalled' | 'paused' | 'ended';

/** How the audio of a line ended. */
export interface AudioEnd {
  /** `lost`: the device, the context or the worklet went away under the line. */
  readonly reason: 'finished' | 'stopped' | 'lost';
  /** Line time at which it ended, seconds. */
  readonly seconds: number;
  /** Why it was lost; absent otherwise. */
  readonly error?: AudioError;
}

/** How a line is begun. */
export interface BeginOptions {
  /** Samples a second of what will be pushed, 8,000 to 48,000. */
  readonly sampleRate: number;
  /**
   * Audio that must be there before the first sample is played, and that is held back from then on, milliseconds; at
   * most 1,300. Default {@link DEFAULT_TARGET_MS}.
   */
  readonly targetMs?: number;
  /** Speed, 0.5 to 2; the pitch stays. Default 1. */
  readonly rate?: number;
  /** Keeps what was pushed, so that {@link LineAudio.seek} can go back. Default false: samples are freed as they are played. */
  readonly keep?: boolean;
  /** Waits for {@link LineAudio.startAtMs}. Default false: begins as soon as enough is there. */
  readonly held?: boolean;
  /**
   * Performance time at which the first sample is to leave the mouth, milliseconds, for lines that several players hear at
   * once: not before, and what was due before it could begin is left out. One more than {@link FARTHEST_DUE_MS} ahead is
   * passed over. Default: as soon as enough is there.
   */
  readonly dueMs?: number | undefined;
}

/** Farthest moment for which a line waits, milliseconds: a clock that says more is wrong. */
export const FARTHEST_DUE_MS = 10_000;

/** The audio of one line in a player. */
export interface LineAudio {
  /** Takes samples. The array is given away, unless the line was begun with `keep`. */
  push(samples: Int16Array<ArrayBuffer>): void;
  /** No more samples follow; the line ends when they are played. */
  end(): void;
  /**
   * Fades out and ends the line: within `fadeMs` from now, or so that the fade is over at line time `atSeconds`. A fade is
   * no longer than the sound that is there.
   */
  stop(fadeMs: number, atSeconds?: number): void;
  /** Fades out within 5 ms and waits for {@link resume}. */
  pause(): void;
  /** Goes on with the next sample, once enough is held back. */
  resume(): void;
  /**
   * Goes on at a line time, seconds; one beyond what was pushed is taken as its end. Throws `InputError` where the line
   * was not begun with `keep`. `dueMs`: when that place is due, as at {@link BeginOptions.dueMs}.
   */
  seek(seconds: number, dueMs?: number): void;
  /** Changes the speed, 0.5 to 2; the pitch stays. */
  setRate(rate: number): void;
  /**
   * Begins so that the first sample is heard at a performance time, milliseconds, to the sample; at once where that is
   * over, never where it is infinite. May be changed until the line begins; of no effect after that.
   */
  startAtMs(performanceMs: number): void;
  /** How much audio should be held back from now on, milliseconds. */
  setTarget(targetMs: number): void;
  /**
   * What is heard at a performance time, in the fields of `READING`. Line time never goes backwards but by a seek.
   * Allocates nothing.
   */
  readAt(performanceMs: number, out: Float64Array): void;
  /**
   * Line time, seconds, of what leaves the mouth at a performance time; undefined while nothing does, and while it is not
   * known when the device's sound is heard.
   */
  spokenAt(performanceMs: number): number | undefined;
  /** Performance time, milliseconds, at which a line time is heard, by what is known now; undefined where it was not rendered. */
  heardAtMs(seconds: number): number | undefined;
  /** The same for one that is still to come, as if nothing came between; undefined where the line does not go on now. */
  expectedAtMs(seconds: number): number | undefined;
  readonly state: AudioState;
  /** Line time that is rendered by now, seconds, to within a block or two: ahead of what is heard. */
  readonly position: number;
  /** Seconds received but not played. */
  readonly bufferedSeconds: number;
  /** Silence that a late stream has put into the line, milliseconds. */
  readonly stalledMs: number;
  /** Audio that is held back, milliseconds: what was asked for, or as much as the player can. */
  readonly targetMs: number;
  /** Performance time at which the first sample is heard; undefined before it is rendered. */
  readonly startedAtMs: number | undefined;
  /** How far the mouth was ahead of the sound by the newest reading of the device's clock, milliseconds; behind where negative. */
  readonly offsetMs: number;
  /** Called at every change of {@link state}. */
  onState: ((state: AudioState) => void) | undefined;
  /** Settles once, when the last sample is rendered or the line was stopped. Never rejects. */
  readonly ended: Promise<AudioEnd>;
}

/** How a live stream is played. */
export interface LiveOptions {
  readonly tracks: LiveTracks;
  /** How much later than it comes it is heard, milliseconds, at most 1,300; exact. */
  readonly delayMs: number;
  /**
   * Gets the samples of the line after its first `delayMs`, which are silent, all in order and as soon as they come: at the
   * rate of the context. The array may be kept.
   */
  readonly onSamples: (samples: Int16Array<ArrayBuffer>) => void;
}

/** Plays live streams, which need sound. */
export interface LivePlayer {
  readonly context: BaseAudioContext;
  /**
   * Begins a line of what a live stream brings. Throws as {@link LinePlayer.begin} does, and `AudioError`
   * `stream-unreadable`.
   */
  beginLive(options: LiveOptions): LineAudio;
}

/** Held back where nothing is known of the stream, milliseconds. */
export const DEFAULT_TARGET_MS = SHORTEST_TARGET_MS;

/** Plays lines, one at a time. */
export interface LinePlayer {
  /** Begins a line. Throws `InputError` where the line before has not ended or the player is disposed. */
  begin(options: BeginOptions): LineAudio;
  /** Stops what plays. May be called twice. */
  dispose(): void;
}
