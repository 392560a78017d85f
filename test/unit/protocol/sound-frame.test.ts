import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pcmBytes, pcmSamples, readSoundFrame, writeSoundFrame } from '../../../src/protocol/sound-frame.ts';
import { InputError } from '../../../src/speech/errors.ts';

describe('frames of sound', () => {
  it('bring the samples that were sent, with their line and position', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 0xffff_ffff }),
        fc.nat(0xffff_ffff),
        fc.int16Array({ minLength: 1 }),
        fc.nat(7),
        (line, position, samples, shift) => {
          const written = writeSoundFrame({ codec: 'pcm', line, position, payload: pcmBytes(samples) });
          // As it lies in a larger buffer, at any place.
          const around = new Uint8Array(written.length + 16);
          around.set(written, shift);
          const frame = readSoundFrame(around.subarray(shift, shift + written.length));
          expect([frame.codec, frame.line, frame.position]).toEqual(['pcm', line, position]);
          expect([...pcmSamples(frame.payload)]).toEqual([...samples]);
        },
      ),
      { seed: 85 },
    );
  });

  it('are as the documents say', () => {
    const bytes = writeSoundFrame({
      codec: 'pcm',
      line: 0x0102_0304,
      position: 5,
      payload: pcmBytes(Int16Array.of(-2)),
    });
    expect([...bytes]).toEqual([1, 0, 4, 3, 2, 1, 5, 0, 0, 0, 0xfe, 0xff]);
    const packet = writeSoundFrame({ codec: 'opus', line: 1, position: 0, payload: Uint8Array.of(1, 0, 9) });
    expect(readSoundFrame(packet)).toMatchObject({ codec: 'opus', payload: Uint8Array.of(1, 0, 9) });
  });

  it('are frames or an InputError, whatever bytes come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          expect(readSoundFrame(bytes).line).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { seed: 86, numRuns: 2_000 },
    );
  });

  it('are not written with numbers that do not fit', () => {
    const payload = new Uint8Array(2);
    for (const [line, position] of [
      [0, 0],
      [2 ** 32, 0],
      [1, -1],
      [1, 2 ** 32],
      [1, 0.5],
    ] as const) {
      expect(() => writeSoundFrame({ codec: 'pcm', line, position, payload })).toThrow(InputError);
    }
  });
});
