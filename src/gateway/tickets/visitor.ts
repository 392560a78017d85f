import type { IncomingMessage } from 'node:http';
import { isLoopbackAddress } from '../loopback.ts';

/** Where somebody comes from. */
export interface Visitor {
  readonly address: string;
  /** Nobody but this machine can connect, and nobody sent them on. */
  readonly local: boolean;
}

/**
 * Tells where a request comes from. A proxy on this machine makes everybody look local, so one who was sent on never is;
 * the address that the proxy tells counts only where it is trusted, and then its own last word: all before it the client
 * may have made up.
 */
export function visitorOf(request: IncomingMessage, bound: string, trustProxy: boolean): Visitor {
  const { headers, socket } = request;
  const forwarded = headers['x-forwarded-for'];
  const sentOn =
    forwarded !== undefined || headers.forwarded !== undefined || headers['x-real-ip'] !== undefined;
  const direct = socket.remoteAddress ?? '';
  const told = trustProxy && typeof forwarded === 'string' ? forwarded.split(',').at(-1)!.trim() : '';
  const local = isLoopbackAddress(bound) && !sentOn && !trustProxy;
  return { address: addressKey(told || direct), local };
}

/** The address that budgets go by: of IPv6 the first 64 bits, since whoever has one such net has all of it. */
function addressKey(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail ? tail.split(':') : [];
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  return `${[...front, ...zeros, ...back].slice(0, 4).join(':')}::/64`;
}
