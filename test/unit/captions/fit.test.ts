import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitInto } from '../../../src/captions/page/fit.ts';

describe('the size of captions', () => {
  it('is that of the guidelines on a television, and readable on a phone', () => {
    expect(fitInto(1920, 1080, 100, 3)).toEqual({ pixels: 46, columns: 40, rows: 2, most: 3 });
    const phone = fitInto(360, 640, 100, 3);
    expect(phone.pixels).toBe(16);
    expect(phone.columns).toBeGreaterThan(28);
  });

  it('never fills more than half of the picture but for one caption, nor its width', () => {
    const side = fc.integer({ min: 120, max: 4000 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 100, max: 200 }), (width, height, percent) => {
        const { pixels, columns, rows, most } = fitInto(width, height, percent, 5);
        expect(pixels).toBeGreaterThanOrEqual(16);
        if (columns > 8) expect((columns * 0.5 + 5.4) * pixels).toBeLessThanOrEqual(width * 0.97);
        if (most > 1) expect(most * rows * 1.3 * pixels).toBeLessThanOrEqual(height / 2);
      }),
      { seed: 6 },
    );
  });
});
