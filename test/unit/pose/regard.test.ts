import { expect, it } from 'vitest';
import { createMoment, MOMENT } from '../../../src/pose/moment.ts';
import { ASIDE_PITCH, ASIDE_YAW, Regard } from '../../../src/pose/regard.ts';

function looks(seed: number, speaks: boolean, keeps = false): boolean[] {
  const regard = new Regard(seed);
  const moment = createMoment();
  return Array.from({ length: 18_000 }, (_, index) => {
    moment[MOMENT.time] = index / 30;
    regard.update(moment, speaks, keeps);
    return regard.aside[ASIDE_YAW] === 0 && regard.aside[ASIDE_PITCH] === 0;
  });
}

const shareOf = (at: readonly boolean[]) => at.filter(Boolean).length / at.length;

it('listeners look at the other for three quarters of the time, speakers for half', () => {
  for (const seed of [1, 2, 3]) {
    expect(shareOf(looks(seed, false))).toBeCloseTo(0.75, 1);
    expect(shareOf(looks(seed, true))).toBeCloseTo(0.5, 1);
    expect(shareOf(looks(seed, true, true))).toBe(1);
  }
});

it('looks away are glances: no more than one in four seconds, and never longer than two', () => {
  for (const speaks of [false, true]) {
    const at = looks(7, speaks);
    let away = 0;
    let glances = 0;
    for (const on of at) {
      if (!on && away === 0) glances++;
      away = on ? 0 : away + 1;
      expect(away / 30).toBeLessThan(2.3);
    }
    expect(glances / (at.length / 30)).toBeLessThan(1 / 3);
  }
});

it('is the same at the same time, and another for another seed', () => {
  expect(looks(4, false)).toEqual(looks(4, false));
  expect(looks(4, false)).not.toEqual(looks(5, false));
});
