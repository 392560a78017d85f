import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visitorOf } from '../../../src/gateway/tickets/visitor.ts';

function visitor(remoteAddress: string, forwarded?: string, trustProxy = true) {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return visitorOf(
    { headers, socket: { remoteAddress } } as unknown as IncomingMessage,
    '127.0.0.1',
    trustProxy,
  );
}

describe('the address of a visitor', () => {
  it.each([
    ['203.0.113.5', '203.0.113.5'],
    ['::ffff:203.0.113.5', '203.0.113.5'],
    ['::ffff:cb00:7105', '203.0.113.5'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:0:0:0:7', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s counts as %s, told by itself or by a proxy', (address, key) => {
    expect(visitor(address).address).toBe(key);
    if (!address.includes('%')) expect(visitor('10.0.0.9', `1.2.3.4, ${address}`).address).toBe(key);
  });

  it('is, of IPv6, the same for a whole /64 and another for the next', () => {
    const half = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 4, maxLength: 4 });
    const written = (groups: number[]) => groups.map((group) => group.toString(16)).join(':');
    fc.assert(
      fc.property(half, half, half, (net, one, other) => {
        fc.pre(net.some((group) => group !== 0));
        const key = visitor(written([...net, ...one])).address;
        expect(visitor(written([...net, ...other])).address).toBe(key);
        const next = [...net.slice(0, 3), net[3]! ^ 1];
        expect(visitor(written([...next, ...one])).address).not.toBe(key);
      }),
      { seed: 7 },
    );
  });

  it.each([
    ['9.9.9.9, 203.0.113.5', '203.0.113.5'],
    ['203.0.113.5:4711', '203.0.113.5'],
    ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['9.9.9.9, unknown', '10.0.0.9'],
    ['x'.repeat(5_000), '10.0.0.9'],
    ['', '10.0.0.9'],
  ])('behind a proxy that tells %s is %s', (forwarded, key) => {
    expect(visitor('10.0.0.9', forwarded)).toEqual({ address: key, local: false });
  });

  it('is that of the proxy where it is not trusted, and nobody who was sent on is of this machine', () => {
    expect(visitor('127.0.0.1', '203.0.113.5', false)).toEqual({ address: '127.0.0.1', local: false });
    expect(visitor('127.0.0.1', undefined, false)).toEqual({ address: '127.0.0.1', local: true });
    expect(visitor('127.0.0.1', undefined, true)).toEqual({ address: '127.0.0.1', local: false });
  });

  it.each([
    ['localhost:8790', true],
    ['127.0.0.1', true],
    ['127.1.2.3:80', true],
    ['[::1]:8790', true],
    ['game.localhost:8790', true],
    ['game.example', false],
    ['127.0.0.1.evil.example:8790', false],
    ['localhost.evil.example', false],
    ['', false],
  ])('with the Host "%s" is of this machine: %s', (host, local) => {
    const request = {
      headers: { host },
      socket: { remoteAddress: '127.0.0.1' },
    } as unknown as IncomingMessage;
    expect(visitorOf(request, '127.0.0.1', false).local).toBe(local);
  });

  it.each(['x-forwarded-proto', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via', 'cf-connecting-ip'])(
    'of whom a proxy says %s is never of this machine',
    (name) => {
      const request = { headers: { [name]: 'x' }, socket: { remoteAddress: '127.0.0.1' } };
      expect(visitorOf(request as unknown as IncomingMessage, '127.0.0.1', false).local).toBe(false);
    },
  );
});
