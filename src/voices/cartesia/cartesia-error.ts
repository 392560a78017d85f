import { type RefusalKind, SpeechError } from '../../speech/errors.ts';
import type { Endpoint } from '../session/endpoint.ts';
import { kindOf } from '../session/handshake.ts';
import type { CartesiaMessage } from './cartesia-message.ts';

/** What the status of an error means. Money that is used up (402) does not come back by waiting: another key may have some. */
const REFUSALS: Readonly<Record<number, RefusalKind>> = {
  400: 'request',
  401: 'key',
  402: 'key',
  403: 'key',
  404: 'request',
  410: 'retired',
  422: 'request',
  429: 'busy',
};

/** What an error message of the service means. */
export function cartesiaError(
  { reason, code, status }: CartesiaMessage & { type: 'error' },
  endpoint: Endpoint,
): SpeechError {
  const { where } = endpoint;
  const words = endpoint.quote(reason);
  if (code === 'concurrency_limited') return SpeechError.refused(where, words, 'busy');
  if (status >= 500) return SpeechError.serviceFailed(where, words);
  return SpeechError.refused(where, words, REFUSALS[status] ?? kindOf(`${code} ${words}`));
}
