import { InputError, ParleyError, type RefusalKind, SpeechError } from '../../speech/errors.ts';

/** What the service's errors mean, by their names. */
const REFUSALS: readonly (readonly [RegExp, RefusalKind])[] = [
  [/Throttling|TooManyRequests|QuotaExceeded|RequestLimit|SlowDown/, 'busy'],
  [/UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|AccessDenied/, 'key'],
  [/ExpiredToken|MissingAuthentication|InvalidClientTokenId|OptInRequired|NotAuthorized/, 'key'],
  [/Credentials|TokenProvider|SSO/, 'key'],
  [/NotSupported|Invalid|Exceeded|LexiconNotFound|Validation|UnsupportedPls/, 'request'],
];

/** What to do where the vendor's client finds nobody to ask as. */
const CREDENTIALS = ': set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile in AWS_PROFILE.';

/** What is known of an error of the vendor's client. */
interface VendorError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** What an error of the vendor's client means. `quote` takes secrets out of what may be shown. */
export function pollyError(error: unknown, where: string, quote: (text: string) => string): Error {
  if (error instanceof ParleyError) return error;
  const { name = '', message = '', code = '', $metadata, $response } = (error ?? {}) as VendorError;
  const status = Number($metadata?.httpStatusCode ?? 0);
  const words = quote(String(message)) || `HTTP ${status}`;
  const told = `${name}`.replace(/^(?:Error|Unknown.*)$/, '');
  const missing = /could not load credentials/i.test(words) ? CREDENTIALS : '';
  const reason = (told && !words.includes(told) ? `${told}: ${words}` : words) + missing;
  const kind = REFUSALS.find(([names]) => names.test(told))?.[1] ?? kindOfStatus(status);
  if (status < 500 && kind) {
    const wait = Number($response?.headers?.['retry-after'] ?? Number.NaN);
    return SpeechError.refused(where, reason, kind, wait >= 0 ? wait : undefined);
  }
  if (status === 503) return SpeechError.refused(where, reason, 'busy');
  if (status >= 400) return SpeechError.serviceFailed(where, reason);
  if (status > 0) return SpeechError.protocol(where, 'an answer as documented', reason);
  if (/region is missing/i.test(words)) {
    return new InputError('region', 'the region of the account, here or in AWS_REGION', 'none');
  }
  // Nothing answered: the vendor's error may hold the request with its keys, so that only its words go on.
  const cause = new Error(quote([told, code, message].filter(Boolean).join(' ')));
  return SpeechError.connectFailed(where, cause);
}

function kindOfStatus(status: number): RefusalKind | undefined {
  if (status === 401 || status === 403) return 'key';
  if (status === 429) return 'busy';
  if (status === 404 || status === 410) return 'retired';
  return status >= 400 && status < 500 ? 'request' : undefined;
}
