import type { Quality } from './measures.ts';

/** One of the things that a mouth must do. */
export interface Demand {
  readonly name: string;
  readonly aim: string;
  readonly unit: '%' | 'ms' | 'mm/s' | '';
  readonly of: (quality: Quality) => number;
  readonly isMet: (value: number) => boolean;
}

/** What is asked of a mouth that speaks. */
export const DEMANDS: readonly Demand[] = [
  {
    name: 'p b m closed at 30 Hz',
    aim: 'all',
    unit: '%',
    of: (q) => 100 * q.closed30,
    isMet: (v) => v === 100,
  },
  {
    name: 'p b m closed at 60 Hz',
    aim: 'all',
    unit: '%',
    of: (q) => 100 * q.closed60,
    isMet: (v) => v === 100,
  },
  {
    name: 'closed for half the sound',
    aim: '>= 97',
    unit: '%',
    of: (q) => 100 * q.inTime,
    isMet: (v) => v >= 97,
  },
  {
    name: 'closure ahead of sound',
    aim: '0 to 30',
    unit: 'ms',
    of: (q) => q.aheadMs,
    isMet: (v) => v >= 0 && v <= 30,
  },
  {
    name: 'vowels closed by mistake',
    aim: 'none',
    unit: '%',
    of: (q) => 100 * q.falseClosures,
    isMet: (v) => v === 0,
  },
  { name: 'open vowels over 4 mm', aim: '>= 99', unit: '%', of: (q) => 100 * q.opens, isMet: (v) => v >= 99 },
  { name: 'frames over 250 mm/s', aim: '< 1', unit: '%', of: (q) => 100 * q.tooFast, isMet: (v) => v < 1 },
  { name: 'speed, 99th percentile', aim: '', unit: 'mm/s', of: (q) => q.fastMmS, isMet: () => true },
  { name: 'r with loudness', aim: '>= 0.4', unit: '', of: (q) => q.r, isMet: (v) => v >= 0.4 },
];

/** Names of the demands that a mouth does not meet. */
export function unmet(quality: Quality): string[] {
  return DEMANDS.filter(({ of, isMet }) => !isMet(of(quality))).map(({ name }) => name);
}
