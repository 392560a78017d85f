import { describe, expect, it } from 'vitest';
import { roomResponse } from '../../../src/pcm/room-response.ts';

const RATE = 48_000;

/** Level of a signal from `from` to `to` seconds, decibels. */
function level(signal: Float32Array, from: number, to: number): number {
  const part = signal.subarray(Math.round(from * RATE), Math.round(to * RATE));
  return 10 * Math.log10(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
}

/** What is above about 4 kHz. */
function treble(signal: Float32Array): Float32Array {
  let low = 0;
  return signal.map((sample) => {
    low += (sample - low) * 0.4;
    return sample - low;
  });
}

/** Seconds in which a response falls by 60 dB, by its fall between two moments. */
function decay(signal: Float32Array, from: number, to: number): number {
  const fall = level(signal, from, from + 0.1) - level(signal, to, to + 0.1);
  return (60 * (to - from)) / fall;
}

describe('the answer of a room', () => {
  it.each([
    [0.5, 0.8],
    [2, 0.5],
    [4, 0.6],
  ])('falls by 60 dB in %s seconds, its treble in %s of that', (decaySeconds, trebleDecay) => {
    const [left] = roomResponse({ decaySeconds, trebleDecay }, RATE);
    expect(left).toHaveLength(decaySeconds * RATE);
    const late = decaySeconds * 0.7;
    expect(decay(left, late - 0.2, late) / decaySeconds).toBeGreaterThan(0.75);
    expect(decay(left, late - 0.2, late) / decaySeconds).toBeLessThan(1.15);
    const early = decay(treble(left), 0.05, 0.05 + 0.2 * decaySeconds) / decaySeconds;
    expect(early).toBeGreaterThan(0.85 * trebleDecay);
    expect(early).toBeLessThan(1.15 * trebleDecay + 0.03);
  });

  it('has an energy of 1 at both ears, which are not alike, and ends at 0', () => {
    const [left, right] = roomResponse({ decaySeconds: 1, trebleDecay: 0.7 }, RATE);
    const energy = (signal: Float32Array) => signal.reduce((sum, sample) => sum + sample * sample, 0);
    expect(energy(left)).toBeCloseTo(0.5, 5);
    expect(energy(right)).toBeCloseTo(0.5, 5);
    const likeness = left.reduce((sum, sample, index) => sum + sample * right[index]!, 0);
    expect(Math.abs(likeness)).toBeLessThan(0.05);
    expect(left.at(-1)).toBeCloseTo(0, 12);
    const [again] = roomResponse({ decaySeconds: 1, trebleDecay: 0.7 }, RATE);
    expect(again).toEqual(left);
  });
});
