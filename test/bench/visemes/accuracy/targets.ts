import type { Accuracy } from './score.ts';

/** What a way of timing has to reach: at least, and what is aimed at. */
export interface Targets {
  readonly must: Goal;
  readonly aim: Goal;
}

/** Shares from 0 to 1; false closures a minute of vowels; milliseconds. */
export interface Goal {
  readonly visemes: number;
  readonly groups: number;
  readonly closures: number;
  readonly falsePerMinute: number;
  readonly r: number;
  readonly onsetMs: number;
  readonly lagMs: number;
}

/** A frame at 60 a second, ms. */
const FRAME = 1000 / 60;
const ANY = Number.POSITIVE_INFINITY;
/** The labels of people's speech are an aligner's own: good to so much, shares. */
const LABELS = 0.05;

/** English with its text, while the line is still arriving. */
export const TEXT_AND_AUDIO: Targets = {
  must: {
    visemes: 0.65,
    groups: 0.7,
    closures: 0.95,
    falsePerMinute: 10,
    r: 0.8,
    onsetMs: 20,
    lagMs: FRAME - 0.1,
  },
  aim: { visemes: 0.75, groups: 0.8, closures: 0.97, falsePerMinute: 4, r: 0.87, onsetMs: 15, lagMs: 0 },
};

/** Sound alone, whatever the language. */
export const AUDIO_ALONE: Targets = {
  must: { visemes: 0.35, groups: 0.45, closures: 0.6, falsePerMinute: 30, r: 0.6, onsetMs: ANY, lagMs: ANY },
  aim: { visemes: 0.45, groups: 0.58, closures: 0.75, falsePerMinute: 15, r: 0.75, onsetMs: ANY, lagMs: 0 },
};

/** What of a goal was not reached, by name; speech of people may fall short by what its labels are good to. */
export function missed(found: Accuracy, goal: Goal, people: boolean): string[] {
  const slack = people ? LABELS : 0;
  const shares = (['visemes', 'groups', 'closures', 'r'] as const).filter(
    (name) => found[name] < goal[name] - slack - 1e-9,
  );
  const most = (['falsePerMinute', 'onsetMs'] as const).filter((name) => found[name] > goal[name] + 1e-9);
  return [...shares, ...most, ...(Math.abs(found.lagMs) > goal.lagMs + 1e-9 ? ['lag'] : [])];
}
