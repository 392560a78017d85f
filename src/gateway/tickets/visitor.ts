import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import { isLoopbackAddress, isLoopbackHost } from '../loopback.ts';

/** Where somebody comes from. */
export interface Visitor {
  readonly address: string;
  /** Nobody but this machine can connect, and nobody sent them on. */
  readonly local: boolean;
}

/** What proxies say of whom they send on, one or the other. */
const SENT_ON = [
  ...['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'],
  ...['x-client-ip', 'cf-connecting-ip', 'true-client-ip', 'fly-client-ip'],
];

/**
 * Tells where a request comes from. A proxy on this machine makes everybody look local, so one who was sent on never is;
 * the address that the proxy tells counts only where it is trusted, and then its own last word: all before it the client
 * may have made up.
 */
export function visitorOf(request: IncomingMessage, bound: string, trustProxy: boolean): Visitor {
  const { headers, socket } = request;
  const forwarded = headers['x-forwarded-for'];
  const sentOn = SENT_ON.some((name) => headers[name] !== undefined);
  const direct = socket.remoteAddress ?? '';
  const told = trustProxy && typeof forwarded === 'string' ? lastAddress(forwarded) : undefined;
  const named = headers.host === undefined || isLoopbackHost(headers.host);
  const local = isLoopbackAddress(bound) && named && !sentOn && !trustProxy;
  return { address: addressKey(told ?? direct), local };
}

/** The last address of a list, which some proxies write with its port; undefined for what is none. */
function lastAddress(forwarded: string): string | undefined {
  const last = forwarded.split(',').at(-1)!.trim();
  const [, bare = last] = /^\[(.*)\](?::\d+)?$/.exec(last) ?? /^([\d.]+):\d+$/.exec(last) ?? [];
  return isIP(bare) ? bare : undefined;
}

/** The address that budgets go by: of IPv6 the first 64 bits, since whoever has one such net has all of it. */
function addressKey(address: string): string {
  const plain = address.replace(/%.*$/, ''); // The zone of a link is this machine's own affair.
  if (!isIPv6(plain)) return plain;
  const groups = groupsOf(plain);
  const [high = 0, low = 0] = groups.slice(6);
  // IPv4 in the clothes of IPv6 (RFC 4291, section 2.5.5.2).
  if (groups.slice(0, 6).join() === '0,0,0,0,0,65535') {
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight numbers of an IPv6 address, however it is written. */
function groupsOf(address: string): number[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [front = [], back = []] = canonical
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - front.length - back.length).fill('0');
  return [...front, ...zeros, ...back].map((group) => Number.parseInt(group, 16));
}
