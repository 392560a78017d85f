import type { AudioError } from './audio-error.ts';

/** Where the audio of a line stands. `buffering` is before the first sample, `stalled` after one. */
export type AudioState = 'buffering' | 'playing' | 'stalled' | 'ended';

/** How the audio of a line ended. */
export interface AudioEnd {
  /** `lost`: the device, the context or the worklet went away under the line. */
  readonly reason: 'finished' | 'stopped' | 'lost';
  /** Seconds of the line that were played. */
  readonly seconds: number;
  /** Why it was lost; absent otherwise. */
  readonly error?: AudioError;
}

/** How a line is begun. */
export interface BeginOptions {
  /** Samples a second of what will be pushed, 8,000 to 48,000. */
  readonly sampleRate: number;
  /** Audio that must be there before the first sample is played, milliseconds; at most 1,300. Default 120. */
  readonly startLeadMs?: number;
}

/** The audio of one line in a player. */
export interface LineAudio {
  /** Takes samples; the array is given away. */
  push(samples: Int16Array<ArrayBuffer>): void;
  /** No more samples follow; the line ends when they are played. */
  end(): void;
  /** Fades out within `fadeMs` and ends the line. */
  stop(fadeMs: number): void;
  /** Line time, seconds, that is heard at a performance time. Never goes backwards; allocates nothing. */
  playheadAt(performanceMs: number): number;
  readonly state: AudioState;
  /** Seconds received but not played. */
  readonly bufferedSeconds: number;
  /** Performance time at which the first sample is heard; undefined before it is rendered. */
  readonly startedAtMs: number | undefined;
  /** How far the mouth was ahead of the sound by the newest reading of the device's clock, milliseconds; behind where negative. */
  readonly offsetMs: number;
  /** Called at every change of {@link state}. */
  onState: ((state: AudioState) => void) | undefined;
  /** Settles once, when the last sample is rendered or the line was stopped. Never rejects. */
  readonly ended: Promise<AudioEnd>;
}

/**
 * Default lead, milliseconds: longer than the hiccups of a local network, short enough to feel immediate.
 * A service's own advice is 100 to 200.
 */
export const START_LEAD_MS = 120;

/** Plays lines, one at a time. */
export interface LinePlayer {
  /** Begins a line. Throws `InputError` where the line before has not ended or the player is disposed. */
  begin(options: BeginOptions): LineAudio;
  /** Stops what plays. May be called twice. */
  dispose(): void;
}
