import type { IncomingMessage } from 'node:http';

/** The subprotocol in which pages, which can set no header, show a ticket. */
export const TICKET_PROTOCOL = 'parley.ticket.';

/** A JSON Web Token: its first part is an object in base64url. */
const TOKEN = /^eyJ[\w-]*\.[\w-]+\.[\w-]+$/;

/** What a handshake shows. */
export interface Credentials {
  readonly ticket?: string;
  readonly key?: string;
}

/**
 * Finds the ticket or key of a handshake. A dialect takes them where its service takes its keys as well: pages and
 * programs that know only that service have no other place.
 */
export function credentialsOf({ headers, url = '' }: IncomingMessage, dialect: boolean): Credentials {
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const protocol = protocols.find((name) => name.startsWith(TICKET_PROTOCOL));
  if (protocol) return { ticket: protocol.slice(TICKET_PROTOCOL.length) };
  const shown = bearerOf(headers.authorization) ?? (dialect ? dialectKey(headers, url) : undefined);
  if (shown === undefined) return {};
  return TOKEN.test(shown) ? { ticket: shown } : { key: shown };
}

export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
}

function dialectKey(headers: IncomingMessage['headers'], url: string): string | undefined {
  const header = headers['x-api-key'];
  if (typeof header === 'string' && header !== '') return header;
  const mark = url.indexOf('?');
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  return query.get('api_key') || query.get('token') || undefined;
}
