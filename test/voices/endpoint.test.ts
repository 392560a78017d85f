import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/speech/errors.ts';
import { Endpoint, type KeyPlace } from '../../src/voices/session/endpoint.ts';

const HEADER: KeyPlace = { header: 'Authorization', scheme: 'Bearer' };
const PROTOCOLS: KeyPlace = { protocols: (key) => ['token', key] };

describe('a key that cannot be sent', () => {
  it.each<[string, KeyPlace, string, RegExp]>([
    ['in a header, with the line break of its file', HEADER, 'sk-canary\n', /^Key: .*line break/],
    ['in the query, with a line break before it', { query: 'key' }, '\r\nsk-canary', /^Key: .*line break/],
    ['in a message, with a sign for the terminal', { message: true }, 'sk-canary\u0007', /^Key: .*control/],
    ['in a header, in other letters', HEADER, 'sk-canary-ключ', /^Key: .*Latin letters/],
    ['among the subprotocols, with a space', PROTOCOLS, 'sk canary', /^Key: .*subprotocol/],
  ])('is told before anything is opened: %s', (_, place, key, words) => {
    const open = () => new Endpoint('wss://host/path', place, key);
    expect(open).toThrow(InputError);
    expect(open).toThrow(words);
    expect(open).not.toThrow(/canary/);
  });

  it('is not one with anything that headers have', () => {
    const { headers } = new Endpoint('wss://host', HEADER, 'a/+b=="é');
    expect(headers).toEqual({ Authorization: 'Bearer a/+b=="é' });
  });
});

describe('the user of an address', () => {
  it('may be written in codes that stand for nothing', () => {
    const endpoint = new Endpoint('ws://user:%zz-canary@host/path', HEADER);
    expect(endpoint.where).toBe('ws://host/path');
    expect(endpoint.quote('bad %zz-canary')).toBe('bad ***');
  });

  it('is a secret where a key stands in its place', () => {
    const endpoint = new Endpoint('wss://sk%2Dcanary@host/path', HEADER);
    expect(endpoint.secret).toBe(true);
    expect(endpoint.quote('who is sk-canary or sk%2Dcanary?')).toBe('who is *** or ***?');
    expect(new Endpoint('wss://host/path', HEADER).secret).toBe(false);
  });
});
