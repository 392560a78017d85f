import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatenessEstimate, LONGEST_TARGET_MS, SHORTEST_TARGET_MS } from '../../../src/clock/lateness.ts';

const CHUNK = 0.02;

/** A sender that keeps pace, over a link that delays chunk `n` by `delayMs(n)`; in order, as TCP is. */
function send(
  estimate: LatenessEstimate,
  chunks: number,
  delayMs: (chunk: number) => number,
  chunk = CHUNK,
): void {
  const line = estimate.beginLine();
  let last = 0;
  for (let n = 0; n < chunks; n++) {
    last = Math.max(last, 1_000 + (n + 1) * chunk * 1_000 + delayMs(n));
    line.handleChunk(last, n * chunk, (n + 1) * chunk);
  }
}

/** 0 to 1, the same for the same `n`. */
function chance(n: number): number {
  const x = Math.sin(n * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
}

describe('the lateness estimate', () => {
  it('asks for little where nothing is known, on a clean link, and from a sender that hurries', () => {
    const estimate = new LatenessEstimate();
    expect(estimate.targetMs).toBe(SHORTEST_TARGET_MS);
    send(estimate, 500, () => 30);
    expect(estimate.targetMs).toBe(SHORTEST_TARGET_MS);
    const line = estimate.beginLine();
    for (let n = 0; n < 200; n++) line.handleChunk(5_000 + n, n * CHUNK, (n + 1) * CHUNK);
    expect(estimate.targetMs).toBe(SHORTEST_TARGET_MS);
  });

  it('covers 95 of 100 chunks of a link with jitter, and the length of large chunks', () => {
    const estimate = new LatenessEstimate();
    send(estimate, 1_000, (n) => 120 * chance(n));
    expect(estimate.targetMs).toBeGreaterThan(110);
    expect(estimate.targetMs).toBeLessThan(160);
    const large = new LatenessEstimate();
    send(large, 100, () => 0, 0.2);
    expect(large.targetMs).toBeGreaterThanOrEqual(200);
    expect(large.targetMs).toBeLessThanOrEqual(220);
  });

  it('learns nothing wrong from lines that stream at once, and from parts that are all there', () => {
    const estimate = new LatenessEstimate();
    const [one, other] = [estimate.beginLine(), estimate.beginLine()];
    for (let n = 0; n < 200; n++) {
      one.handleChunk(1_000 + n * 20, n * CHUNK, (n + 1) * CHUNK);
      if (n > 100) other.handleChunk(1_000 + n * 20, (n - 101) * CHUNK, (n - 100) * CHUNK);
    }
    expect(estimate.targetMs).toBe(SHORTEST_TARGET_MS);
    const track = estimate.beginLine();
    for (let n = 0; n < 12; n++) track.handleChunk(9_000, n * 0.25, (n + 1) * 0.25);
    expect(estimate.targetMs).toBe(SHORTEST_TARGET_MS);
  });

  it('forgets a bad time', () => {
    const estimate = new LatenessEstimate();
    send(estimate, 500, (n) => 300 * chance(n));
    expect(estimate.targetMs).toBeGreaterThan(150);
    send(estimate, 500, () => 5);
    expect(estimate.targetMs).toBe(SHORTEST_TARGET_MS);
  });

  it('is raised by a stall and eased down afterwards', () => {
    const estimate = new LatenessEstimate();
    send(estimate, 500, () => 5);
    estimate.handleStall(160);
    expect(estimate.targetMs).toBe(SHORTEST_TARGET_MS + 160);
    estimate.handleStall(1_000);
    expect(estimate.targetMs).toBe(LONGEST_TARGET_MS);
    send(estimate, 3_000, () => 5);
    expect(estimate.targetMs).toBeCloseTo(LONGEST_TARGET_MS / 2, 0);
    send(estimate, 12_000, () => 5);
    expect(estimate.targetMs).toBe(SHORTEST_TARGET_MS);
  });

  it('stays between its bounds, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            wait: fc.double({ min: 0, max: 5_000, noNaN: true }),
            seconds: fc.double({ min: 0, max: 10, noNaN: true }),
            stall: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
          }),
          { maxLength: 300 },
        ),
        (chunks) => {
          const estimate = new LatenessEstimate();
          const line = estimate.beginLine();
          let [now, at] = [0, 0];
          for (const { wait, seconds, stall } of chunks) {
            now += wait;
            line.handleChunk(now, at, at + seconds);
            at += seconds;
            if (stall !== null) estimate.handleStall(stall);
            expect(estimate.targetMs).toBeGreaterThanOrEqual(SHORTEST_TARGET_MS);
            expect(estimate.targetMs).toBeLessThanOrEqual(LONGEST_TARGET_MS);
          }
        },
      ),
      { seed: 41 },
    );
  });
});
