import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PCM_ENCODINGS, type PcmEncoding, PcmReader } from '../../../src/pcm/encoding.ts';
import { decodeAnyWav, readWavHead } from '../../../src/pcm/wav.ts';

const BYTES: Record<PcmEncoding, number> = {
  u8: 1,
  s16le: 2,
  s24le: 3,
  s32le: 4,
  f32le: 4,
  f64le: 8,
  mulaw: 1,
  alaw: 1,
};

/** Samples as bytes of an encoding that holds them whole. */
function bytesOf(encoding: PcmEncoding, samples: readonly number[]): Buffer {
  const bytes = Buffer.alloc(samples.length * BYTES[encoding]);
  for (const [index, sample] of samples.entries()) {
    const at = index * BYTES[encoding];
    if (encoding === 'u8') bytes.writeUInt8((sample >> 8) + 128, at);
    else if (encoding === 's16le') bytes.writeInt16LE(sample, at);
    else if (encoding === 's24le') bytes.writeIntLE(sample * 256, at, 3);
    else if (encoding === 's32le') bytes.writeInt32LE(sample * 65_536, at);
    else if (encoding === 'f32le') bytes.writeFloatLE(sample / 32_768, at);
    else if (encoding === 'f64le') bytes.writeDoubleLE(sample / 32_768, at);
    else throw new Error(encoding);
  }
  return bytes;
}

const linear = fc.constantFrom<PcmEncoding>('s16le', 's24le', 's32le', 'f32le', 'f64le');
const samples = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 40 });

describe('bytes of samples', () => {
  it('give the samples back, however they are cut', () => {
    const cuts = fc.array(fc.nat(40), { maxLength: 20 });
    fc.assert(
      fc.property(linear, samples, cuts, (encoding, wanted, lengths) => {
        const bytes = bytesOf(encoding, wanted);
        const reader = new PcmReader(encoding);
        const got: number[] = [];
        let at = 0;
        for (const length of [...lengths, bytes.length]) {
          got.push(...reader.push(bytes.subarray(at, at + length)));
          at = Math.min(at + length, bytes.length);
        }
        expect(got).toEqual(wanted);
      }),
      { seed: 7 },
    );
  });

  it('of several channels are mixed to one, frames torn apart or not', () => {
    const bytes = bytesOf('s16le', [100, 300, -32_768, -32_768, 1, 2]);
    expect([...new PcmReader('s16le', 2).push(bytes)]).toEqual([200, -32_768, 2]);
    const torn = new PcmReader('s16le', 2);
    expect([...bytes].flatMap((byte) => [...torn.push(Uint8Array.of(byte))])).toEqual([200, -32_768, 2]);
  });

  it('are clipped where they are too loud, and silent where they are no numbers', () => {
    const floats = Buffer.alloc(16);
    for (const [index, value] of [2, -2, Number.NaN, 0.5].entries()) floats.writeFloatLE(value, index * 4);
    expect([...new PcmReader('f32le').push(floats)]).toEqual([32_767, -32_768, 0, 16_384]);
  });

  it('of 8 bits have half their range on each side', () => {
    expect([...new PcmReader('u8').push(Uint8Array.of(0, 128, 255))]).toEqual([-32_768, 0, 127 * 256]);
  });

  it('of telephones are those of G.711', () => {
    // ITU-T G.711: the ends of each law, and both sides of zero.
    const mu = new PcmReader('mulaw').push(Uint8Array.of(0x00, 0x80, 0xff, 0x7f, 0xf0, 0x0f));
    expect([...mu]).toEqual([-32_124, 32_124, 0, 0, 120, -16_764]);
    const a = new PcmReader('alaw').push(Uint8Array.of(0x2a, 0xaa, 0xd5, 0x55, 0x80, 0x00));
    expect([...a]).toEqual([-32_256, 32_256, 8, -8, 5_504, -5_504]);
    for (const law of ['mulaw', 'alaw'] as const) {
      const all = new PcmReader(law).push(Uint8Array.from({ length: 256 }, (_, code) => code));
      for (let code = 0; code < 128; code++) expect(all[code]! + all[code + 128]!).toBe(0);
      expect(new Set([...all].map(Math.abs)).size).toBe(128);
    }
  });
});

describe('WAV files of any kind', () => {
  function wav(format: number, bits: number, channels: number, data: Buffer): Buffer {
    const head = Buffer.alloc(44);
    head.write('RIFF');
    head.writeUInt32LE(36 + data.length, 4);
    head.write('WAVEfmt ', 8);
    head.writeUInt32LE(16, 16);
    head.writeUInt16LE(format, 20);
    head.writeUInt16LE(channels, 22);
    head.writeUInt32LE(22_050, 24);
    head.writeUInt32LE((22_050 * channels * bits) / 8, 28);
    head.writeUInt16LE((channels * bits) / 8, 32);
    head.writeUInt16LE(bits, 34);
    head.write('data', 36);
    head.writeUInt32LE(data.length, 40);
    return Buffer.concat([head, data]);
  }

  it('give their samples', () => {
    const wanted = [0, 256, -512, 32_512];
    const kinds: [number, number, PcmEncoding][] = [
      [1, 8, 'u8'],
      [1, 16, 's16le'],
      [1, 24, 's24le'],
      [1, 32, 's32le'],
      [3, 32, 'f32le'],
      [3, 64, 'f64le'],
    ];
    for (const [format, bits, encoding] of kinds) {
      const { samples: got, sampleRate } = decodeAnyWav(wav(format, bits, 1, bytesOf(encoding, wanted)));
      expect([...got]).toEqual(wanted);
      expect(sampleRate).toBe(22_050);
    }
    const both = wanted.flatMap((sample) => [sample, sample]);
    expect([...decodeAnyWav(wav(1, 16, 2, bytesOf('s16le', both))).samples]).toEqual(wanted);
    expect(decodeAnyWav(wav(7, 8, 1, Buffer.of(0x80))).samples[0]).toBe(32_124);
    expect(decodeAnyWav(wav(6, 8, 1, Buffer.of(0xaa))).samples[0]).toBe(32_256);
  });

  it('are refused with the name of what they hold', () => {
    expect(() => decodeAnyWav(wav(85, 16, 2, Buffer.alloc(8)), 'a.wav')).toThrow(
      /^a.wav: expected PCM .* got format 85 with 2 channel/,
    );
  });

  it('have a head that is read as soon as it is there', () => {
    const file = wav(1, 16, 2, Buffer.alloc(8));
    for (let length = 0; length < 44; length++)
      expect(readWavHead(file.subarray(0, length), 'x')).toBeUndefined();
    expect(readWavHead(file.subarray(0, 44), 'x')).toMatchObject({
      start: 44,
      channels: 2,
      sampleRate: 22_050,
    });
    expect(() => readWavHead(Buffer.from('OggS'), 'x')).toThrow(/RIFF/);
    expect(PCM_ENCODINGS).toHaveLength(8);
  });
});
