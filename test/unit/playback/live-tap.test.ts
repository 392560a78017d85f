import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveTap, PIECE_FRAMES } from '../../../src/playback/worklet/live-tap.ts';

const RATE = 48_000;
const FADE = 240;

/** A tap, what the page got of it, and what went into the ring. */
function tapped(): { tap: LiveTap; sent: number[]; written: number[]; take: (value: number) => number } {
  const [sent, written]: [number[], number[]] = [[], []];
  const tap = new LiveTap(RATE, (samples, count) => sent.push(...samples.subarray(0, count)));
  const block = new Float32Array(PIECE_FRAMES);
  const take = (value: number): number => {
    const taken = tap.take(block.fill(value), 0, PIECE_FRAMES);
    written.push(...tap.piece.subarray(0, taken));
    return taken;
  };
  return { tap, sent, written, take };
}

describe('the tap of a live stream', () => {
  it('takes nothing before it is opened, and then all of it, faded in', () => {
    const { tap, written, take } = tapped();
    expect(take(0.5)).toBe(0);
    tap.open();
    expect(take(0.5) + take(0.5)).toBe(2 * PIECE_FRAMES);
    expect(written[0]).toBeLessThan(100);
    expect(written.at(-1)).toBe(16_384);
    for (let i = 1; i < written.length; i++) expect(written[i]! - written[i - 1]!).toBeLessThan(70);
  });

  it('takes exactly one fade more when it is closed', () => {
    const { tap, written, take } = tapped();
    tap.open();
    for (let n = 0; n < 5; n++) take(0.5);
    tap.close();
    expect(take(0.5) + take(0.5) + take(0.5)).toBe(FADE);
    expect(written.at(-1)).toBe(0);
  });

  it('clips what is too loud, and takes silence where nothing comes', () => {
    const { tap, written, take } = tapped();
    tap.open();
    for (let n = 0; n < 3; n++) take(2);
    take(-2);
    expect(Math.max(...written)).toBe(32_767);
    expect(Math.min(...written)).toBe(-32_768);
    tap.take(undefined, 0, PIECE_FRAMES);
    expect(tap.piece.every((sample) => sample === 0)).toBe(true);
  });

  it('sends the page every sample once, in order, whatever is done to it', () => {
    const deeds = fc.array(fc.constantFrom('open', 'close', 'shut', 'take', 'take', 'take'), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(deeds, (done) => {
        const { tap, sent, written, take } = tapped();
        for (const [index, deed] of done.entries()) {
          if (deed === 'take') take(0.1 + index / 100);
          else tap[deed as 'open' | 'close' | 'shut']();
        }
        tap.shut();
        expect(sent).toEqual(written);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});
