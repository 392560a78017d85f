/** A zoo of rigs, made of the project's own character and of a doll: one of every kind that people bring. */
import type { Viseme } from '../../../src/speech/viseme.ts';
import { quantisedAndPacked } from './compress.ts';
import { Glb } from './glb.ts';
import { FUSE, MMD, MMD_BONES, VROID, VROID_BONES } from './names.ts';
import { puppet } from './puppet.ts';
import {
  costumed,
  jawInsteadOfTargets,
  lipsOf,
  lyingDown,
  portrait,
  primitivesOf,
  renameNodes,
  renameTargets,
  splitPrimitives,
  stripNames,
  sweep,
  targetNamesOf,
  warp,
  wrapIn,
} from './reshape.ts';
import { vrm0, vrm1 } from './vrm.ts';

/** A rig of the zoo, as a file. */
export interface Made {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Middle of the closed lips, in the space of the file's scene. */
  readonly mouth: readonly [number, number, number];
  /** How much larger than life the file is. */
  readonly size: number;
}

/** What is in the zoo, and the truth about it. */
export interface Exhibit {
  readonly name: string;
  /** The first scheme of its report. */
  readonly scheme: string;
  /** Where its visemes come from, but for silence and closed lips; `own` means that those named are its own. */
  readonly own: readonly Viseme[] | 'all';
  readonly rest: 'solved' | 'missing';
  readonly problems: readonly string[];
  /** Whether anything moves when it speaks. */
  readonly speaks: boolean;
  make(character: Uint8Array): Made | Promise<Made>;
}

const VISEMES15 = ['sil', 'PP', 'FF', 'TH', 'DD', 'kk', 'CH', 'SS', 'nn', 'RR', 'aa', 'E', 'I', 'O', 'U'];
const FIVE: readonly Viseme[] = ['aa', 'E', 'I', 'O', 'U'];

/** Whoever has no names for other parts has neither a blink nor shapes for a gaze; the eyes are nodes all the same. */
const NO_BLINK = ['no-blink'];

const finish = (glb: Glb, size = 1, mouth = lipsOf(glb)): Made => ({ bytes: sweep(glb).pack(), mouth, size });

/** Only the 15 visemes, called as `names` has them in their order. */
const visemesAs = (names: readonly (string | undefined)[]) => (character: Uint8Array) => {
  const byName = new Map(VISEMES15.map((viseme, index) => [`viseme_${viseme}`, names[index]]));
  return finish(renameTargets(portrait(character), (name) => byName.get(name)));
};

/** Only the targets of `names`, called so. */
const onlyAs = (names: Readonly<Record<string, string>>) => (character: Uint8Array) =>
  finish(renameTargets(portrait(character), (name) => names[name]));

const isViseme = (name: string): boolean => name.startsWith('viseme_');

