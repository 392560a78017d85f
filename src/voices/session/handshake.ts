import { type RefusalKind, SpeechError } from '../../speech/errors.ts';
import type { Endpoint } from './endpoint.ts';
import type { SocketClose } from './socket.ts';

/** Close codes by which services turn a request away: "invalid data" and "policy violation". */
const INVALID_DATA = 1007;
const POLICY_VIOLATION = 1008;

/** Close code "internal error", with which services also turn away whoever has used up a quota. */
const INTERNAL_ERROR = 1011;

/** Services that close with statuses of HTTP add this to them: 4429 is "too many requests". */
const HTTP_IN_CLOSE = 4000;

/** Close code "try again later". */
const TRY_AGAIN_LATER = 1013;

/** Handshake answers that mean "no" and not "broken", what they mean, and what it is good to know. */
const REFUSALS: ReadonlyMap<number, readonly [RefusalKind, string]> = new Map([
  [400, ['request', 'it does not understand the request']],
  [401, ['key', 'the key is missing or wrong']],
  [403, ['key', 'this key or place may not speak here']],
  [404, ['retired', 'there is nothing at this address']],
  [410, ['retired', 'this address is retired; change the address of the service']],
  [426, ['request', 'it wants another protocol version']],
  [429, ['busy', 'too many requests or connections']],
  [503, ['busy', 'it is overloaded or closed for now']],
]);

/** Longest answer in plain text that is passed on, characters: longer ones are pages for browsers. */
const LONGEST_TEXT = 300;

/** Why a socket is over. `open`: whether it was ever connected. */
export function closeError(close: SocketClose, endpoint: Endpoint, open: boolean): SpeechError {
  const { code, reason, status, body = '', retryAfterSeconds } = close;
  const { where } = endpoint;
  const words = endpoint.quote(reason);
  if (close.tooLarge) return SpeechError.tooLarge(where);
  const refusal = REFUSALS.get(status ?? code - HTTP_IN_CLOSE);
  if (refusal && status === undefined) return SpeechError.refused(where, words || refusal[1], refusal[0]);
  if (refusal) {
    const [kind, meaning] = refusal;
    const told = endpoint.quote(answerOf(body));
    const text = `HTTP ${status}, ${meaning}${told && `: ${told}`}`;
    return SpeechError.refused(where, text, kind, retryAfterSeconds);
  }
  if (code === POLICY_VIOLATION || (code === INVALID_DATA && words !== '')) {
    return SpeechError.refused(
      where,
      words || 'it closed the connection for breaking its policy',
      kindOf(words),
    );
  }
  if (code === INTERNAL_ERROR && kindOf(words) === 'busy') return SpeechError.refused(where, words, 'busy');
  if (code === TRY_AGAIN_LATER)
    return SpeechError.refused(where, words || 'it asks to come back later', 'busy');
  const cause = new Error(`WebSocket closed with code ${code}${words && `: ${words}`}`);
  return open ? SpeechError.closedEarly(where, cause) : SpeechError.connectFailed(where, cause);
}

/** A refusal in a service's own words, as far as they tell its kind. */
export function kindOf(words: string): RefusalKind {
  if (
    /concurren|simultaneous|too many|throttl|rate.?limit|limit (?:reached|exceeded)|\b429\b|quota|overload|busy/i.test(
      words,
    )
  )
    return 'busy';
  if (/deprecat|retired|sunset|no longer (?:be )?(?:served|supported|available)/i.test(words))
    return 'retired';
  if (
    /unauthori[sz]ed|forbidden|(?:invalid|missing|wrong|bad|unknown) (?:api.?)?(?:key|token)|(?:key|token) (?:is )?(?:not valid|invalid|expired)|\b40[13]\b/i.test(
      words,
    )
  ) {
    return 'key';
  }
  return 'request';
}

/** What an answer says to people: the message of a JSON one, with the address it recommends, or a short plain text. */
function answerOf(body: string): string {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return body.length <= LONGEST_TEXT && !/<\w/.test(body) ? body : '';
  }
  if (typeof json !== 'object' || json === null) return '';
  const fields = json as Record<string, unknown>;
  const { error, recommended_endpoint: instead } = fields;
  const inner =
    typeof error === 'object' && error !== null ? (error as Record<string, unknown>).message : error;
  const parts = [fields.error_code ?? fields.err_code, fields.message ?? fields.err_msg ?? inner].filter(
    (part) => typeof part === 'string' && part !== '',
  );
  return [parts.join(': '), ...(typeof instead === 'string' ? [`it recommends ${instead}`] : [])]
    .filter((part) => part !== '')
    .join('; ');
}
