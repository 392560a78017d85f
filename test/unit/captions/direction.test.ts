import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIRECTIONS, type Direction, directionOf } from '../../../src/captions/direction.ts';

/** A picture 60 degrees wide and high. */
const HALF = Math.tan(Math.PI / 6);

function at(right: number, up: number, ahead: number, before: Direction = 'here'): Direction {
  const place = Float64Array.of(right, up, ahead, right / ahead / HALF, up / ahead / HALF);
  return directionOf(place, before);
}

describe('where a speaker is', () => {
  it('here in the picture, else to the left, to the right, behind, above, below', () => {
    expect(at(0, 0, 3)).toBe('here');
    expect(at(-3, 0, 3)).toBe('left');
    expect(at(3, 0, 3)).toBe('right');
    expect(at(3, 0, -1)).toBe('right');
    expect(at(-3, 0, -1)).toBe('left');
    expect(at(0.5, 0, -3)).toBe('behind');
    expect(at(0, 5, 3)).toBe('above');
    expect(at(0.1, -5, 3)).toBe('below');
  });

  it('does not flicker on a border', () => {
    const edge = 3 * HALF;
    expect(at(edge * 1.02, 0, 3, 'here')).toBe('here');
    expect(at(edge * 1.02, 0, 3, 'right')).toBe('right');
    expect(at(edge * 0.9, 0, 3, 'right')).toBe('here');
    const border = (135 * Math.PI) / 180;
    expect(at(Math.sin(border), 0, Math.cos(border), 'behind')).toBe('behind');
    expect(at(Math.sin(border), 0, Math.cos(border), 'left')).toBe('right');
  });

  it('is the same mirrored, and settles', () => {
    const metres = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(metres, metres, metres, fc.constantFrom(...DIRECTIONS), (right, up, ahead, before) => {
        const once = at(right, up, ahead, before);
        expect(at(right, up, ahead, once)).toBe(once);
        if (right === 0) return;
        const mirror: Partial<Record<Direction, Direction>> = { left: 'right', right: 'left' };
        expect(at(-right, up, ahead, mirror[before] ?? before)).toBe(mirror[once] ?? once);
      }),
      { seed: 4 },
    );
  });
});
