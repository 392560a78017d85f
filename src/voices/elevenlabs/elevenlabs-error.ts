import { type RefusalKind, SpeechError } from '../../speech/errors.ts';
import type { Endpoint } from '../session/endpoint.ts';
import { kindOf } from '../session/handshake.ts';
import type { ElevenLabsMessage } from './elevenlabs-message.ts';

/** What the service's names of errors mean. Money that is used up does not come back by waiting: another key may have some. */
const REFUSALS: Readonly<Record<string, RefusalKind>> = {
  max_active_conversations: 'busy',
  too_many_concurrent_requests: 'busy',
  rate_limit_exceeded: 'busy',
  system_busy: 'busy',
  invalid_api_key: 'key',
  missing_permissions: 'key',
  needs_authorization: 'key',
  quota_exceeded: 'key',
  output_format_not_allowed: 'key',
  subscription_required: 'key',
  invalid_input_message: 'request',
  invalid_voice_id: 'request',
  voice_id_does_not_exist: 'request',
  voice_not_found: 'request',
  unsupported_model: 'request',
  model_not_found: 'request',
};

/** What an error message of the service means. */
export function elevenLabsError(
  { reason, code }: ElevenLabsMessage & { type: 'error' },
  endpoint: Endpoint,
): SpeechError {
  const { where } = endpoint;
  const words = endpoint.quote(reason);
  // Nobody wrote for too long: the socket was given up, not the line refused.
  if (code === 'input_timeout_exceeded') return SpeechError.closedEarly(where, new Error(words));
  if (/internal|unknown_error/.test(code)) return SpeechError.serviceFailed(where, words);
  const kind = (Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined) ?? kindOf(`${code} ${words}`);
  return SpeechError.refused(where, words, kind);
}
