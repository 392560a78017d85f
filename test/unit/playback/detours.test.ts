import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_LINES, occlusionByLines } from '../../../src/playback/occlusion/detours.ts';

/** Whether a line between two points comes into a box. */
function inBox(min: Vector3, max: Vector3) {
  return (from: Vector3, to: Vector3): boolean => {
    for (let part = 0; part <= 1; part += 1 / 2_000) {
      const { x, y, z } = Vector3.Lerp(from, to, part);
      if (x >= min.x && x <= max.x && y >= min.y && y <= max.y && z >= min.z && z <= max.z) return true;
    }
    return false;
  };
}

const EARS = new Vector3(0, 1.7, 0);
const MOUTH = new Vector3(0, 1.6, 6);
const high = 1e3;

describe('what stands between ears and a mouth', () => {
  it.each<[string, Vector3, Vector3, number]>([
    ['a wall beside the line', new Vector3(0.1, 0, -high), new Vector3(0.3, high, high), 0],
    ['a pillar', new Vector3(-0.2, -high, 2.8), new Vector3(0.2, high, 3.2), 0.4],
    ['a low wall', new Vector3(-high, -high, 2.8), new Vector3(high, 1.8, 3.2), 0.6],
    ['a post', new Vector3(-0.2, -high, 2.8), new Vector3(0.2, 1.8, 3.2), 0.3],
    ['a corner', new Vector3(-high, -high, 2.8), new Vector3(0.2, high, 3.2), 0.6],
    ['a wall', new Vector3(-high, -high, 2.8), new Vector3(high, high, 3.2), 1],
  ])('is %s', (_, min, max, amount) => {
    expect(occlusionByLines(inBox(min, max), EARS, MOUTH)).toBe(amount);
    expect(occlusionByLines(inBox(min, max), MOUTH, EARS)).toBe(amount);
  });

  it('is 0 to 1, costs 7 lines at most, and grows with what is in the way', () => {
    const coordinate = fc.double({ min: -9, max: 9, noNaN: true });
    const point = fc.tuple(coordinate, coordinate, coordinate).map(([x, y, z]) => new Vector3(x, y, z));
    fc.assert(
      fc.property(
        point,
        point,
        point,
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        (ears, mouth, at, half) => {
          let lines = 0;
          const box = (size: number) => {
            const blocked = inBox(
              at.subtractFromFloats(size, size, size),
              at.subtractFromFloats(-size, -size, -size),
            );
            return (from: Vector3, to: Vector3) => {
              lines++;
              return blocked(from, to);
            };
          };
          const amount = occlusionByLines(box(half), ears, mouth);
          expect(lines).toBeLessThanOrEqual(MOST_LINES);
          expect(amount).toBeGreaterThanOrEqual(0);
          expect(amount).toBeLessThanOrEqual(1);
          expect(occlusionByLines(box(2 * half), ears, mouth)).toBeGreaterThanOrEqual(amount);
        },
      ),
      { seed: 11, numRuns: 60 },
    );
  });

  it('can be above, and at the same place', () => {
    const all = () => true;
    expect(occlusionByLines(all, EARS, new Vector3(0, 9, 0))).toBe(1);
    expect(occlusionByLines(all, EARS, EARS.clone())).toBe(0);
  });
});
