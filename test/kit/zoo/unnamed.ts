import { quantisedAndPacked } from './compress.ts';
import { type Exhibit, FIVE, finish, isViseme, NO_BLINK } from './exhibit.ts';
import { Glb } from './glb.ts';
import { puppet } from './puppet.ts';
import {
  costumed,
  jawInsteadOfTargets,
  lipsOf,
  lyingDown,
  portrait,
  primitivesOf,
  renameTargets,
  splitPrimitives,
  stripNames,
  warp,
  wrapIn,
} from './reshape.ts';

/** Heads that no name tells about, that are built oddly, or that are none. */
export const UNNAMED: readonly Exhibit[] = [
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
