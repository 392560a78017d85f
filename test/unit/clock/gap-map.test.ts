import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GapMap, READING, READING_LENGTH } from '../../../src/clock/gap-map.ts';

const RATE = 48_000;

/** Tells the map of a run at normal speed, unless it says otherwise. */
function tell(
  map: GapMap,
  run: {
    contextFrame: number;
    lineFrame: number;
    frames: number;
    lineFrames?: number;
    take?: number;
    open: boolean;
  },
): void {
  map.handleRun({ lineFrames: run.frames, take: 0, ...run });
  map.handleEdge(run.open, (run.lineFrames ?? run.frames) / run.frames);
}

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
            tell(map, {
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
    tell(map, { contextFrame: 0, lineFrame: 0, frames: 128, open: true });
    tell(map, { contextFrame: 1_664, lineFrame: 128, frames: 1_000, open: true });
    expect(map.pieces).toBe(1);
    expect(map.start).toBe(1_536 / RATE);
    tell(map, { contextFrame: 1_664 + 1_000 + 48_000, lineFrame: 1_128, frames: 128, open: false });
    expect(map.pieces).toBe(2);
    tell(map, { contextFrame: 51_792 + 128, lineFrame: 1_256, frames: 128, open: true });
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
              tell(map, { contextFrame: context, lineFrame: line, frames, open: false });
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
      tell(map, { contextFrame: 500 + index * 128, lineFrame: index * 128, frames: 128, open: true });
    }
    expect(map.pieces).toBe(1);
  });

  it('holds during a stall and after the end', () => {
    const map = new GapMap(RATE);
    tell(map, { contextFrame: 48_000, lineFrame: 0, frames: 4_800, open: false });
    expect(map.lineTimeAt(1.5)).toBeCloseTo(0.1, 9);
    tell(map, { contextFrame: 96_000, lineFrame: 4_800, frames: 4_800, open: false });
    expect(map.lineTimeAt(1.9)).toBeCloseTo(0.1, 9);
    expect(map.lineTimeAt(2.05)).toBeCloseTo(0.15, 9);
    expect(map.lineTimeAt(9)).toBeCloseTo(0.2, 9);
  });

  it('goes on beyond the last receipt while a run is open, but not for ever', () => {
    const map = new GapMap(RATE);
    tell(map, { contextFrame: 0, lineFrame: 0, frames: 2_400, open: true });
    expect(map.lineTimeAt(0.1)).toBeCloseTo(0.1, 9);
    expect(map.lineTimeAt(5)).toBeCloseTo(0.25, 9);
  });

  it('is 0 before the first sample', () => {
    const map = new GapMap(RATE);
    expect(map.lineTimeAt(3)).toBe(0);
    expect(map.start).toBeUndefined();
    tell(map, { contextFrame: 48_000, lineFrame: 0, frames: 128, open: true });
    expect(map.lineTimeAt(0.5)).toBe(0);
    expect(map.start).toBe(1);
  });

  it('follows speeds, standstill and seeks, and finds the way back', () => {
    const map = new GapMap(RATE);
    tell(map, { contextFrame: 48_000, lineFrame: 0, frames: 4_800, open: true });
    tell(map, { contextFrame: 52_800, lineFrame: 4_800, frames: 480, lineFrames: 960, open: true });
    tell(map, { contextFrame: 53_280, lineFrame: 5_760, frames: 480, lineFrames: 0, open: true });
    tell(map, { contextFrame: 53_760, lineFrame: 5_760, frames: 4_800, open: false });
    expect(map.lineTimeAt(53_040 / RATE) * RATE).toBeCloseTo(5_280, 6);
    expect(map.lineTimeAt(53_500 / RATE) * RATE).toBeCloseTo(5_760, 6);
    expect(map.contextTimeAt(5_280 / RATE)! * RATE).toBeCloseTo(53_040, 6);
    expect(map.contextTimeAt(5_760 / RATE)! * RATE).toBeCloseTo(53_280, 6);
    expect(map.contextTimeAt(1)).toBeUndefined();
    tell(map, { contextFrame: 60_000, lineFrame: 2_400, frames: 4_800, take: 1, open: false });
    expect(map.lineTimeAt(62_400 / RATE) * RATE).toBeCloseTo(4_800, 6);
    expect(map.contextTimeAt(4_800 / RATE)! * RATE).toBeCloseTo(62_400, 6);
    expect(map.contextTimeAt(1_200 / RATE)).toBeUndefined();
  });

  it('tells sound from silence, and how long each has lasted', () => {
    const map = new GapMap(RATE);
    const reading = new Float64Array(READING_LENGTH);
    const at = (seconds: number) => {
      map.read(seconds, reading);
      return {
        silence: reading[READING.silence],
        sound: reading[READING.sound],
        silenceBefore: reading[READING.silenceBefore],
      };
    };
    const never = { silence: Number.POSITIVE_INFINITY, sound: 0, silenceBefore: Number.POSITIVE_INFINITY };
    expect(at(3)).toEqual(never);
    tell(map, { contextFrame: 48_000, lineFrame: 0, frames: 24_000, open: true });
    tell(map, { contextFrame: 72_000, lineFrame: 24_000, frames: 480, lineFrames: 0, open: true });
    tell(map, { contextFrame: 72_480, lineFrame: 24_000, frames: 23_520, open: false });
    tell(map, { contextFrame: 144_000, lineFrame: 47_520, frames: 24_000, open: false });
    expect(at(0.9)).toEqual(never);
    expect(at(1.25)).toMatchObject({ silence: 0, sound: 0.25, silenceBefore: Number.POSITIVE_INFINITY });
    expect(at(1.75)).toMatchObject({ silence: 0, sound: 0.75 }); // A splice is no interruption.
    expect(at(2.5)).toMatchObject({ silence: 0.5, sound: 0 });
    expect(at(3.25)).toMatchObject({ silence: 0, sound: 0.25, silenceBefore: 1 });
    expect(at(4).silence).toBeCloseTo(0.5, 9);
  });
});
