import { SpeechError } from '../../speech/errors.ts';
import type { Endpoint } from '../session/endpoint.ts';
import { kindOf } from '../session/handshake.ts';
import type { DeepgramMessage } from './deepgram-message.ts';

/** Seconds over which the service counts flushes. */
export const FLUSH_WINDOW = 60;

/** A warning that no sound will come of the flush before it: there were too many. */
const EXCESSIVE_FLUSH = /flush/i;

/** A warning after which the line will not be spoken; undefined for one that changes nothing of it. */
export function deepgramWarning(
  { code, reason }: DeepgramMessage & { type: 'warning' },
  endpoint: Endpoint,
): SpeechError | undefined {
  if (!EXCESSIVE_FLUSH.test(`${code} ${reason}`)) return undefined;
  return SpeechError.refused(endpoint.where, endpoint.quote(reason), 'busy', FLUSH_WINDOW);
}

/** What an error message of the service means. */
export function deepgramError(
  { code, reason }: DeepgramMessage & { type: 'error' },
  endpoint: Endpoint,
): SpeechError {
  const words = endpoint.quote(reason);
  if (/internal|NET-/i.test(`${code} ${words}`)) return SpeechError.serviceFailed(endpoint.where, words);
  return SpeechError.refused(endpoint.where, words, kindOf(`${code} ${words}`));
}
