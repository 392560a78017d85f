import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GapMap } from '../../../src/clock/gap-map.ts';

const RATE = 48_000;

/** Renders stretches and gaps block by block, as the worklet does, and reports in receipts of any size. */
const history = fc.array(
  fc.record({
    gap: fc.integer({ min: 0, max: 20_000 }),
    receipts: fc.array(fc.integer({ min: 1, max: 4_800 }), { minLength: 1, maxLength: 8 }),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('the gap map', () => {
  it('gives every rendered frame back at the moment it was rendered', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 1e7 }), (runs, from) => {
        const map = new GapMap(RATE);
        const truth: [context: number, line: number][] = [];
        let [context, line] = [from, 0];
        for (const { gap, receipts } of runs) {
          context += gap;
          for (const [index, frames] of receipts.entries()) {
            map.handleRun({
              contextFrame: context,
              lineFrame: line,
              frames,
              open: index < receipts.length - 1,
            });
            truth.push([context, line], [context + frames - 1, line + frames - 1]);
            context += frames;
            line += frames;
          }
        }
        for (const [atContext, atLine] of truth) {
          expect(map.lineTimeAt(atContext / RATE) * RATE).toBeCloseTo(atLine, 3);
        }
        expect(map.rendered).toBeCloseTo(line / RATE, 9);
      }),
      { seed: 11 },
    );
  });

  it('moves an open piece to where it was when the frame number turns out to have stood still', () => {
    const map = new GapMap(RATE);
    map.handleRun({ contextFrame: 0, lineFrame: 0, frames: 128, open: true });
    map.handleRun({ contextFrame: 1_664, lineFrame: 128, frames: 1_000, open: true });
    expect(map.pieces).toBe(1);
    expect(map.start).toBe(1_536 / RATE);
    map.handleRun({ contextFrame: 1_664 + 1_000 + 48_000, lineFrame: 1_128, frames: 128, open: false });
    expect(map.pieces).toBe(2);
    map.handleRun({ contextFrame: 51_792 + 128, lineFrame: 1_256, frames: 128, open: true });
    expect(map.pieces).toBe(3); // A stall of any length is a gap.
  });

  it('never goes backwards in context time, whatever the order of the questions', () => {
    fc.assert(
      fc.property(
        history,
        fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { maxLength: 50 }),
        (runs, moments) => {
          const map = new GapMap(RATE);
          let [context, line] = [1_000, 0];
          for (const { gap, receipts } of runs) {
            context += gap;
            for (const frames of receipts) {
              map.handleRun({ contextFrame: context, lineFrame: line, frames, open: false });
              context += frames;
              line += frames;
            }
          }
          const asked = new Map(moments.map((moment) => [moment, map.lineTimeAt(moment)]));
          let last = 0;
          for (const [, lineTime] of [...asked].sort(([a], [b]) => a - b)) {
            expect(lineTime).toBeGreaterThanOrEqual(last);
            last = lineTime;
          }
        },
      ),
      { seed: 12 },
    );
  });

  it('is one piece for an uninterrupted run, however many receipts tell of it', () => {
    const map = new GapMap(RATE);
    for (let index = 0; index < 100; index++) {
      map.handleRun({ contextFrame: 500 + index * 128, lineFrame: index * 128, frames: 128, open: true });
    }
    expect(map.pieces).toBe(1);
  });

  it('holds during a stall and after the end', () => {
    const map = new GapMap(RATE);
    map.handleRun({ contextFrame: 48_000, lineFrame: 0, frames: 4_800, open: false });
    expect(map.lineTimeAt(1.5)).toBeCloseTo(0.1, 9);
    map.handleRun({ contextFrame: 96_000, lineFrame: 4_800, frames: 4_800, open: false });
    expect(map.lineTimeAt(1.9)).toBeCloseTo(0.1, 9);
    expect(map.lineTimeAt(2.05)).toBeCloseTo(0.15, 9);
    expect(map.lineTimeAt(9)).toBeCloseTo(0.2, 9);
  });

  it('goes on beyond the last receipt while a run is open, but not for ever', () => {
    const map = new GapMap(RATE);
    map.handleRun({ contextFrame: 0, lineFrame: 0, frames: 2_400, open: true });
    expect(map.lineTimeAt(0.1)).toBeCloseTo(0.1, 9);
    expect(map.lineTimeAt(5)).toBeCloseTo(0.25, 9);
  });

  it('is 0 before the first sample', () => {
    const map = new GapMap(RATE);
    expect(map.lineTimeAt(3)).toBe(0);
    expect(map.start).toBeUndefined();
    map.handleRun({ contextFrame: 48_000, lineFrame: 0, frames: 128, open: true });
    expect(map.lineTimeAt(0.5)).toBe(0);
    expect(map.start).toBe(1);
  });
});
