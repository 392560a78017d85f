import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Crowd, worthOf } from '../../../src/face/crowd.ts';
import { CHANNEL, type Channel } from '../../../src/pose/channels.ts';

/** What is left of weights by channel where `most` of them may show. */
function thinned(weights: Partial<Record<Channel, number>>, most: number): Partial<Record<Channel, number>> {
  const names = Object.keys(weights) as Channel[];
  const values = Float64Array.from(Object.values(weights));
  const channels = names.map((name) => CHANNEL[name]);
  new Crowd([{ from: 0, to: names.length, most }], channels).thin(values);
  return Object.fromEntries(names.map((name, index) => [name, values[index]!]));
}

describe('where only some targets can be shown', () => {
  it('the mouth goes first, then a blink, then what is strongest', () => {
    const weights = { browInnerUp: 0.9, jawOpen: 0.2, eyeBlinkLeft: 0.3, tongueOut: 0.2, cheekPuff: 0.8 };
    expect(thinned(weights, 4)).toEqual({ ...weights, cheekPuff: 0 });
    expect(thinned(weights, 3)).toEqual({ ...weights, cheekPuff: 0, browInnerUp: 0 });
    expect(thinned(weights, 2)).toEqual({
      jawOpen: 0.2,
      tongueOut: 0.2,
      eyeBlinkLeft: 0,
      cheekPuff: 0,
      browInnerUp: 0,
    });
  });

  it('what is below 0 takes a place too, and counts as much', () => {
    const weights = { browInnerUp: -0.4, browOuterUpLeft: 0.1, browOuterUpRight: 0.2 };
    expect(thinned(weights, 2)).toEqual({ ...weights, browOuterUpLeft: 0 });
  });

  it('nothing is taken that has room, and each mesh has its own', () => {
    const weights = Float64Array.of(0.1, 0, 0.2, 0.3, 0.4);
    const crowd = new Crowd(
      [
        { from: 0, to: 3, most: 2 },
        { from: 3, to: 5, most: 1 },
      ],
      [CHANNEL.aa, CHANNEL.E, CHANNEL.I, CHANNEL.browInnerUp, CHANNEL.browDownLeft],
    );
    crowd.thin(weights);
    expect([...weights]).toEqual([0.1, 0, 0.2, 0, 0.4]);
  });

  it('as many as may be are left, and none of them is worth less than what went', () => {
    const weight = fc.float({ min: 0, max: 1, noNaN: true });
    const target = fc.tuple(fc.nat({ max: CHANNEL.tongueOut }), weight);
    fc.assert(
      fc.property(fc.array(target, { minLength: 1, maxLength: 30 }), fc.nat({ max: 9 }), (targets, most) => {
        const channels = targets.map(([channel]) => channel);
        const before = Float64Array.from(targets, ([, value]) => value);
        const after = before.slice();
        new Crowd([{ from: 0, to: targets.length, most }], channels).thin(after);
        const worth = (index: number): number => before[index]! * worthOf(channels[index]!);
        const shown = channels.flatMap((_, index) => (after[index]! > 0 ? worth(index) : []));
        const gone = channels.flatMap((_, index) =>
          before[index]! > 0 && after[index] === 0 ? worth(index) : [],
        );
        expect(shown.length).toBe(Math.min(most, shown.length + gone.length));
        if (shown.length > 0 && gone.length > 0) {
          expect(Math.max(...gone)).toBeLessThanOrEqual(Math.min(...shown));
        }
        after.forEach((value, index) => {
          expect([0, before[index]]).toContain(value);
        });
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});
