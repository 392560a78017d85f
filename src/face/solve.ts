import { type Channel, FACE_PARTS, type FacePart } from '../pose/channels.ts';
import { VISEMES, type Viseme } from '../speech/viseme.ts';
import { CC_JAW, CC_JAW_DEGREES } from './joints.ts';
import { keyOf } from './names.ts';
import { type JointPull, type Pull, scaled } from './pull.ts';
import { HEAD_NOD, JAW_OPEN, mixOf, NEIGHBOURS, OPENING } from './recipes.ts';
import { type Found, mixed } from './resolve.ts';

/** How a channel is shown. */
export interface Solution {
  /** `own`: a shape of that name. `solved`: made of others. `missing`: not shown. */
  readonly origin: 'own' | 'solved' | 'missing';
  /** How it was made, the best first. */
  readonly way: Way;
  readonly pulls: readonly Pull[];
}

/** Ways to make a viseme, the best first. */
export const WAYS = [
  'map',
  'own',
  'mix',
  'parts',
  'neighbours',
  'opening',
  'shape',
  'jaw',
  'head',
  'none',
] as const;
export type Way = (typeof WAYS)[number];

/** Names of the joints that may stand in for a mouth. */
export interface MouthJoints {
  readonly jaw: string | undefined;
  readonly head: string | undefined;
}

/** What stands for a scheme where shapes were found by how they move. */
export const BY_SHAPE = 'by-shape';

const MISSING: Solution = { origin: 'missing', way: 'none', pulls: [] };

/** What a map says, as good as what it moves. */
export function ofMap(pulls: readonly Pull[]): Solution {
  if (pulls.length === 0) return MISSING;
  const way = (['jaw', 'head'] as const).find((joint) => pulls.every(({ on }) => on === joint));
  return way ? { origin: 'solved', way, pulls } : { origin: 'own', way: 'map', pulls };
}

const isEmpty = (mix: object): boolean => Object.keys(mix).length === 0;

/** Makes every viseme of what a face has, each in the best way that there is. A channel of the `map` is taken from it. */
export function solveVisemes(
  found: ReadonlyMap<Channel, Found>,
  joints: MouthJoints,
  mapped: ReadonlyMap<Channel, readonly Pull[]>,
): Record<Viseme, Solution> {
  const own = (channel: Channel): readonly Pull[] => found.get(channel)?.pulls ?? [];
  const opening = own('jawOpen');
  const solve = (viseme: Viseme): Solution => {
    const chosen = mapped.get(viseme);
    if (chosen) {
      const atRest = chosen.length === 0 && hasMouth(found) && NEIGHBOURS[viseme].some(isEmpty);
      return atRest ? { origin: 'solved', way: 'neighbours', pulls: [] } : ofMap(chosen);
    }
    const shape = found.get(viseme);
    if (shape)
      return { origin: shape.own ? 'own' : 'solved', way: shape.own ? 'own' : 'mix', pulls: shape.pulls };
    const solved = (way: Way, pulls: readonly Pull[]): Solution => ({ origin: 'solved', way, pulls });
    const parts = mixed(Object.fromEntries(mixOf(viseme)) as Partial<Record<FacePart, number>>, own);
    if (parts.length > 0) return solved('parts', parts);
    if (hasMouth(found)) {
      for (const mix of NEIGHBOURS[viseme]) {
        const there = Object.keys(mix) as Viseme[];
        if (there.every((each) => found.get(each)?.own)) {
          return solved(
            'neighbours',
            there.flatMap((each) => own(each).map((pull) => scaled(pull, mix[each]!))),
          );
        }
      }
    }
    const open = OPENING[viseme];
    const joint = (on: JointPull['on'], name: string, full: number): Pull[] =>
      open > 0 ? [{ on, name, gain: open * full }] : [];
    const way = found.get('jawOpen')?.scheme === BY_SHAPE ? 'shape' : 'opening';
    if (opening.length > 0)
      return solved(
        way,
        opening.map((pull) => scaled(pull, open)).filter((pull) => pull.gain > 0),
      );
    if (joints.jaw !== undefined) return solved('jaw', joint('jaw', joints.jaw, JAW_OPEN));
    if (hasMouth(found)) return MISSING;
    if (joints.head !== undefined) return solved('head', joint('head', joints.head, HEAD_NOD));
    return MISSING;
  };
  return Object.fromEntries(
    VISEMES.map((viseme) => [
      viseme,
      mapped.has(viseme) ? solve(viseme) : withJaw(solve(viseme), joints.jaw),
    ]),
  ) as Record<Viseme, Solution>;
}

/** The face parts that a face has. */
export function solveParts(
  found: ReadonlyMap<Channel, Found>,
  joints: MouthJoints,
  mapped: ReadonlyMap<Channel, readonly Pull[]>,
): Map<FacePart, Solution> {
  const parts = new Map<FacePart, Solution>();
  for (const part of FACE_PARTS) {
    const chosen = mapped.get(part);
    const shape = found.get(part);
    if (chosen) parts.set(part, ofMap(chosen));
    else if (shape) {
      const solution: Solution = {
        origin: shape.own ? 'own' : 'solved',
        way: shape.own ? 'own' : 'mix',
        pulls: shape.pulls,
      };
      parts.set(part, withJaw(solution, joints.jaw));
    } else if (part === 'jawOpen' && joints.jaw !== undefined) {
      parts.set(part, {
        origin: 'solved',
        way: 'jaw',
        pulls: [{ on: 'jaw', name: joints.jaw, gain: JAW_OPEN }],
      });
    }
  }
  return parts;
}

/** Whether a face has any viseme of its own but silence. */
function hasMouth(found: ReadonlyMap<Channel, Found>): boolean {
  return VISEMES.some((viseme) => viseme !== 'sil' && found.get(viseme)?.own);
}

/** What a face has with what a map says: its channels are those of the face, for all that is made of them. */
export function withMap(
  found: ReadonlyMap<Channel, Found>,
  mapped: ReadonlyMap<Channel, readonly Pull[]>,
): Map<Channel, Found> {
  const all = new Map(found);
  for (const [channel, pulls] of mapped) {
    const { way } = ofMap(pulls);
    // What only nods or turns the jaw is no shape of which others are made.
    if (way === 'map' || way === 'jaw') all.set(channel, { scheme: 'map', pulls, own: way === 'map' });
    else all.delete(channel);
  }
  return all;
}

/** Adds the turn of Character Creator's jaw to the shapes that go with it. */
function withJaw(solution: Solution, jaw: string | undefined): Solution {
  if (jaw === undefined || !CC_JAW.test(jaw)) return solution;
  const gains = new Map<string, number>(); // The same shape on several meshes turns the jaw once.
  for (const pull of solution.pulls) if (pull.on === 'target') gains.set(keyOf(pull.name), pull.gain);
  let gain = 0;
  for (const [key, weight] of gains) gain += (weight * (CC_JAW_DEGREES[key] ?? 0) * Math.PI) / 180;
  return gain === 0 ? solution : { ...solution, pulls: [...solution.pulls, { on: 'jaw', name: jaw, gain }] };
}
