import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Why somebody gets no connection, or no ticket, in a word for who runs the gateway: a page of another `origin`; too many
 * in a minute (`rate`) or at a time (`sockets`) of one address, or of all (`full`); it is `ending`; the `ticket` is
 * missing, used, expired or forged, or the `key` missing or unknown; the `store` cannot tell; the gateway lets nobody in
 * without tickets and keys off loopback (`closed`); the `game` said no; a `fault`; or a `request` that cannot be.
 */
export const REFUSAL_CAUSES = [
  'origin',
  'rate',
  'sockets',
  'full',
  'ending',
  'ticket',
  'key',
  'store',
  'closed',
  'game',
  'fault',
  'request',
] as const;
export type RefusalCause = (typeof REFUSAL_CAUSES)[number];

/** Why a handshake is not accepted. */
export interface Refusal {
  readonly status: number;
  readonly reason: string;
  /** Default: `request`. */
  readonly cause?: RefusalCause;
  /** Set where the answer is JSON, as the Lightning service writes it. */
  readonly json?: Readonly<Record<string, string>>;
  /** When to come again, seconds. Default 1 with 429 and 503, else nothing is said of it. */
  readonly retryAfterSeconds?: number;
}

/** Reasons that the emulated services give, by status. */
const REASONS: Readonly<Record<number, string>> = {
  401: 'missing or invalid API key',
  403: 'this key may not use this endpoint',
  410: 'this model is no longer available',
  429: 'too many connections or requests; try again later',
  500: 'internal error',
  503: 'the service is not available now; try again later',
};

/** A refusal that a connection has asked for, as the Lightning service (`json`) or the Lokutor service writes it. */
export function askedRefusal(status: number, json: boolean): Refusal {
  const reason = REASONS[status] ?? 'refused';
  return json ? { status, reason, json: lightningBody(status, reason) } : { status, reason };
}

/** The body of an error over HTTP of the Lightning service. */
export function lightningBody(status: number, message: string): Record<string, string> {
  const body = { status: 'error', error_code: CODES[status] ?? 'ERROR', message };
  return status === 410 ? { ...body, recommended_endpoint: '/waves/v1/tts/live' } : body;
}

const CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  410: 'MODEL_DEPRECATED',
  429: 'RATE_LIMIT_EXCEEDED',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
};

/** Time for a client that was refused to take the answer and leave, ms. */
const LEAVING_MS = 2_000;

/** Answers a handshake with a refusal and ends the connection, whether or not the client does its part. */
export function refuseUpgrade(socket: Duplex, { status, reason, json, retryAfterSeconds }: Refusal): void {
  const body = json ? JSON.stringify(json) : `${reason}\n`;
  const retry = retryAfterSeconds ?? (status === 429 || status === 503 ? 1 : undefined);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${json ? 'application/json' : 'text/plain; charset=utf-8'}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retry === undefined ? [] : [`Retry-After: ${retry}`]),
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.resume(); // Else its own end would never be seen behind what it still sends.
  const timer = setTimeout(() => socket.destroy(), LEAVING_MS);
  socket.once('close', () => clearTimeout(timer));
}
