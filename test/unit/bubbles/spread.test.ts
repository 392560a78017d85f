import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphaAt, scaleAt } from '../../../src/bubbles/size.ts';
import { BUBBLE, BUBBLE_LENGTH, spreadBubbles } from '../../../src/bubbles/spread.ts';

function bubble(x: number, y: number, width = 200, height = 60, wanted = 1): Float64Array {
  const row = new Float64Array(BUBBLE_LENGTH);
  row.set([x, y, width, height, wanted]);
  return row;
}

const placed = (row: Float64Array) => [row[BUBBLE.middle], row[BUBBLE.bottom], row[BUBBLE.laid]];

describe('bubbles', () => {
  it('stand over their tips, and above one another where they must', () => {
    const rows = [bubble(400, 300), bubble(480, 320), bubble(800, 300)];
    spreadBubbles(rows, 1280, 720);
    expect(placed(rows[0]!)).toEqual([400, 300, 1]);
    expect(placed(rows[1]!)).toEqual([480, 234, 1]);
    expect(placed(rows[2]!)).toEqual([800, 300, 1]);
  });

  it('come into the picture, and are not laid where there is no room', () => {
    const rows = [bubble(20, 300), bubble(600, 30), bubble(600, 40), bubble(100, 900), bubble(5, 5, 2000)];
    spreadBubbles(rows, 1280, 720);
    expect(placed(rows[0]!)).toEqual([106, 300, 1]);
    expect(placed(rows[1]!)).toEqual([600, 66, 1]);
    expect(rows.slice(2).map((row) => row[BUBBLE.laid])).toEqual([0, 0, 0]);
  });

  it('never hide one another, and are wholly in the picture', () => {
    const any = fc.tuple(
      fc.integer({ min: -200, max: 1500 }),
      fc.integer({ min: -100, max: 800 }),
      fc.integer({ min: 40, max: 400 }),
      fc.integer({ min: 30, max: 120 }),
      fc.constantFrom(1, 1, 1, 0),
    );
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (list) => {
        const rows = list.map((each) => bubble(...each));
        spreadBubbles(rows, 1280, 720);
        const laid = rows.filter((row) => row[BUBBLE.laid] === 1);
        laid.forEach((one, index) => {
          const [left, right, top, bottom] = edgesOf(one);
          expect(left).toBeGreaterThanOrEqual(0);
          expect(right).toBeLessThanOrEqual(1280);
          expect(top).toBeGreaterThanOrEqual(0);
          expect(bottom).toBeLessThanOrEqual(720);
          for (const other of laid.slice(index + 1)) {
            const [l, r, t, b] = edgesOf(other);
            expect(right <= l || r <= left || bottom <= t || b <= top).toBe(true);
          }
        });
      }),
      { seed: 1 },
    );
  });

  it('are smaller far away within limits, in steps, and fade before they are gone', () => {
    let scale = 0;
    let changes = 0;
    for (let metres = 0.5; metres < 20; metres += 0.01) {
      const next = scaleAt(metres, scale);
      if (next !== scale) changes++;
      scale = next;
      expect(scale).toBeGreaterThanOrEqual(0.68);
      expect(scale).toBeLessThanOrEqual(1.25);
    }
    expect(changes).toBeLessThan(12);
    expect(alphaAt(9, 14)).toBe(1);
    expect(alphaAt(12, 14)).toBeLessThan(0.5);
    expect(alphaAt(14, 14)).toBe(0);
  });
});

function edgesOf(row: Float64Array): [left: number, right: number, top: number, bottom: number] {
  const [middle, bottom] = [row[BUBBLE.middle]!, row[BUBBLE.bottom]!];
  return [
    middle - row[BUBBLE.width]! / 2,
    middle + row[BUBBLE.width]! / 2,
    bottom - row[BUBBLE.height]!,
    bottom,
  ];
}
