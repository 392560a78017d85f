import { type RefusalKind, SpeechError } from '../../speech/errors.ts';
import type { Endpoint } from '../session/endpoint.ts';
import { kindOf } from '../session/handshake.ts';
import { LIGHTNING_URL } from './lightning-dialect.ts';
import type { LightningMessage } from './lightning-message.ts';

/** What the service's error codes mean; they come as HTTP has them. */
const REFUSALS: Readonly<Record<string, RefusalKind>> = {
  400: 'request',
  401: 'key',
  403: 'key',
  410: 'retired',
  422: 'request',
  429: 'busy',
};

/** What an error message of the service means: a refusal by its kind, or a fault of the service. */
export function lightningError(
  { reason, code }: LightningMessage & { type: 'error' },
  endpoint: Endpoint,
): SpeechError {
  const { where } = endpoint;
  const words = endpoint.quote(reason);
  if (/^5\d\d$|internal/i.test(code) || /internal (?:server )?error/i.test(words)) {
    return SpeechError.serviceFailed(where, words);
  }
  const kind = (Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined) ?? kindOf(`${code} ${words}`);
  return SpeechError.refused(where, words, kind);
}

/** The same failure, with what to do about it where the address or model is retired. */
export function withLightningCure(error: SpeechError, where: string): SpeechError {
  if (error.refusal !== 'retired' || error.reason === undefined) return error;
  const cure = `Use ${LIGHTNING_URL}: leave the address (--url) out, or change it.`;
  return SpeechError.refused(where, `${error.reason.replace(/[.;]?$/, '.')} ${cure}`, 'retired');
}
