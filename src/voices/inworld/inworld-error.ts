import { type RefusalKind, SpeechError } from '../../speech/errors.ts';
import type { Endpoint } from '../session/endpoint.ts';
import { kindOf } from '../session/handshake.ts';
import type { InworldMessage } from './inworld-message.ts';

/** What gRPC's codes mean. */
const REFUSALS: Readonly<Record<number, RefusalKind>> = {
  3: 'request', // invalid argument
  5: 'request', // not found: the voice, the model
  7: 'key', // permission denied
  8: 'busy', // resource exhausted
  9: 'request', // failed precondition
  11: 'request', // out of range
  14: 'busy', // unavailable
  16: 'key', // unauthenticated
};

/** Deadline exceeded, aborted, internal, data loss. */
const FAULTS = new Set([4, 10, 13, 15]);

/** What an error message of the service means. */
export function inworldError(
  { reason, code }: InworldMessage & { type: 'error' },
  endpoint: Endpoint,
): SpeechError {
  const words = endpoint.quote(reason);
  if (FAULTS.has(code)) return SpeechError.serviceFailed(endpoint.where, words);
  return SpeechError.refused(endpoint.where, words, REFUSALS[code] ?? kindOf(words));
}
