import type { IncomingMessage } from 'node:http';

const LOOPBACK_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** Whether an address or host name means this machine alone. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_HOSTS.has(host) || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * Why a dialect socket may not be opened; undefined where it may. Without keys only this machine may: the gateway must
 * listen on loopback, and a page must come from it, since any page on the web can open a socket to loopback.
 */
export function refusalOf(request: IncomingMessage, listeningHost: string): string | undefined {
  if (!isLoopback(listeningHost)) {
    return 'This route is open only while the gateway listens on loopback (127.0.0.1).';
  }
  const { origin } = request.headers;
  if (origin === undefined) return undefined;
  const host = URL.canParse(origin) ? new URL(origin).hostname : '';
  return isLoopback(host)
    ? undefined
    : `Pages of ${origin.slice(0, 100)} may not use this gateway; serve the page from localhost.`;
}
