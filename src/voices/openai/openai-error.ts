import { type RefusalKind, SpeechError } from '../../speech/errors.ts';
import type { Endpoint } from '../session/endpoint.ts';
import { kindOf } from '../session/handshake.ts';

/** The service's codes that refuse, by what they mean; `invalid_…` of others is the request. */
const REFUSALS: Readonly<Record<string, RefusalKind>> = {
  rate_limit_exceeded: 'busy',
  conversation_already_has_active_response: 'busy',
  insufficient_quota: 'key',
  invalid_api_key: 'key',
  billing_hard_limit_reached: 'key',
  model_not_found: 'retired',
  content_filter: 'request',
};

/** Codes that say that the service broke down, or that a connection has lasted its time. */
const FAULT = /server_error|internal|session_expired|max_output_tokens|turn_detected|client_cancelled/;

/** What the service's error, or the end of a response that is not completed, means. */
export function openAiError(
  { code, reason }: { readonly code: string; readonly reason: string },
  endpoint: Endpoint,
  resetSeconds?: number,
): SpeechError {
  const { where } = endpoint;
  const words = endpoint.quote(reason);
  if (FAULT.test(code)) return SpeechError.serviceFailed(where, words);
  const known = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  const kind = known ?? kindOf(`${code} ${words}`);
  return SpeechError.refused(where, words, kind, kind === 'busy' ? resetSeconds : undefined);
}
