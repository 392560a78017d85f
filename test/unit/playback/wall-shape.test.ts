import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WallShape } from '../../../src/playback/occlusion/wall-shape.ts';
import { chance } from '../../../src/pose/noise.ts';

/** Whether a line crosses a triangle, by the signs of the volumes that it spans with the edges. */
function crosses(p: readonly number[], line: readonly number[]): boolean {
  const at = (index: number) => p.slice(3 * index, 3 * index + 3);
  const [a, b, c, from, to] = [at(0), at(1), at(2), line.slice(0, 3), line.slice(3, 6)];
  const volume = (i: number[], j: number[], k: number[], l: number[]) => {
    const [u, v, w] = [j, k, l].map((q) => q.map((value, axis) => value - i[axis]!)) as [
      number[],
      number[],
      number[],
    ];
    return (
      u[0]! * (v[1]! * w[2]! - v[2]! * w[1]!) -
      u[1]! * (v[0]! * w[2]! - v[2]! * w[0]!) +
      u[2]! * (v[0]! * w[1]! - v[1]! * w[0]!)
    );
  };
  if (Math.sign(volume(a, b, c, from)) === Math.sign(volume(a, b, c, to))) return false;
  const turns = [volume(from, to, a, b), volume(from, to, b, c), volume(from, to, c, a)].map(Math.sign);
  return turns[0] === turns[1] && turns[1] === turns[2];
}

describe('the triangles of a mesh', () => {
  it('block exactly the lines that cross one of them, however many there are', () => {
    let blocked = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_200 }), fc.nat(), (count, seed) => {
        const at = (index: number) => 10 * chance(seed, index) - 5;
        // One corner of a triangle is anywhere, the two others near it, as in a mesh.
        const positions = Array.from({ length: 9 * count }, (_, index) => {
          const corner = index - (index % 9) + (index % 3);
          return index % 9 < 3 ? at(index) : at(corner) + at(index) / 3;
        });
        const line = Array.from({ length: 6 }, (_, index) => at(-1 - index));
        const indices = Array.from({ length: 3 * count }, (_, index) => index);
        const each = Array.from({ length: count }, (_, index) => positions.slice(9 * index, 9 * index + 9));
        const any = each.some((triangle) => crosses(triangle, line));
        if (any) blocked++;
        expect(new WallShape(positions, indices).blocks(Float64Array.from(line))).toBe(any);
      }),
      { seed: 5, numRuns: 400 },
    );
    expect(blocked).toBeGreaterThan(30);
  });

  it('are none where there are none', () => {
    expect(new WallShape([], []).blocks(new Float64Array(6))).toBe(false);
  });
});
