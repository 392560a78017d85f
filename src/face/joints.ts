import { keyOf, lastPart, wordsOf } from './names.ts';
import type { JointPart, Rig } from './rig.ts';

/**
 * Names of nodes that play a part of the body, best first, as the words they are made of: Mixamo and Ready Player Me,
 * VRoid (`J_Bip_C_Head`), Character Creator (`CC_Base_…`), Rigify (`DEF-…`), MakeHuman, Daz, MetaHuman, MMD, 3ds Max's Biped.
 */
const NAMES: Readonly<Record<JointPart, readonly string[]>> = {
  neck: [
    'neck',
    'j bip c neck',
    'neck 1',
    'neck 01',
    'neck jnt',
    'neck joint',
    'cc base neck twist 01',
    'spine 005',
    '首',
  ],
  chest: [
    'spine 2',
    'upper chest',
    'chest',
    'spine 3',
    'cc base spine 02',
    'spine 02',
    'spine 003',
    '上半身2',
    '上半身',
  ],
  head: ['head', 'head jnt', 'head joint', 'j bip c head', 'cc base head', 'def head', 'spine 006', '頭'],
  leftEye: [
    'left eye',
    'eye left',
    'eye l',
    'l eye',
    'j adj l face eye',
    'cc base l eye',
    'left eyeball',
    'eyeball left',
    'eyeball l',
    'l eyeball',
    'facial l eye',
    'eye l 001',
    '左目',
  ],
  rightEye: [
    'right eye',
    'eye right',
    'eye r',
    'r eye',
    'j adj r face eye',
    'cc base r eye',
    'right eyeball',
    'eyeball right',
    'eyeball r',
    'r eyeball',
    'facial r eye',
    'eye r 001',
    '右目',
  ],
  jaw: [
    'jaw',
    'jaw root',
    'jaw master',
    'lower jaw',
    'jaw jnt',
    'jaw joint',
    'def jaw',
    'mandible',
    'chin',
    'あご',
  ],
};

/** Words of nodes that lie at the part rather than turn it. */
const BESIDES =
  /^(end|tip|top|nub|tail|target|aim|ik|pole|ctrl|control|helper|twist|upper|lid|eyelid|lash|brow|hair|hat|band|phones|mesh|geo|socket|look|camera)$/;

/** How well a node's name says that it plays a part: 0 best, -1 not at all. */
export function fitOf(name: string, part: JointPart): number {
  const whole = new Set([name, lastPart(name)].map(keyOf));
  const words = wordsOf(name);
  const within = words.some((word) => BESIDES.test(word)) ? new Set<string>() : runsOf(words);
  const keys = NAMES[part].map(keyOf);
  const exact = keys.findIndex((key) => whole.has(key));
  if (exact >= 0) return exact;
  const inner = keys.findIndex((key) => within.has(key));
  return inner < 0 ? -1 : keys.length + inner;
}

/** Every run of neighbouring words, written together. */
function runsOf(words: readonly string[]): Set<string> {
  return new Set(
    words.flatMap((_, from) =>
      words.slice(from).map((_, more) => words.slice(from, from + more + 1).join('')),
    ),
  );
}

/** What the rank of a node is worsened by, so that a joint of the face goes before another, and that before any node. */
const RANKS = { face: 0, other: 500, false: 1000 } as const;

/**
 * The node of a rig that plays a part, or -1: the one that the file itself names, else a joint rather than any other
 * node, best of the skeleton that carries the face, then the better name, then the one nearest the top.
 */
export function nodeOf({ nodes, humanoid }: Pick<Rig, 'nodes' | 'humanoid'>, part: JointPart): number {
  return humanoid[part] ?? bestOf(nodes, (name) => fitOf(name, part));
}

/** The node of that name, or -1: of several, the one that {@link nodeOf} would rather take. */
export function nodeCalled({ nodes }: Pick<Rig, 'nodes'>, name: string): number {
  return bestOf(nodes, (each) => (each === name ? 0 : -1));
}

/** The node that fits best, -1 where none does; `fitOf` gives 0 for the best fit and -1 for none. */
function bestOf(nodes: Rig['nodes'], fitOf: (name: string) => number): number {
  let best = -1;
  let bestRank = Number.POSITIVE_INFINITY;
  nodes.forEach(({ name, joint }, index) => {
    const fit = fitOf(name);
    const rank = fit + RANKS[`${joint}`];
    if (fit < 0 || rank >= bestRank) return;
    best = index;
    bestRank = rank;
  });
  return best;
}

/** Character Creator's jaw, which turns along with the shapes of the skin: without it teeth and chin stay behind. */
export const CC_JAW = /^cc_?base_?jaw_?root/i;

/** Degrees of the jaw that Character Creator's shapes go with (cc_blender_tools, shape key drivers of the neutral base). */
export const CC_JAW_DEGREES: Readonly<Record<string, number>> = {
  jawopen: 30,
  a25jawopen: 35,
  mouthopen: 17,
  vopen: 18,
  open: 18,
  ah: 10.5,
  oh: 9.6,
  ee: 1.2,
  er: 5.7,
  ih: 4.9,
  kghng: 3,
  ae: 9,
  r: 1.65,
  tldn: 4.7,
  th: 4,
};
