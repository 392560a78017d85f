import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONTRAST,
  contrastOf,
  HIGH_CONTRAST,
  type Rgb,
  readColour,
  speakerColour,
  wantsLight,
  withContrast,
  worstGround,
  writeColour,
} from '../../../src/captions/colours.ts';

const part = fc.integer({ min: 0, max: 255 }).map((step) => step / 255);
const colour: fc.Arbitrary<Rgb> = fc.tuple(part, part, part);

describe('colours', () => {
  it('have the contrast that WCAG counts', () => {
    expect(contrastOf([0, 0, 0], [1, 1, 1])).toBeCloseTo(21, 5);
    expect(contrastOf(readColour('#777')!, [1, 1, 1])).toBeCloseTo(4.48, 2);
    expect(readColour('red')).toBeUndefined();
    expect(writeColour(readColour('#0fA')!)).toBe('#00ffaa');
  });

  it('of speakers reach 4.5 to 1 over whatever picture is behind, and 7 where more is wanted', () => {
    for (const [background, opacity] of [
      ['#000', 0.75],
      ['#000', 1],
      ['#101830', 0.8],
      ['#fff', 0.8],
    ] as const) {
      const ground = readColour(background)!;
      const light = wantsLight(ground);
      const worst = worstGround(ground, opacity, light);
      for (let number = 0; number < 8; number++) {
        expect(contrastOf(speakerColour(number, worst, light), worst)).toBeGreaterThanOrEqual(CONTRAST);
        const high = speakerColour(number, worst, light, HIGH_CONTRAST);
        expect(contrastOf(high, worst)).toBeGreaterThanOrEqual(HIGH_CONTRAST);
      }
    }
  });

  it('of eight speakers can be told apart, on dark and on light', () => {
    for (const background of ['#000', '#fff']) {
      const ground = readColour(background)!;
      const all = Array.from({ length: 8 }, (_, number) => speakerColour(number, ground, wantsLight(ground)));
      for (const [index, one] of all.entries())
        for (const other of all.slice(index + 1)) expect(apart(one, other)).toBeGreaterThan(0.055);
      // Those who come first differ most.
      for (const other of all.slice(1, 4)) expect(apart(all[0]!, other)).toBeGreaterThan(0.1);
    }
  });

  it('that the game names are changed no more than the contrast needs', () => {
    fc.assert(
      fc.property(colour, colour, (one, ground) => {
        const light = wantsLight(ground);
        const made = withContrast(one, ground, light);
        expect(contrastOf(made, ground)).toBeGreaterThanOrEqual(Math.min(CONTRAST, 4.5));
        if (contrastOf(one, ground) >= CONTRAST) expect(writeColour(made)).toBe(writeColour(one));
      }),
      { seed: 2 },
    );
  });
});

/** Distance in OKLab. */
function apart(one: Rgb, other: Rgb): number {
  const [a, b] = [one, other].map(labOf) as [Rgb, Rgb];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

function labOf(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  ) as unknown as Rgb;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
