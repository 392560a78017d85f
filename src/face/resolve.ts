import { type Channel, EXPRESSIONS, FACE_PARTS, type FacePart } from '../pose/channels.ts';
import { VISEMES, type Viseme } from '../speech/viseme.ts';
import { targetsOf } from './links.ts';
import { NameIndex } from './name-index.ts';
import { type Pull, scaled } from './pull.ts';
import type { Rig } from './rig.ts';
import { SCHEMES, type Scheme, type Shape } from './schemes/index.ts';

/** A shape found in a rig. */
export interface Found {
  /** Scheme under whose name it was found. */
  readonly scheme: string;
  readonly pulls: readonly Pull[];
  /** Whether the shape is the channel's own, rather than one of both sides or a mix. */
  readonly own: boolean;
}

/** What VRM's presets stand for (vrm-specification, 1.0, "Preset Expressions"). */
const VRM_PRESETS: Readonly<Record<string, Shape>> = {
  aa: 'aa',
  ih: 'I',
  ou: 'U',
  ee: 'E',
  oh: 'O',
  blink: 'eyeBlink',
  blinkLeft: 'eyeBlinkLeft',
  blinkRight: 'eyeBlinkRight',
  happy: 'happy',
  angry: 'angry',
  sad: 'sad',
  relaxed: 'relaxed',
  surprised: 'surprised',
};

/** A mix counts where at least this share of its weights is there; a tongue, hardly seen, is not missed. */
const ENOUGH = 0.5;
const TONGUE = /tongue/i;

/** Finds every viseme and face part that a rig names, each by the best scheme that knows it. */
export function resolveShapes(rig: Rig): Map<Channel, Found> {
  const found = new Map<Channel, Found>();
  const add = (channel: Channel, shape: Found): void => {
    if (!found.has(channel) && shape.pulls.length > 0) found.set(channel, shape);
  };
  const addShapes = (scheme: string, pullsOf: (shape: Shape) => Pull[]): void => {
    for (const shape of [...VISEMES, ...EXPRESSIONS])
      add(shape, { scheme, pulls: pullsOf(shape), own: true });
    for (const part of FACE_PARTS) {
      const own = pullsOf(part);
      if (own.length > 0) add(part, { scheme, pulls: own, own: true });
      else add(part, { scheme, pulls: pullsOf(stemOf(part)).map((pull) => scaled(pull, 0.5)), own: false });
    }
  };

  if (rig.vrm !== undefined) addShapes(`vrm${rig.vrm}`, (shape) => presetOf(rig, shape));
  const index = new NameIndex(rig);
  const mixes: (readonly [Viseme, Found])[] = [];
  for (const scheme of SCHEMES) {
    const prefixes = prefixesOf(scheme, index);
    if (prefixes.length === 0) continue;
    const pullsOf = (name: string): Pull[] =>
      prefixes.flatMap((prefix) => index.find(prefix + name, scheme.whole ?? false, scheme.exact ?? false));
    addShapes(scheme.id, (shape) =>
      firstOfEach((scheme.names[shape] ?? []).map((names) => [names].flat().flatMap(pullsOf))),
    );
    for (const viseme of VISEMES) {
      const pulls = mixed(scheme.mixes?.[viseme] ?? {}, pullsOf);
      if (pulls.length > 0) mixes.push([viseme, { scheme: scheme.id, pulls, own: false }]);
    }
  }
  for (const [viseme, mix] of mixes) add(viseme, mix);
  return found;
}

/** What of a mix is there, scaled by its weights; nothing where too little is. */
export function mixed<Name extends string>(
  mix: Readonly<Partial<Record<Name, number>>>,
  pullsOf: (name: Name) => readonly Pull[],
): Pull[] {
  let [whole, there] = [0, 0];
  const pulls = (Object.entries(mix) as [Name, number][]).flatMap(([name, weight]) => {
    const some = pullsOf(name);
    const counted = TONGUE.test(name) ? 0 : weight;
    whole += counted;
    if (some.length > 0) there += counted;
    return some.map((pull) => scaled(pull, weight));
  });
  return there > 0 && there >= ENOUGH * whole ? pulls : [];
}

/** The expressions of a VRM preset, but for those that move nothing. */
function presetOf(rig: Rig, shape: Shape): Pull[] {
  return rig.expressions.flatMap(({ name, preset }, expression) =>
    preset && VRM_PRESETS[name] === shape && targetsOf(rig, expression).length > 0
      ? { on: 'expression', expression, name, gain: 1 }
      : [],
  );
}

/** Prefixes under which a scheme is to be looked for. */
function prefixesOf({ prefixes = [''], needs, whole, exact }: Scheme, index: NameIndex): readonly string[] {
  if (!needs) return prefixes;
  return prefixes
    .filter((prefix) =>
      needs.every((name) => index.find(prefix + name, whole ?? false, exact ?? false).length > 0),
    )
    .slice(0, 1);
}

/** Of alternatives, best first, the first that each mesh has; expressions before all meshes. */
function firstOfEach(alternatives: readonly Pull[][]): Pull[] {
  const homeOf = (pull: Pull): number => (pull.on === 'target' ? pull.mesh : -1);
  const taken = new Set<number>();
  const pulls: Pull[] = [];
  for (const alternative of alternatives) {
    const fresh = alternative.filter((pull) => !taken.has(homeOf(pull)));
    for (const pull of fresh) taken.add(homeOf(pull));
    pulls.push(...fresh);
  }
  return taken.has(-1) ? pulls.filter((pull) => homeOf(pull) === -1) : pulls;
}

/** The name of a part without its side. */
function stemOf(part: FacePart): Shape {
  return part.replace(/(Left|Right)$/, '') as Shape;
}
