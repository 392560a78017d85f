import { ParleyError } from '../speech/errors.ts';

/** Why there is no sound. */
export type AudioErrorCode =
  | 'no-audio'
  | 'worklet-failed'
  | 'worklet-crashed'
  | 'audio-lost'
  | 'stream-unreadable';

/** Sound could not be set up. */
export class AudioError extends ParleyError {
  override readonly name = 'AudioError';
  declare readonly code: AudioErrorCode;

  private constructor(code: AudioErrorCode, message: string, cause?: unknown) {
    super(code, message, { cause });
  }

  /** The browser has no Web Audio, or could not open it. */
  static noAudio(cause?: unknown): AudioError {
    return new AudioError(
      'no-audio',
      'This browser could not open Web Audio; lines are played silently.',
      cause,
    );
  }

  /** The worklet file could not be loaded. */
  static workletFailed(url: string, cause: unknown): AudioError {
    return new AudioError(
      'worklet-failed',
      `The audio worklet could not be loaded from ${url}. Serve player.worklet.js of babylon-parley from your own ` +
        'site and pass its address as workletUrl; the page must be on https or localhost.',
      cause,
    );
  }

  /** The context was closed while a line played. */
  static audioLost(): AudioError {
    return new AudioError(
      'audio-lost',
      'The audio context was closed while a line played; lines are played silently from here on.',
    );
  }

  /** Web Audio does not take the stream: another rate than the context's in Firefox, or a context for a recording. */
  static streamUnreadable(cause: unknown): AudioError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new AudioError('stream-unreadable', `Web Audio could not read the stream: ${reason}`, cause);
  }

  /** The worklet threw while it rendered: an error of ours, not of the caller. */
  static workletCrashed(): AudioError {
    return new AudioError(
      'worklet-crashed',
      'The audio worklet stopped with an error, so this voice is silent. Dispose of the NPC and create it anew.',
    );
  }
}
