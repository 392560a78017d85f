import { type RefusalKind, SpeechError } from '../../speech/errors.ts';
import type { Endpoint } from '../session/endpoint.ts';
import { kindOf } from '../session/handshake.ts';
import type { LokutorMessage } from './lokutor-message.ts';

/** Codes of the service's own client library that refuse a request, by what they mean; `validation.*` is the request. */
const REFUSALS: Readonly<Record<string, RefusalKind>> = {
  'auth.missing_key': 'key',
  'auth.invalid_key': 'key',
  'auth.time_limited': 'key',
  'auth.rate_limited': 'busy',
  'tts.session_limit_reached': 'busy',
  'tts.voice_unavailable': 'request',
  'tts.model_not_found': 'request',
};

/** Codes that say that the service broke down. */
const FAULT = /^(?:internal\.|tts\.synthesis_failed|agent\.(?:session_failed|provider_error)|ws\.)/;

/** What an error message of the service means. */
export function lokutorError(
  { code = '', reason, retryable }: LokutorMessage & { type: 'error' },
  endpoint: Endpoint,
): SpeechError {
  const words = endpoint.quote(reason);
  const known = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  if (known) return SpeechError.refused(endpoint.where, words, known);
  if (FAULT.test(code) || retryable) return SpeechError.serviceFailed(endpoint.where, words);
  return SpeechError.refused(endpoint.where, words, kindOf(words));
}
