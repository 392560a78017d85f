/*
 * Between two turns of a conversation there are some 200 ms, in all languages that were looked at: their means are within
 * 250 ms of 208 ms, answers come most often after 0 to 200 ms (Stivers et al. 2009, ten languages). Some begin before the
 * other has ended, by a tenth of a second most often (Levinson & Torreira 2015).
 */
/** Gaps, seconds, by the part of all turns that come sooner: between these points they are spread evenly. */
const GAPS: readonly (readonly [part: number, seconds: number])[] = [
  [0, -0.1],
  [0.15, 0],
  [0.5, 0.2],
  [0.85, 0.35],
  [1, 0.5],
];

/** The same where the one who spoke goes on: pauses that listeners notice are 0.2 to 1 s long (Campione & Véronis 2002). */
const PAUSES: typeof GAPS = [
  [0, 0.35],
  [0.5, 0.5],
  [1, 0.9],
];

/**
 * Seconds from the end of one turn to the begin of the next, below 0 where they overlap: -0.1 to 0.5, half of them below
 * 0.2. `chance`, 0 to 1, says which of them; `goesOn` whether the one who speaks is the one who spoke.
 */
export function turnGap(chance: number, goesOn: boolean): number {
  const points = goesOn ? PAUSES : GAPS;
  for (let index = 1; index < points.length; index++) {
    const [part, seconds] = points[index]!;
    if (chance > part) continue;
    const [before, least] = points[index - 1]!;
    return least + ((chance - before) / (part - before)) * (seconds - least);
  }
  return points.at(-1)![1];
}

/** How much more a turn must matter than the one that is being spoken, to cut it short. */
const CUTS = 1;

/** Whether a turn may cut another: where its priority is higher by one. Others wait for its end. */
export function mayCut(priority: number, other: number): boolean {
  return priority >= other + CUTS;
}
