import { at, bell, length, sub } from './geometry.ts';
import { RANGE, readTarget } from './makehuman.ts';
import type { Morphs } from './morphs.ts';
import type { Topology } from './topology.ts';

/** Two base vertices that touch when the mouth is closed. */
export interface Contact {
  upper: number;
  lower: number;
  /** Mean x, dm. */
  x: number;
}

export const LIP_NAMES = ['right2', 'right1', 'centre', 'left1', 'left2'] as const;
/** Where the named pairs lie, dm from the middle towards the character's left. */
const LIP_X: Record<(typeof LIP_NAMES)[number], number> = {
  right2: -0.16,
  right1: -0.08,
  centre: 0,
  left1: 0.08,
  left2: 0.16,
};

/** Last row of the upper and of the lower lip on the head's texture island, at the middle (hm08). */
const UPPER_SEED = 520;
const LOWER_SEED = 540;

/**
 * The inner contact line of the lips: mutually nearest vertices of the upper and the lower lip's innermost rows,
 * corner to corner.
 */
export function contactLine(shape: Float64Array, topology: Topology): Contact[] {
  const open = readTarget('expression/units/caucasian/mouth-open');
  const drop = (v: number): number => -open[v * 3 + 1]!;
  const near = (seed: number, isLower: boolean): number[] => {
    const seedAt = at(shape, seed);
    const out: number[] = [];
    for (let v = 0; v < RANGE.body[1]; v++) {
      if (!topology.inHead[v] || drop(v) > 0.12 !== isLower) continue;
      const d = sub(at(shape, v), seedAt);
      if (Math.abs(d[0]) < 0.3 && Math.abs(d[1]) < 0.12 && Math.abs(d[2]) < 0.2) out.push(v);
    }
    return out;
  };
  const upper = near(UPPER_SEED, false);
  const lower = near(LOWER_SEED, true);
  const nearest = (v: number, among: number[]): number =>
    among.reduce((best, w) =>
      length(sub(at(shape, v), at(shape, w))) < length(sub(at(shape, v), at(shape, best))) ? w : best,
    );
  const line: Contact[] = [];
  for (const u of upper) {
    const l = nearest(u, lower);
    const gap = length(sub(at(shape, u), at(shape, l)));
    if (nearest(l, upper) === u && gap < 0.03)
      line.push({ upper: u, lower: l, x: (shape[u * 3]! + shape[l * 3]!) / 2 });
  }
  return line.sort((a, b) => a.x - b.x);
}

/** The five named pairs of the contact line. */
export function namedPairs(line: Contact[]): { name: string; upper: number; lower: number }[] {
  return LIP_NAMES.map((name) => {
    const best = line.reduce((a, b) => (Math.abs(b.x - LIP_X[name]) < Math.abs(a.x - LIP_X[name]) ? b : a));
    return { name, upper: best.upper, lower: best.lower };
  });
}

/**
 * Pulls the two lips together along the whole contact line, in place: the displaced surface `shape + delta` gets
 * closed lips, and the correction fades over the lips' height.
 *
 * Every shape whose lips stay closed is sealed by itself, so any weighted sum of them stays closed: displacements
 * add, and zero gaps add to zero.
 */
export function seal(
  shape: Float64Array,
  delta: Float64Array,
  line: Contact[],
  isLower: (v: number) => boolean,
): void {
  const WIDTH = 0.05; // dm, along the lips
  const REACH = 0.13; // dm, away from the contact line
  const zone: number[] = [];
  for (let v = 0; v < RANGE.body[1]; v++)
    if (line.some((c) => length(sub(at(shape, v), at(shape, c.upper))) < REACH * 2)) zone.push(v);
  const moved = (v: number, c: number): number => shape[v * 3 + c]! + delta[v * 3 + c]!;
  for (let pass = 0; pass < 12; pass++) {
    const gaps = line.map(({ upper, lower }) => [0, 1, 2].map((c) => moved(lower, c) - moved(upper, c)));
    const correction = new Float64Array(zone.length * 3);
    zone.forEach((v, i) => {
      const side = isLower(v) ? -0.5 : 0.5;
      let sum = 0;
      let nearest = Infinity;
      const pull = [0, 0, 0];
      line.forEach((contact, k) => {
        const d = length(sub(at(shape, v), at(shape, side < 0 ? contact.lower : contact.upper)));
        const w = bell(d, WIDTH) + 1e-9;
        sum += w;
        nearest = Math.min(nearest, d);
        for (let c = 0; c < 3; c++) pull[c] = pull[c]! + w * gaps[k]![c]!;
      });
      const fade = bell(nearest, REACH);
      for (let c = 0; c < 3; c++) correction[i * 3 + c] = (side * fade * pull[c]!) / sum;
    });
    zone.forEach((v, i) => {
      for (let c = 0; c < 3; c++) delta[v * 3 + c] = delta[v * 3 + c]! + correction[i * 3 + c]!;
    });
  }
}

/** Gap of a pair after morphing, mm: distance, and how far the lower vertex is above the upper one. */
export function gapOf(
  shape: Float64Array,
  morphs: Morphs,
  weights: Record<string, number>,
  pair: { upper: number; lower: number },
): { distance: number; overlap: number } {
  const moved = (v: number): number[] =>
    [0, 1, 2].map((c) =>
      Object.entries(weights).reduce(
        (sum, [name, w]) => sum + w * morphs.get(name)![v * 3 + c]!,
        shape[v * 3 + c]!,
      ),
    );
  const [u, l] = [moved(pair.upper), moved(pair.lower)];
  return {
    distance: Math.hypot(u[0]! - l[0]!, u[1]! - l[1]!, u[2]! - l[2]!) * 100,
    overlap: (l[1]! - u[1]!) * 100,
  };
}
