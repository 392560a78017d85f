import { type Exhibit, FIVE, finish, isViseme, NO_BLINK, visemesAs } from './exhibit.ts';
import { MMD, MMD_BONES, VROID, VROID_BONES } from './names.ts';
import { lipsOf, portrait, renameNodes, renameTargets, targetNamesOf } from './reshape.ts';
import { vrm0, vrm1 } from './vrm.ts';

/** Heads as game avatars have them, with the names of their formats. */
export const AVATARS: readonly Exhibit[] = [
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
];
