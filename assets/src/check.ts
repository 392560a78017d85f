import type { Part } from './parts.ts';

/** Indices into the head part. */
export interface LipPair {
  name: string;
  upper: number;
  lower: number;
}

type Weights = Record<string, number>;

function moved(part: Part, v: number, weights: Weights): [number, number, number] {
  return [0, 1, 2].map((c) =>
    Object.entries(weights).reduce(
      (sum, [name, w]) => sum + w * (part.targets.get(name)?.positions[v * 3 + c] ?? 0),
      part.positions[v * 3 + c]!,
    ),
  ) as [number, number, number];
}

/** Distance of a pair, mm. */
export function lipGap(head: Part, pair: LipPair, weights: Weights): number {
  const [u, l] = [moved(head, pair.upper, weights), moved(head, pair.lower, weights)];
  return Math.hypot(u[0] - l[0], u[1] - l[1], u[2] - l[2]) * 1000;
}

/** How far the lower lip is above the upper one, mm. */
export function lipOverlap(head: Part, pair: LipPair, weights: Weights): number {
  return (moved(head, pair.lower, weights)[1] - moved(head, pair.upper, weights)[1]) * 1000;
}

/** Shortest distance between the lower lip's edge (the named pairs' lower vertices) and the upper teeth, mm. */
export function lipToTeeth(head: Part, lowerLip: number[], teeth: Part, weights: Weights): number {
  const jaw = teeth.targets.has('jawOpen') ? 'jawOpen' : 'viseme_aa';
  const upper = [...teeth.source.keys()].filter(
    (v) => Math.hypot(...moved(teeth, v, { [jaw]: 1 }).map((p, c) => p - teeth.positions[v * 3 + c]!)) < 1e-4,
  );
  let best = Infinity;
  for (const v of lowerLip) {
    const p = moved(head, v, weights);
    for (const t of upper) {
      const q = moved(teeth, t, weights);
      best = Math.min(best, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) * 1000);
    }
  }
  return best;
}

interface Fact {
  what: string;
  value: number;
  unit: 'mm' | '';
  holds: boolean;
}

/**
 * The geometry other code relies on. Closed: neutral under 0.6 mm, `viseme_PP` under 1 mm at weights 0.8 and 1 and
 * not more than 1.5 mm overlap. Open: `viseme_aa` over 4 mm at 0.6 and 1, `viseme_O` and `viseme_E` over 3 mm.
 * `viseme_FF`: lower lip within 3 mm of the upper teeth.
 */
export function lipFacts(head: Part, pairs: LipPair[], lowerLip: number[], teeth: Part): Fact[] {
  const facts: Fact[] = [];
  const add = (what: string, value: number, holds: boolean): void =>
    void facts.push({ what, value, unit: 'mm', holds });
  const inner = pairs.filter(({ name }) => !name.endsWith('2'));
  for (const pair of inner) {
    const gap = (weights: Weights): number => lipGap(head, pair, weights);
    add(`neutral ${pair.name}`, gap({}), gap({}) < 0.6);
    for (const w of [0.8, 1]) {
      const g = gap({ viseme_PP: w });
      add(`PP ${w} ${pair.name}`, g, g < 1);
    }
    const over = lipOverlap(head, pair, { viseme_PP: 1 });
    add(`PP 1 overlap ${pair.name}`, over, over < 1.5);
    const smiling = gap({ viseme_PP: 0.9, mouthSmile: 0.4, mouthSmileLeft: 0.4, mouthSmileRight: 0.4 });
    add(`PP 0.9 + smile 0.4 ${pair.name}`, smiling, smiling < 1);
  }
  const centre = pairs.find(({ name }) => name === 'centre')!;
  for (const [name, w, least] of [
    ['viseme_aa', 0.6, 4],
    ['viseme_aa', 1, 4],
    ['viseme_O', 1, 3],
    ['viseme_E', 1, 3],
  ] as const) {
    const g = lipGap(head, centre, { [name]: w });
    add(`${name.slice(7)} ${w} centre`, g, g > least);
  }
  const ff = lipToTeeth(head, lowerLip, teeth, { viseme_FF: 1 });
  add('FF 1 lower lip to upper teeth', ff, ff < 3);
  return facts;
}
