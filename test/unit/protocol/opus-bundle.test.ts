import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  firstPacketFor,
  opusPosition,
  PACKET_SAMPLES,
  PRE_ROLL,
  readBundle,
  writeBundle,
} from '../../../src/protocol/opus-bundle.ts';
import { InputError } from '../../../src/speech/errors.ts';

const SEED = 20_261_122;
const packet = fc.uint8Array({ minLength: 1, maxLength: 1_275 });

describe('bundles of packets', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 6 }), (packets) => {
        expect(readBundle(writeBundle(packets)).map((each) => [...each])).toEqual(
          packets.map((each) => [...each]),
        );
      }),
      { seed: SEED },
    );
  });

  it('are packets or an InputError, whatever bytes come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4_000 }), (bytes) => {
        try {
          const packets = readBundle(bytes);
          for (const { length } of packets) expect(length > 0 && length <= 1_275).toBe(true);
          expect(writeBundle(packets)).toEqual(Uint8Array.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { seed: SEED, numRuns: 2_000 },
    );
    for (const bad of [[1], [1, 0], [0, 0], [0, 0, 1], [3, 0, 1, 2], [1, 0, 7, 2, 0, 7], [252, 4, 1]]) {
      expect(() => readBundle(Uint8Array.from(bad))).toThrow(InputError);
    }
  });
});

it('the first packet is at least the pre-roll before the first sample, and never more than 40 ms earlier', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 * 48_000 }),
      fc.integer({ min: 8_000, max: 48_000 }),
      fc.integer({ min: 0, max: 960 }),
      (samples, rate, preSkip) => {
        const first = firstPacketFor(samples, rate, preSkip);
        const early = opusPosition(samples, rate, preSkip) - first;
        expect(first % PACKET_SAMPLES).toBe(0);
        if (first > 0) expect(early).toBeGreaterThanOrEqual(PRE_ROLL);
        if (samples > 0) expect(early).toBeLessThanOrEqual(PRE_ROLL + 2 * PACKET_SAMPLES);
      },
    ),
    { seed: SEED },
  );
});
