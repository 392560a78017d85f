import { describe, expect, it } from 'vitest';
import { LatenessEstimate } from '../../../src/clock/lateness.ts';
import { OWN_STEP, steepest } from './deck.ts';
import { chance, playOver } from './networks.ts';

/** A stall of the link of 200 ms every two seconds, after which everything comes at once. */
function hiccups(chunk: number): number {
  const since = chunk % 50;
  return chunk >= 50 && since < 5 ? 200 - since * 40 : 0;
}

/** Two stalls of 400 ms after which the sender does not catch up. */
function lost(chunk: number): number {
  return (chunk >= 50 ? 400 : 0) + (chunk >= 150 ? 400 : 0);
}

describe('a line over a network', () => {
  it('begins at once on a clean link and is not touched', () => {
    const { firstMs, silentMs, stretched, targetMs } = playOver(new LatenessEstimate(), 10, () => 20);
    expect(firstMs).toBeLessThanOrEqual(targetMs + 30);
    expect(targetMs).toBeLessThanOrEqual(50);
    expect({ silentMs, stretched }).toEqual({ silentMs: 0, stretched: 0 });
  });

  it('has no gap once the jitter of its link is known, and hardly one before', () => {
    const estimate = new LatenessEstimate();
    const first = playOver(estimate, 10, (n) => 120 * chance(n));
    expect(first.silentMs).toBeLessThan(150);
    for (let line = 0; line < 3; line++) {
      const later = playOver(estimate, 10, (n) => 120 * chance(n + 1_000 * line));
      expect(later.silentMs).toBe(0);
      expect(later.stretched).toBeLessThan(0.02);
    }
  });

  it('is interrupted by the first hiccup of its link and by no other of that length', () => {
    const estimate = new LatenessEstimate();
    const { stalls, silentMs, deck } = playOver(estimate, 12, hiccups);
    expect(stalls).toBeLessThanOrEqual(2);
    expect(silentMs).toBeLessThanOrEqual(200);
    expect(playOver(estimate, 12, hiccups).silentMs).toBe(0);
    expect(steepest(deck.out)).toBeLessThanOrEqual(OWN_STEP * 1.1);
  });

  it('has no more silence than a stall that is not made up for, the refill and a block', () => {
    const estimate = new LatenessEstimate();
    const { silentMs, targetMs, stalls } = playOver(estimate, 12, lost);
    expect(stalls).toBe(2); // It does not go on with a word and stop again.
    expect(silentMs).toBeLessThanOrEqual(2 * 400 - 40 + 2 * (targetMs / 2) + 40);
    expect(targetMs).toBe(400);
  });
});
