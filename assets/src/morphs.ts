import { addScaled, bell, clamp, smoothstep } from './geometry.ts';
import { BASE_VERTICES, RANGE, readTarget } from './makehuman.ts';
import { visemes } from './visemes.ts';

/** Displacement per base vertex (dm), by morph target name. */
export type Morphs = Map<string, Float64Array>;

const UNITS = 'expression/units/caucasian/';
const MOUTH = [
  'compression',
  'corner-puller',
  'depression-retraction',
  'depression',
  'elevation',
  'eversion',
  'open',
  'parling',
  'part-later',
  'protusion',
  'pursing',
  'retraction',
  'upward-retraction',
];

type Field = (vertex: number) => number;

/** A displacement made from one xyz vector per vertex. */
function field(of: (vertex: number) => readonly [number, number, number]): Float64Array {
  const out = new Float64Array(BASE_VERTICES * 3);
  for (let v = 0; v < BASE_VERTICES; v++) out.set(of(v), v * 3);
  return out;
}

const masked = (delta: Float64Array, mask: Field): Float64Array =>
  delta.map((d, i) => d * mask(Math.floor(i / 3)));

function mix(...terms: [Float64Array, number][]): Float64Array {
  const out = new Float64Array(BASE_VERTICES * 3);
  for (const [delta, weight] of terms) addScaled(out, delta, weight);
  return out;
}

/** Distance of every body vertex to the nearest of some vertices, dm; far beyond `reach` it is Infinity. */
function distanceTo(shape: Float64Array, seeds: number[], reach: number): Float64Array {
  const out = new Float64Array(BASE_VERTICES).fill(Number.POSITIVE_INFINITY);
  for (let v = 0; v < RANGE.body[1]; v++)
    for (const s of seeds) {
      const dy = shape[v * 3 + 1]! - shape[s * 3 + 1]!;
      if (Math.abs(dy) > reach) continue;
      const d = Math.hypot(shape[v * 3]! - shape[s * 3]!, dy, shape[v * 3 + 2]! - shape[s * 3 + 2]!);
      if (d < out[v]!) out[v] = d;
    }
  return out;
}

/** The mouth units, with a tongue that follows the lower teeth (the unit `open` leaves it behind). */
function mouthUnits(shape: Float64Array, tip: Field): Record<string, Float64Array> {
  const units = Object.fromEntries(MOUTH.map((name) => [name, readTarget(`${UNITS}mouth-${name}`)]));
  const open = units.open!;
  const [first, end] = RANGE.lowerTeeth;
  // Least squares of the teeth's drop over depth: the jaw's hinge, seen from the tongue.
  let [n, sz, sy, szz, szy, dz] = [0, 0, 0, 0, 0, 0];
  for (let v = first; v < end; v++) {
    const z = shape[v * 3 + 2]!;
    const y = open[v * 3 + 1]!;
    n++;
    sz += z;
    sy += y;
    szz += z * z;
    szy += z * y;
    dz += open[v * 3 + 2]!;
  }
  const slope = (n * szy - sz * sy) / (n * szz - sz * sz);
  const base = (sy - slope * sz) / n;
  for (let v = RANGE.tongue[0]; v < RANGE.tongue[1]; v++) {
    const t = tip(v);
    open[v * 3] = 0;
    open[v * 3 + 1] = Math.min(slope * shape[v * 3 + 2]! + base, 0) - 0.2 * t ** 0.7;
    open[v * 3 + 2] = dz / n - 0.12 * t;
  }
  return units;
}

