import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packLine, unpackLine } from '../../../src/gateway/lines/line-blob.ts';
import { keyOfShare, lineKey, shareOf } from '../../../src/gateway/lines/line-key.ts';
import { normalText } from '../../../src/gateway/lines/line-text.ts';
import { decodeTrack, encodeTrack } from '../../../src/pcm/track-file.ts';
import { anyTrack } from '../../kit/tracks.ts';

const seed = { seed: 6, numRuns: 300 };

describe('a text as it is known to the cache', () => {
  it('is the same whatever nobody hears: blanks, controls, letters in pieces', () => {
    const same = [
      'Café au lait.',
      ' Cafe\u0301\tau \n lait. ',
      'Café\u202e au\u0000 lait.\u200f',
      'Café au  lait.',
    ];
    expect(new Set(same.map((text) => normalText(text).text))).toEqual(new Set(['Café au lait.']));
    expect(normalText('One.\n \n\nTwo.').text).toBe('One.\n\nTwo.');
    expect(normalText('\u1112\u1161\u11ab').text).toBe('한');
    expect(normalText('a\ud800b').text).toBe('a\ufffdb');
    expect(normalText('👩‍🚀 go').text).toBe('👩‍🚀 go'); // What joins an emoji stays.
  });

  it('leads back to the text as given, and is left as it is by a second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.boolean(), (text, split) => {
        const given = split ? text.normalize('NFD') : text;
        const normal = normalText(given);
        expect(normalText(normal.text).text).toBe(normal.text);
        let last = 0;
        for (let at = 0; at <= normal.text.length; at++) {
          const from = normal.sourceIndex(at);
          expect(from).toBeGreaterThanOrEqual(last);
          expect(from).toBeLessThanOrEqual(given.length);
          last = from;
        }
      }),
      seed,
    );
  });
});

describe('the key of a line', () => {
  const all = {
    provider: 'p',
    model: 'm',
    voice: 'v',
    lang: 'l',
    speed: 1,
    steps: 5,
    sampleRate: 44_100,
    text: 't',
    lexicon: 'x',
    tenant: 'n',
  };

  it('depends on all that its sound depends on, and on nothing else', () => {
    const keys = Object.keys(all).map((name) => lineKey({ ...all, [name]: name === 'speed' ? 2 : 'other' }));
    expect(new Set([lineKey(all), ...keys]).size).toBe(11);
    expect(lineKey({ ...all, ...{ priority: 'player' } })).toBe(lineKey(all));
    expect(lineKey({ provider: 'p', text: 't', voice: 'a' })).not.toBe(
      lineKey({ provider: 'p', text: 't', lang: 'a' }),
    );
  });

  it('comes back from its share with the secret, and with no other', () => {
    const [secret, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const key = lineKey(all);
    const share = shareOf(key, secret);
    expect(share).toBe(shareOf(key, secret));
    expect(keyOfShare(share, secret)).toBe(key);
    expect(keyOfShare(share, other)).not.toBe(key);
    for (const made of ['', 'x', `${share}A`, share.slice(1), `${share.slice(1)}+`]) {
      expect(keyOfShare(made, secret)).toBeUndefined();
    }
  });
});

describe('a packed line', () => {
  it('is the track again, and never that of another key or a damaged one', () => {
    fc.assert(
      fc.property(anyTrack, fc.nat(), fc.integer({ min: 1, max: 255 }), (track, place, flip) => {
        const packed = packLine('key', track);
        expect(unpackLine('key', packed)).toEqual(decodeTrack(encodeTrack(track)));
        expect(() => unpackLine('other', packed)).toThrow('Kept line');
        const damaged = Buffer.from(packed);
        damaged[place % damaged.length]! ^= flip;
        expect(() => unpackLine('key', damaged)).toThrow('Kept line');
        expect(() => unpackLine('key', packed.subarray(0, place % packed.length))).toThrow('Kept line');
      }),
      { ...seed, numRuns: 100 },
    );
  });
});
