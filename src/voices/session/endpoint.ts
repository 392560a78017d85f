import { InputError } from '../../speech/errors.ts';

/** Query fields whose values are never shown. */
const SECRET_FIELD = /key|token|secret|password|signature|auth|ticket/i;

/** Longest part of another's words that is passed on, characters. */
const LONGEST_QUOTE = 300;

/** The query field in which users may give any service's key. */
const QUERY_KEY = 'api_key';

/** What a header can carry, and what a subprotocol can. */
const HEADER_VALUE = /^[\x20-\x7e\x80-\xff]*$/;
const SUBPROTOCOL = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** What stands in the place of a secret. */
const HIDDEN = '***';

/**
 * Where a service takes its key: in a field of the query, in a header (after the name of its scheme, where it has one),
 * among the subprotocols, or in a message, both of which pages can send too.
 */
export type KeyPlace =
  | { readonly query: string; readonly scheme?: 'Bearer' | 'Basic' | undefined }
  | { readonly header: string; readonly scheme?: 'Bearer' | 'Token' | 'Basic' | undefined }
  | { readonly protocols: (key: string) => readonly string[] }
  | { readonly message: true };

/** The address of a service, with its secrets kept apart from everything that people or logs may see. */
export class Endpoint {
  /** The whole address, secrets included: for opening the socket and nothing else. */
  readonly url: string;
  /** Headers of the handshake, secrets included. */
  readonly headers: Readonly<Record<string, string>>;
  /** Subprotocols of the handshake, secrets included. */
  readonly protocols: readonly string[];
  /** The key, where it goes into a message. */
  readonly messageKey: string | undefined;
  /** The address without query and user: for messages. */
  readonly where: string;
  readonly #secrets: readonly string[];

  /**
   * A `key` goes to its `place`, unless that is a field of the query which `url` has already. For a service that takes
   * it elsewhere, an `api_key` in the query of `url` is taken from there.
   * Throws {@link InputError}, which shows no secret, for anything but a ws: or wss: address, or an http: or https: one
   * where that is the `scheme`, and for a key that cannot be sent as it is: one with a line break, say.
   */
  constructor(url: string, place: KeyPlace, key?: string, scheme: 'ws' | 'http' = 'ws') {
    const address = parse(url, scheme);
    checkKey(key ?? '');
    const secrets = secretsOf(address, key);
    let headers: Readonly<Record<string, string>> = {};
    let protocols: readonly string[] = [];
    let messageKey: string | undefined;
    if ('query' in place) {
      if (key && !address.searchParams.has(place.query))
        address.searchParams.set(place.query, inScheme(key, place.scheme));
    } else {
      const own = address.searchParams.get(QUERY_KEY) || key;
      address.searchParams.delete(QUERY_KEY);
      if (own && 'header' in place) headers = { [place.header]: inScheme(own, place.scheme) };
      if (own && 'protocols' in place) protocols = place.protocols(own);
      if (own && 'message' in place) messageKey = own;
    }
    if (!Object.values(headers).every((value) => HEADER_VALUE.test(value)))
      throw new InputError('Key', 'one of Latin letters, digits and signs, to go into a header', 'others');
    if (!protocols.every((value) => SUBPROTOCOL.test(value)))
      throw new InputError('Key', 'one of letters, digits and signs that a subprotocol may have', 'others');
    this.headers = headers;
    this.protocols = protocols;
    this.messageKey = messageKey;
    this.url = address.href;
    this.where = `${address.protocol}//${address.host}${address.pathname}`;
    this.#secrets = secrets;
  }

  /** Whether whoever opens this address needs to know a secret. */
  get secret(): boolean {
    return this.#secrets.length > 0;
  }

  /** What the other side said, fit to be shown: without any of the secrets, in one line, not too long. */
  quote(text: string): string {
    const clean = this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
    return clean
      .replace(/[\p{C}\s]+/gu, ' ')
      .trim()
      .slice(0, LONGEST_QUOTE);
  }
}

/** Keys that were read from a file often end with a line break. */
function checkKey(key: string): void {
  if (!/\p{Cc}/u.test(key)) return;
  const got = /[\r\n]/.test(key) ? 'one with a line break' : 'one with a control character';
  throw new InputError('Key', 'one that stands in one line, with nothing around it', got);
}

function inScheme(key: string, scheme: string | undefined): string {
  return scheme ? `${scheme} ${key}` : key;
}

function parse(url: string, scheme: string): URL {
  const expected = `a ${scheme}:// or ${scheme}s:// URL`;
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address) throw new InputError('Service address', expected, 'something that is no URL');
  if (address.protocol !== `${scheme}:` && address.protocol !== `${scheme}s:`) {
    throw new InputError('Service address', expected, `one that begins with ${address.protocol}`);
  }
  return address;
}

/** What a part of an address stands for; itself, where it is no right code for anything. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Every form in which the secrets of an address may come back, the longest first. */
function secretsOf(address: URL, key = ''): string[] {
  const fields = [...address.searchParams]
    .filter(([name]) => SECRET_FIELD.test(name))
    .map(([, value]) => value);
  const user = address.password || address.username;
  const plain = [...fields, user, decoded(user), key].filter((secret) => secret !== '');
  const forms = plain.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ '': secret }).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
  ]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}
