import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PcmAssembler } from '../../../src/pcm/assembler.ts';
import { decodeWav, encodeWav } from '../../../src/pcm/wav.ts';

const samplesOf = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 200 });

function bytesOf(samples: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(samples.length * 2));
  for (const [index, sample] of samples.entries()) view.setInt16(index * 2, sample, true);
  return new Uint8Array(view.buffer);
}

describe('bytes into samples', () => {
  it('gives the same samples however the bytes are split', () => {
    fc.assert(
      fc.property(samplesOf, fc.array(fc.nat({ max: 400 })), (samples, cuts) => {
        const bytes = bytesOf(samples);
        const assembler = new PcmAssembler();
        const got: number[] = [];
        let from = 0;
        for (const cut of [
          ...cuts.filter((place) => place <= bytes.length).sort((a, b) => a - b),
          bytes.length,
        ]) {
          got.push(...assembler.push(bytes.subarray(from, cut)));
          from = cut;
        }
        expect(got).toEqual(samples);
        expect(assembler.carrying).toBe(false);
      }),
      { seed: 1 },
    );
  });

  it('carries an odd byte, and forgets it when told', () => {
    const assembler = new PcmAssembler();
    expect(assembler.push(Uint8Array.of(1, 2, 3))).toEqual(Int16Array.of(0x0201));
    expect(assembler.carrying).toBe(true);
    expect(assembler.push(new Uint8Array(0))).toEqual(new Int16Array(0));
    expect(assembler.push(Uint8Array.of(4))).toEqual(Int16Array.of(0x0403));
    assembler.push(Uint8Array.of(9));
    assembler.reset();
    expect(assembler.push(Uint8Array.of(1, 0))).toEqual(Int16Array.of(1));
  });
});

describe('WAV files', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(samplesOf, fc.integer({ min: 8_000, max: 48_000 }), (samples, sampleRate) => {
        const wav = { samples: Int16Array.from(samples), sampleRate };
        expect(decodeWav(encodeWav(wav))).toEqual(wav);
      }),
      { seed: 2 },
    );
  });

  it('are refused in words when they are something else', () => {
    const file = encodeWav({ samples: new Int16Array(4), sampleRate: 8_000 });
    const stereo = file.slice();
    stereo[22] = 2;
    for (const wrong of [new Uint8Array(0), new Uint8Array(60), file.subarray(0, 30), stereo]) {
      expect(() => decodeWav(wrong)).toThrowError(expect.objectContaining({ code: 'invalid-input' }));
    }
  });

  it('never make the reader fail in another way, whatever the bytes', () => {
    const file = encodeWav({ samples: new Int16Array(20), sampleRate: 8_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: file.length - 1 }), fc.nat({ max: 255 }))), (changes) => {
        const broken = file.slice();
        for (const [place, value] of changes) broken[place] = value;
        try {
          decodeWav(broken);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid-input' });
        }
      }),
      { seed: 3 },
    );
  });
});