export const ZOO: readonly Exhibit[] = [
  {
    name: 'oculus',
    scheme: 'oculus',
    own: 'all',
    rest: 'solved',
    problems: [],
    speaks: true,
    make: (character) => finish(portrait(character)),
  },
  {
    name: 'vrchat',
    scheme: 'vrchat',
    own: 'all',
    rest: 'solved',
    problems: NO_BLINK,
    speaks: true,
    make: visemesAs(
      ['sil', 'pp', 'ff', 'th', 'dd', 'kk', 'ch', 'ss', 'nn', 'rr', 'aa', 'e', 'ih', 'oh', 'ou'].map(
        (name) => `vrc.v_${name}`,
      ),
    ),
  },
  {
    name: 'arkit',
    scheme: 'arkit',
    own: [],
    rest: 'solved',
    problems: ['few-targets-at-once'],
    speaks: true,
    make: (character) =>
      finish(renameTargets(portrait(character), (name) => (isViseme(name) ? undefined : name))),
  },
  {
    name: 'arkit-prefixed',
    scheme: 'arkit',
    own: [],
    rest: 'solved',
    problems: ['few-targets-at-once'],
    speaks: true,
    make: (character) =>
      finish(
        renameTargets(portrait(character), (name) =>
          isViseme(name) ? undefined : `blendShape1.${name.replace(/Left$/, '_L').replace(/Right$/, '_R')}`,
        ),
      ),
  },
  {
    name: 'vrm1',
    scheme: 'vrm1',
    own: FIVE,
    rest: 'solved',
    problems: [],
    speaks: true,
    make: (character) => {
      const glb = portrait(character);
      const mouth = lipsOf(glb);
      return finish(vrm1(glb), 1, mouth);
    },
  },
  {
    name: 'vrm0',
    scheme: 'vrm0',
    own: FIVE,
    rest: 'solved',
    problems: [],
    speaks: true,
    make: (character) => {
      const glb = portrait(character);
      const [x, y, z] = lipsOf(glb);
      return finish(vrm0(glb), 1, [-x, y, -z]);
    },
  },
  {
    name: 'vrm0-perfect-sync',
    scheme: 'vrm0',
    own: FIVE,
    rest: 'solved',
    problems: ['few-targets-at-once'],
    speaks: true,
    make: (character) => {
      const glb = portrait(character);
      const [x, y, z] = lipsOf(glb);
      const parts = targetNamesOf(glb, 0).filter((name) => !isViseme(name));
      return finish(vrm0(glb, parts), 1, [-x, y, -z]);
    },
  },
  {
    name: 'vroid',
    scheme: 'vroid',
    own: FIVE,
    rest: 'solved',
    problems: [],
    speaks: true,
    make: (character) =>
      finish(
        renameNodes(
          renameTargets(portrait(character), (name) => {
            const shape = VROID[name];
            return shape && `Face.M_F00_000_00_Fcl_${shape}`;
          }),
          (name) => VROID_BONES[name] ?? name,
        ),
      ),
  },
  {
    name: 'mmd',
    scheme: 'mmd',
    own: FIVE,
    rest: 'solved',
    problems: [],
    speaks: true,
    make: (character) => {
      const glb = renameTargets(portrait(character), (name) => MMD[name]);
      const mouth = lipsOf(glb);
      return finish(
        renameNodes(glb, (name) => MMD_BONES[name] ?? name),
        1,
        mouth,
      );
    },
  },
  {
    name: 'reallusion',
    scheme: 'reallusion',
    own: 'all',
    rest: 'solved',
    problems: NO_BLINK,
    speaks: true,
    make: visemesAs([
      undefined,
      'B_M_P',
      'F_V',
      'Th',
      undefined,
      'K_G_H_NG',
      'Ch_J',
      'S_Z',
      'T_L_D_N',
      'R',
      'Ah',
      'AE',
      'Ih',
      'Oh',
      'W_OO',
    ]),
  },
  {
    name: 'reallusion-eight',
    scheme: 'reallusion-eight',
    own: [],
    rest: 'solved',
    problems: NO_BLINK,
    speaks: true,
    make: onlyAs({
      viseme_aa: 'V_Open',
      viseme_PP: 'V_Explosive',
      viseme_FF: 'V_Dental_Lip',
      viseme_O: 'V_Tight_O',
      viseme_U: 'V_Tight',
      viseme_I: 'V_Wide',
      viseme_CH: 'V_Affricate',
      viseme_DD: 'V_Lip_Open',
    }),
  },
  {
    name: 'reallusion-cc3',
    scheme: 'reallusion-eight',
    own: [],
    rest: 'solved',
    problems: [],
    speaks: true,
    make: onlyAs({
      viseme_aa: 'Open',
      viseme_PP: 'Explosive',
      viseme_FF: 'Dental_Lip',
      viseme_O: 'Tight-O',
      viseme_U: 'Tight',
      viseme_I: 'Wide',
      viseme_CH: 'Affricate',
      viseme_DD: 'Lip_Open',
      jawOpen: 'Mouth_Open',
      mouthPucker: 'Mouth_Pucker',
      cheekPuff: 'Cheek_Blow_L',
      browInnerUp: 'Brow_Raise_Inner_Left',
      eyeBlinkLeft: 'Eye_Blink_L',
      eyeBlinkRight: 'Eye_Blink_R',
    }),
  },
  {
    name: 'makehuman',
    scheme: 'makehuman',
    own: [],
    rest: 'solved',
    problems: [],
    speaks: true,
    make: onlyAs({
      jawOpen: 'mouth-open',
      viseme_DD: 'mouth-parling',
      mouthFunnel: 'mouth-protusion',
      mouthPucker: 'mouth-pursing',
      viseme_E: 'mouth-upward-retraction',
      viseme_I: 'mouth-retraction',
      viseme_SS: 'mouth-part-later',
      mouthPressLeft: 'mouth-compression',
      eyeBlinkLeft: 'eye-left-closure',
      eyeBlinkRight: 'eye-right-closure',
    }),
  },
  {
    name: 'mpfb-microsoft',
    scheme: 'mpfb-microsoft',
    own: 'all',
    rest: 'solved',
    problems: NO_BLINK,
    speaks: true,
    make: visemesAs([
      'sil_00',
      'p_b_m_21',
      'f_v_18',
      'th_dh_17',
      'd_t_n_19',
      'k_g_ng_20',
      'sh_ch_jh_zh_16',
      's_z_15',
      'l_14',
      'r_13',
      'aa_02',
      'ey_eh_uh_04',
      'y_iy_ih_ix_06',
      'ow_08',
      'w_uw_07',
    ]),
  },
  {
    name: 'azure',
    scheme: 'azure',
    own: 'all',
    rest: 'solved',
    problems: NO_BLINK,
    speaks: true,
    make: visemesAs([0, 21, 18, 17, 19, 20, 16, 15, 14, 13, 2, 4, 6, 8, 7].map((id) => `viseme_${id}`)),
  },
  {
    name: 'polly',
    scheme: 'polly',
    own: 'all',
    rest: 'solved',
    problems: NO_BLINK,
    speaks: true,
    make: visemesAs(['sil', 'p', 'f', 'T', 't', 'k', 'S', 's', 'l', 'r', 'a', 'E', 'i', 'o', 'u']),
  },
  {
    name: 'daz',
    scheme: 'daz',
    own: 'all',
    rest: 'solved',
    problems: NO_BLINK,
    speaks: true,
    make: visemesAs(
      [undefined, 'M', 'F', 'TH', 'T', 'K', 'SH', 'S', 'L', 'ER', 'AA', 'EH', 'IH', 'OW', 'UW'].map(
        (name) => name && `Genesis8Female__eCTRLv${name}`,
      ),
    ),
  },
  {
    name: 'fuse',
    scheme: 'fuse',
    own: [],
    rest: 'solved',
    problems: ['few-targets-at-once'],
    speaks: true,
    make: onlyAs(FUSE),
  },
  {
    name: 'ready-player-me-plain',
    scheme: 'plain',
    own: [],
    rest: 'solved',
    problems: ['opening-only', 'no-blink'],
    speaks: true,
    make: onlyAs({ jawOpen: 'mouthOpen', mouthSmileLeft: 'mouthSmile' }),
  },
  {
    name: 'five-vowels',
    scheme: 'vowels',
    own: FIVE,
    rest: 'solved',
    problems: NO_BLINK,
    speaks: true,
    make: onlyAs({ viseme_aa: 'A', viseme_I: 'I', viseme_U: 'U', viseme_E: 'E', viseme_O: 'O' }),
  },
  {
    name: 'some-visemes',
    scheme: 'oculus',
    own: ['aa', 'O', 'E', 'FF', 'DD', 'PP'],
    rest: 'solved',
    problems: NO_BLINK,
    speaks: true,
    make: onlyAs(
      Object.fromEntries(
        ['sil', 'PP', 'aa', 'O', 'E', 'FF', 'DD'].map((name) => [`viseme_${name}`, `viseme_${name}`]),
      ),
    ),
  },
  {
    name: 'jaw-only',
    scheme: 'jaw',
    own: [],
    rest: 'solved',
    problems: ['jaw-only', 'no-blink'],
    speaks: true,
    make: (character) => {
      const glb = portrait(character);
      const mouth = lipsOf(glb);
      return finish(jawInsteadOfTargets(glb, 'mixamorig:Jaw'), 1, mouth);
    },
  },
  {
    name: 'nameless',
    scheme: 'by-shape',
    own: [],
    rest: 'solved',
    problems: ['no-target-names', 'no-blink'],
    speaks: true,
    make: (character) => {
      const glb = portrait(character);
      const mouth = lipsOf(glb);
      return finish(stripNames(glb), 1, mouth);
    },
  },
  {
    name: 'nameless-lying',
    scheme: 'by-shape',
    own: [],
    rest: 'solved',
    problems: ['no-target-names', 'no-blink'],
    speaks: true,
    make: (character) => {
      const glb = portrait(character);
      const mouth = lipsOf(glb);
      return finish(stripNames(lyingDown(glb)), 1, mouth);
    },
  },
  {
    name: 'foreign-names',
    scheme: 'by-shape',
    own: [],
    rest: 'solved',
    problems: ['no-mouth', 'no-blink'],
    speaks: true,
    make: (character) =>
      finish(renameTargets(portrait(character), (name) => `Zz ${[...name].reverse().join('')}`)),
  },
  {
    name: 'split',
    scheme: 'oculus',
    own: 'all',
    rest: 'solved',
    problems: [],
    speaks: true,
    make: (character) => finish(splitPrimitives(portrait(character), 3)),
  },
  {
    name: 'two-skeletons',
    scheme: 'oculus',
    own: 'all',
    rest: 'solved',
    problems: [],
    speaks: true,
    make: (character) => finish(costumed(portrait(character))),
  },
  {
    name: 'quantised-meshopt',
    scheme: 'oculus',
    own: 'all',
    rest: 'solved',
    problems: ['decoder-meshopt'],
    speaks: true,
    make: async (character) => {
      const glb = portrait(character);
      const mouth = lipsOf(glb);
      return finish(await quantisedAndPacked(glb), 1, mouth);
    },
  },
  {
    name: 'goblin',
    scheme: 'arkit',
    own: [],
    rest: 'solved',
    problems: ['few-targets-at-once'],
    speaks: true,
    make: (character) => {
      const glb = renameTargets(portrait(character), (name) => (isViseme(name) ? undefined : name));
      const [x, y, z] = goblinish(lipsOf(glb));
      const size = 0.3;
      // Turned by 90° about Y, what was ahead (+Z) lies along +X.
      wrapIn(warp(glb, goblinish), {
        name: 'Goblin',
        rotation: [0, Math.SQRT1_2, 0, Math.SQRT1_2],
        scale: [size, size, size],
      });
      return finish(glb, size, [z * size, y * size, -x * size]);
    },
  },
  {
    name: 'doll',
    scheme: 'vowels',
    own: FIVE,
    rest: 'solved',
    problems: NO_BLINK,
    speaks: true,
    make: () => {
      const { glb, mouth } = puppet((vowel) => `Mouth_${vowel}`);
      return finish(glb, 100, mouth);
    },
  },
  {
    name: 'no-targets',
    scheme: 'head',
    own: [],
    rest: 'solved',
    problems: ['no-morph-targets', 'no-blink'],
    speaks: true,
    make: (character) => {
      const glb = portrait(character);
      const mouth = lipsOf(glb);
      for (const primitive of primitivesOf(glb)) delete primitive.targets;
      return finish(glb, 1, mouth);
    },
  },
  {
    name: 'crate',
    scheme: 'none',
    own: [],
    rest: 'missing',
    problems: ['no-morph-targets', 'no-blink', 'no-gaze', 'no-head'],
    speaks: false,
    make: () => {
      const glb = Glb.empty();
      const points = [0, 1].flatMap((x) => [0, 1].flatMap((y) => [0, 1].flatMap((z) => [x, y, z])));
      const faces = [0, 1, 3, 0, 3, 2, 4, 6, 7, 4, 7, 5, 0, 4, 5, 0, 5, 1, 2, 3, 7, 2, 7, 6];
      glb.json.meshes = [
        {
          name: 'Crate',
          primitives: [
            { attributes: { POSITION: glb.add(points, 'VEC3') }, indices: glb.add(faces, 'SCALAR', 5123) },
          ],
        },
      ];
      glb.json.nodes = [{ name: 'Crate', mesh: 0 }];
      glb.json.scenes = [{ nodes: [0] }];
      return finish(glb, 5, [0.5, 0.5, 1]);
    },
  },
];

/** Wide in the cheeks, flat at the top, with a long chin. */
function goblinish([x, y, z]: readonly [number, number, number]): [number, number, number] {
  const up = y - 1.53;
  const wide = 1.35 - 0.9 * Math.max(-0.1, Math.min(up, 0.1));
  const long = up < 0 ? 1.45 : 0.7;
  return [
    x * wide,
    1.53 + up * long,
    z * 1.25 + 0.06 * Math.max(0, 1 - Math.abs(up) / 0.06) * Math.max(0, z) * 4,
  ];
}
