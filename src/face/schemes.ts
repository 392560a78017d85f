import { type Channel, FACE_PARTS } from '../pose/channels.ts';
import { VISEMES, type Viseme } from '../speech/viseme.ts';

/** What stands before the name of a viseme: Meta, Oculus and Ready Player Me; VRChat. */
const VISEME_PREFIXES = ['viseme', 'vrcv'];

/** Other spellings of a viseme, as the SDKs, OpenXR and VRChat have them. Widely copied tables add `AA`. */
const VISEME_SPELLINGS: Readonly<Partial<Record<Viseme, readonly string[]>>> = {
  kk: ['k'],
  nn: ['n'],
  SS: ['s'],
  RR: ['r'],
  DD: ['d'],
  PP: ['p'],
  FF: ['f'],
  E: ['eh'],
  I: ['ih'],
  O: ['oh'],
  U: ['ou'],
};

/** How exporters write the side of a part at the end of its name. */
const SIDES: readonly (readonly [ending: string, short: string])[] = [
  ['left', 'l'],
  ['right', 'r'],
];

/** Names that a turning node may have, best first. Compared as {@link keyOf} gives them, also as endings after a prefix. */
export const JOINT_NAMES = {
  head: ['head', 'headjnt', 'headjoint', 'jbipchead', 'ccbasehead', 'defhead'],
  leftEye: ['lefteye', 'eyeleft', 'eyel', 'leye', 'jadjlfaceeye', 'ccbaseleye', 'lefteyeball', 'eyeballleft'],
  rightEye: [
    'righteye',
    'eyeright',
    'eyer',
    'reye',
    'jadjrfaceeye',
    'ccbasereye',
    'righteyeball',
    'eyeballright',
  ],
  neck: ['neck', 'jbipcneck', 'neck1', 'neckjnt', 'neckjoint', 'ccbasenecktwist01', 'defneck', 'neck01'],
  chest: [
    'spine2',
    'upperchest',
    'jbipcupperchest',
    'chest',
    'jbipcchest',
    'spine3',
    'ccbasespine02',
    'spine02',
  ],
} as const;

/** A part that a node plays. */
export type JointPart = keyof typeof JOINT_NAMES;

/** A name as it is compared: lower case, letters and digits only. */
export function keyOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

const CHANNEL_OF: ReadonlyMap<string, Channel> = new Map<string, Channel>([
  ...FACE_PARTS.flatMap((part): [string, Channel][] => {
    const key = part.toLowerCase();
    const side = SIDES.find(([ending]) => key.endsWith(ending));
    return side
      ? [
          [key, part],
          [key.slice(0, -side[0].length) + side[1], part],
        ]
      : [[key, part]];
  }),
  ...VISEMES.flatMap((viseme) =>
    [viseme, ...(VISEME_SPELLINGS[viseme] ?? [])].flatMap((spelling) =>
      VISEME_PREFIXES.map((prefix): [string, Channel] => [prefix + spelling.toLowerCase(), viseme]),
    ),
  ),
]);

/** The part of a name after its last namespace separator. */
const lastPart = (name: string): string =>
  name.slice(Math.max(...[...':.|/'].map((c) => name.lastIndexOf(c))) + 1);

/** The channel that a morph target is, by its name; case, separators and namespaces do not matter. */
export function channelOf(targetName: string): Channel | undefined {
  return CHANNEL_OF.get(keyOf(targetName)) ?? CHANNEL_OF.get(keyOf(lastPart(targetName)));
}

/** How well a node's name fits one of `names`: 0 best, -1 not at all. */
export function fitOf(nodeName: string, names: readonly string[]): number {
  const fit = names.indexOf(keyOf(nodeName));
  return fit >= 0 ? fit : names.indexOf(keyOf(lastPart(nodeName)));
}
