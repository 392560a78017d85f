import { ParleyError, SpeechError } from '../../speech/errors.ts';
import type { VoiceSource } from '../../speech/source.ts';

/** Longest explanation of a refusal, characters. */
const LONGEST_REASON = 500;

/** What a connection needs to speak. */
export interface DialectOptions {
  readonly source: VoiceSource;
  /** Told of errors that are faults of ours and not of a request. */
  readonly onError: (error: unknown) => void;
  /** Seconds between pings. */
  readonly pingSeconds: number;
}

/** What a client is told of an error, in one line; a refusal passes on in the words of whoever refused. */
export function reasonOf(error: unknown): string {
  if (error instanceof SpeechError && error.reason) return oneLine(error.reason);
  return error instanceof ParleyError
    ? oneLine(error.message)
    : 'the gateway failed to speak this; its log says why';
}

/** A reason as one line of bounded length. */
export function oneLine(reason: string): string {
  return reason.replace(/\s+/g, ' ').slice(0, LONGEST_REASON);
}
