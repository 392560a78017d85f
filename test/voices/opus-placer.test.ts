/** Where the samples of a decoder go, whatever the rate, the cut of the packets, and the place where a line is begun. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { resampleAll } from '../../src/pcm/resampler.ts';
import { firstPacketFor, opusPosition, PACKET_SAMPLES } from '../../src/protocol/opus-bundle.ts';
import { OpusPlacer } from '../../src/voices/gateway/opus-placer.ts';
import { chordAt, likenessOf } from '../kit/likeness.ts';

const PRE_SKIP = 312;
const RATES = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 44_056, 37_800];

/** What a decoder without any loss gives for a line: late by the pre-skip, and up to a packet too long. */
function decoded(samples: Int16Array, sampleRate: number): Float32Array {
  const raised = resampleAll(samples, sampleRate, 48_000);
  const packets = Math.ceil((raised.length + PRE_SKIP) / PACKET_SAMPLES);
  const sound = new Float32Array(packets * PACKET_SAMPLES);
  for (const [at, sample] of raised.entries()) sound[at + PRE_SKIP] = sample / 32_768;
  return sound;
}

it('a line has as many samples as it had, and each where it was', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RATES),
      fc.double({ min: 0.001, max: 0.9, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 8 }),
      (sampleRate, seconds, part, cuts) => {
        const line = Int16Array.from({ length: Math.ceil(seconds * sampleRate) }, (_, at) =>
          chordAt(at, sampleRate),
        );
        const from = Math.floor(part * part * line.length);
        const sound = decoded(line, sampleRate);
        const placer = new OpusPlacer({ sampleRate, preSkip: PRE_SKIP, from });
        const heard: number[] = [];
        let position = firstPacketFor(from, sampleRate, PRE_SKIP);
        for (let nth = 0; position < sound.length; nth++) {
          const end = Math.min(sound.length, position + cuts[nth % cuts.length]! * PACKET_SAMPLES);
          heard.push(...placer.push(position, sound.subarray(position, end)));
          expect(placer.next).toBe(from + heard.length);
          position = end;
          expect(heard.length).toBeLessThanOrEqual(line.length - from); // Never beyond the end of the line.
        }
        heard.push(...placer.end(line.length));
        expect(heard.length).toBe(line.length - from);
        // The chord lies below 3.3 kHz: near the edge of 8 kHz the two filters take some of it.
        if (heard.length > sampleRate / 50) {
          expect(likenessOf(heard, line.slice(from))).toBeGreaterThan(sampleRate > 12_000 ? 0.98 : 0.95);
        }
      },
    ),
    { seed: 20_261_122, numRuns: 150 },
  );
});

it('a gateway that sends too little leaves silence, and no other length', () => {
  const placer = new OpusPlacer({ sampleRate: 24_000, preSkip: PRE_SKIP, from: 0 });
  const heard = [...placer.push(0, new Float32Array(4_800).fill(0.5)), ...placer.end(24_000)];
  expect(heard.length).toBe(24_000);
  expect(heard.at(-1)).toBe(0);
  expect(opusPosition(24_000, 24_000, PRE_SKIP)).toBe(48_312);
});
