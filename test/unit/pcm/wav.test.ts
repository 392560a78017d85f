import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWav, encodeWav } from '../../../src/pcm/wav.ts';

const wav = { samples: Int16Array.of(1, -2, 32_767, -32_768), sampleRate: 22_050 };

const chunk = fc.record({
  tag: fc.string({ unit: fc.constantFrom('L', 'I', 'S', 'T', ' '), minLength: 4, maxLength: 4 }),
  bytes: fc.uint8Array({ maxLength: 9 }),
});

/** A chunk as it stands in a file: tag, length, content, and a byte to make the length even. */
function chunkOf(tag: string, bytes: Uint8Array, length = bytes.length): number[] {
  const size = [length & 255, (length >>> 8) & 255, (length >>> 16) & 255, length >>> 24];
  return [...Buffer.from(tag), ...size, ...bytes, ...(bytes.length % 2 ? [0] : [])];
}

function riff(...chunks: number[][]): Uint8Array {
  const body = chunks.flat();
  return Uint8Array.from([
    ...chunkOf('RIFF', new Uint8Array(0), body.length + 4),
    ...Buffer.from('WAVE'),
    ...body,
  ]);
}

const plain = encodeWav(wav);
const format = plain.slice(20, 36);
const data = plain.slice(44);

function extensible(tag: number, tail = '000000001000800000aa00389b71'): Uint8Array {
  const head = format.slice();
  head.set([0xfe, 0xff]);
  return Uint8Array.from([...head, 22, 0, 16, 0, 4, 0, 0, 0, tag, 0, ...Buffer.from(tail, 'hex')]);
}

describe('WAV files of other writers', () => {
  it('are read with chunks of any length around what counts', () => {
    fc.assert(
      fc.property(fc.array(chunk), fc.array(chunk), fc.array(chunk), (before, between, after) => {
        const all = (chunks: typeof before) => chunks.flatMap(({ tag, bytes }) => chunkOf(tag, bytes));
        const file = riff(
          all(before),
          chunkOf('fmt ', format),
          all(between),
          chunkOf('data', data),
          all(after),
        );
        expect(decodeWav(file)).toEqual(wav);
      }),
      { seed: 21 },
    );
  });

  it('are read with an extensible header that says PCM, and refused with another', () => {
    const file = (fmt: Uint8Array) => riff(chunkOf('fmt ', fmt), chunkOf('data', data));
    expect(decodeWav(file(extensible(1)))).toEqual(wav);
    expect(() => decodeWav(file(extensible(3)))).toThrowError(/got format 3 with 1 channel/);
    expect(() => decodeWav(file(extensible(1, '00'.repeat(14))))).toThrowError(/got format 65534/);
    expect(() => decodeWav(file(extensible(1).subarray(0, 20)))).toThrowError(/got format 65534/);
  });

  it.each([0xffffffff, 0x7ffff000])(
    'are read to their end where the length was left open as %i',
    (length) => {
      expect(decodeWav(riff(chunkOf('fmt ', format), chunkOf('data', data, length)))).toEqual(wav);
    },
  );

  it.each([
    [
      'cut off in the samples',
      riff(chunkOf('fmt ', format), chunkOf('data', data.subarray(0, 6), 8)),
      /8 bytes of samples, got 6/,
    ],
    [
      'of half a sample',
      riff(chunkOf('fmt ', format), chunkOf('data', data.subarray(0, 7))),
      /samples of 2 bytes, got 7/,
    ],
    ['without samples', riff(chunkOf('fmt ', format)), /a data chunk/],
    ['without a format', riff(chunkOf('data', data)), /a format chunk before the samples/],
    [
      'with a short format',
      riff(chunkOf('fmt ', format.subarray(0, 14)), chunkOf('data', data)),
      /16 bytes or more, got 14/,
    ],
    [
      'with no rate',
      riff(
        chunkOf(
          'fmt ',
          format.map((byte, at) => (at > 3 && at < 8 ? 0 : byte)),
        ),
      ),
      /above 0, got 0/,
    ],
    [
      'of 8 bits',
      riff(
        chunkOf(
          'fmt ',
          format.map((byte, at) => (at === 14 ? 8 : byte)),
        ),
      ),
      /of 8 bits/,
    ],
    ['in big endian', plain.map((byte, at) => (at === 3 ? 'X'.charCodeAt(0) : byte)), /RIFF\/WAVE header/],
  ])('are refused in words: %s', (_what, file, message) => {
    expect(() => decodeWav(file, 'a.wav')).toThrowError(
      expect.objectContaining({ code: 'invalid-input', message: expect.stringMatching(message) }),
    );
    expect(() => decodeWav(file, 'a.wav')).toThrowError(/^a\.wav: expected/);
  });

  it('that are cut off anywhere are refused, not read in part', () => {
    for (let length = 0; length < plain.length; length++) {
      expect(() => decodeWav(plain.subarray(0, length))).toThrowError(
        expect.objectContaining({ code: 'invalid-input' }),
      );
    }
  });
});