/** All morph targets of a shape: ARKit names, then the visemes. */
export function composeMorphs(shape: Float64Array): Morphs {
  const x: Field = (v) => shape[v * 3]!;
  const isTongue: Field = (v) => (v >= RANGE.tongue[0] && v < RANGE.tongue[1] ? 1 : 0);
  let [z0, z1] = [Infinity, -Infinity];
  for (let v = RANGE.tongue[0]; v < RANGE.tongue[1]; v++) {
    z0 = Math.min(z0, shape[v * 3 + 2]!);
    z1 = Math.max(z1, shape[v * 3 + 2]!);
  }
  /** 0 at the root of the tongue, 1 at its tip. */
  const tip: Field = (v) => clamp((shape[v * 3 + 2]! - z0) / (z1 - z0), 0, 1);
  const u = mouthUnits(shape, tip);
  const open = u.open!;

  const left: Field = (v) => smoothstep(0.5 + x(v) / 0.3); // 3 cm blend at the midline
  const right: Field = (v) => 1 - left(v);
  const isLowerTeeth = (v: number): boolean => v >= RANGE.lowerTeeth[0] && v < RANGE.lowerTeeth[1];
  const jaw: Field = (v) => (isTongue(v) || isLowerTeeth(v) ? 1 : clamp(-open[v * 3 + 1]! / 0.27, 0, 1));
  const low: Field = (v) => smoothstep(-open[v * 3 + 1]! / 0.1);
  const high: Field = (v) => 1 - low(v);
  const parling = u.parling!;
  const lipSeeds = [...Array(RANGE.body[1]).keys()].filter(
    (v) => Math.max(...[0, 1, 2].map((c) => Math.abs(parling[v * 3 + c]!))) > 0.012,
  );
  const lipDistance = distanceTo(shape, lipSeeds, 1.4);
  const lip: Field = (v) => bell(lipDistance[v]!, 0.28);
  const lips: Field = (v) => bell(lipDistance[v]!, 0.55);
  const middle: Field = (v) => Math.exp(-((x(v) / 0.26) ** 4));

  const rollLower = field((v) => [
    0,
    0.022 * lip(v) * low(v) * middle(v),
    -0.085 * lip(v) * low(v) * middle(v),
  ]);
  const rollUpper = field((v) => [
    0,
    -0.03 * lip(v) * high(v) * middle(v),
    -0.06 * lip(v) * high(v) * middle(v),
  ]);
  const tongueOut = field((v) => (isTongue(v) ? [0, 0.02 * tip(v) ** 1.5, 0.48 * tip(v) ** 1.2] : [0, 0, 0]));
  const extra: Record<string, Float64Array> = {
    upper: masked(u.elevation!, high),
    rollLower,
    rollUpper,
    tongueOut,
    tongueTipUp: field((v) => (isTongue(v) ? [0, 0.16 * tip(v) ** 2.2, 0.03 * tip(v) ** 1.2] : [0, 0, 0])),
    tongueBackUp: field((v) => (isTongue(v) ? [0, 0.12 * bell(tip(v) - 0.35, 0.22), 0] : [0, 0, 0])),
  };

  const out: Morphs = new Map();
  for (const name of Object.keys(visemes)) {
    const terms = Object.entries(visemes[name]!).map(([unit, weight]): [Float64Array, number] => [
      extra[unit] ?? u[unit]!,
      weight,
    ]);
    out.set(`viseme_${name}`, mix(...terms));
  }
  const sides = (name: string, delta: Float64Array): void => {
    out.set(`${name}Left`, masked(delta, left));
    out.set(`${name}Right`, masked(delta, right));
  };
  for (const [side, l] of [
    ['left', 'l'],
    ['right', 'r'],
  ] as const) {
    const Side = side === 'left' ? 'Left' : 'Right';
    const unit = (name: string): Float64Array => readTarget(UNITS + name.replace('*', side));
    const blink = unit('eye-*-closure');
    const wide = unit('eye-*-opened-up');
    out.set(`browDown${Side}`, unit('eyebrows-*-down'));
    out.set(`browOuterUp${Side}`, mix([unit('eyebrows-*-extern-up'), 0.7]));
    out.set(`eyeBlink${Side}`, blink);
    out.set(`eyeSquint${Side}`, mix([unit('eye-*-slit'), 0.9]));
    out.set(`eyeWide${Side}`, wide);
    out.set(`eyeLookDown${Side}`, mix([blink, 0.38]));
    out.set(`eyeLookUp${Side}`, mix([wide, 0.6]));
    out.set(`noseSneer${Side}`, unit('nose-*-elevation'));
    out.set(
      `cheekSquint${Side}`,
      mix([unit('eye-*-slit'), 0.35], [readTarget(`cheek/${l}-cheek-trans-vert-up`), 0.25]),
    );
  }
  out.set(
    'browInnerUp',
    mix(
      [readTarget(`${UNITS}eyebrows-left-inner-up`), 1],
      [readTarget(`${UNITS}eyebrows-right-inner-up`), 1],
    ),
  );
  out.set(
    'cheekPuff',
    mix(
      [readTarget('cheek/l-cheek-volume-inflate'), 0.8],
      [readTarget('cheek/r-cheek-volume-inflate'), 0.8],
      [u.compression!, 0.4],
    ),
  );
  out.set('jawOpen', mix([open, 0.9]));
  out.set(
    'jawForward',
    field((v) => [0, 0, 0.08 * jaw(v)]),
  );
  out.set(
    'jawLeft',
    field((v) => [0.08 * jaw(v), 0, 0]),
  );
  out.set(
    'jawRight',
    field((v) => [-0.08 * jaw(v), 0, 0]),
  );
  out.set('mouthClose', mix([masked(open, (v) => lip(v) * low(v)), -0.9]));
  out.set('mouthFunnel', u.protusion!);
  out.set('mouthPucker', u.pursing!);
  out.set(
    'mouthLeft',
    field((v) => [0.09 * lips(v), 0, 0]),
  );
  out.set(
    'mouthRight',
    field((v) => [-0.09 * lips(v), 0, 0]),
  );
  sides('mouthSmile', u['corner-puller']!);
  sides('mouthFrown', u.depression!);
  sides('mouthStretch', mix([u.retraction!, 1.2]));
  sides('mouthDimple', mix([u.retraction!, 0.6], [u.compression!, 0.35]));
  sides('mouthPress', u.compression!);
  sides('mouthUpperUp', extra.upper!);
  sides('mouthLowerDown', masked(u['depression-retraction']!, low));
  out.set('mouthRollLower', rollLower);
  out.set('mouthRollUpper', rollUpper);
  out.set('mouthShrugLower', masked(u.eversion!, low));
  out.set('mouthShrugUpper', mix([extra.upper!, 0.45], [masked(u.eversion!, high), 0.35]));
  out.set('tongueOut', tongueOut);
  return out;
}
