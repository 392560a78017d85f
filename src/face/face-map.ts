import { type Channel, EXPRESSIONS, type Expression, FACE_PARTS, type FacePart } from '../pose/channels.ts';
import { InputError } from '../speech/errors.ts';
import { Field } from '../speech/field.ts';
import { VISEMES, type Viseme } from '../speech/viseme.ts';
import { nodeCalled } from './joints.ts';
import { keyOf } from './names.ts';
import type { Pull } from './pull.ts';
import { JOINT_PARTS, type JointPart, type Rig } from './rig.ts';
import type { MouthJoints } from './solve.ts';

/**
 * What moves what, for a face that names its targets in no usual way, or that is to be moved otherwise. It wins over
 * everything that is found; what it leaves out is found as ever. Plain JSON: see {@link readFaceMap}.
 */
export interface FaceMap {
  readonly version: 1;
  /**
   * For visemes, face parts and whole expressions, the targets that show them and how strongly, -2 to 2. A target is named as in the
   * file, `Mesh/target` for that of one mesh alone, `expression:name` for an expression of a VRM, `joint:jaw` and
   * `joint:head` for radians of the opening jaw and the rising head. Nothing in braces: the channel is not shown.
   */
  readonly channels?: Readonly<
    Partial<Record<Viseme | FacePart | Expression, Readonly<Record<string, number>>>>
  >;
  /** Names of the nodes that turn; null for none. */
  readonly joints?: Readonly<Partial<Record<JointPart, string | null>>>;
}

/** A share of an influence may be taken away, and a weak shape shown stronger than it was made. */
const STRONGEST = 2;
const CHANNEL_NAMES: readonly (Viseme | FacePart | Expression)[] = [
  ...VISEMES,
  ...FACE_PARTS,
  ...EXPRESSIONS,
];
/** How a map is called that comes from no file. */
export const MAP_NAME = 'face map';
/** Names that a map uses for what is no target. */
const EXPRESSION = 'expression:';
const JOINT = 'joint:';

/** Checks a map, as it comes from a file or a game. Throws {@link InputError} that names the place; `file` stands before it. */
export function readFaceMap(value: unknown, file = MAP_NAME): FaceMap {
  const map = new Field(value, file);
  map.get('version').oneOf([1]);
  const keysOf = (field: Field): string[] => {
    field.get(''); // Throws unless it is an object.
    return Object.keys(field.value as object);
  };
  for (const key of keysOf(map)) {
    if (!['version', 'channels', 'joints'].includes(key)) {
      throw map.get(key).wrong('version, channels or joints', `a field ${key}`);
    }
  }
  const channels = map.get('channels');
  const joints = map.get('joints');
  return {
    version: 1,
    ...(channels.value !== undefined && {
      channels: Object.fromEntries(
        keysOf(channels).map((name) => {
          const targets = channels.get(name);
          if (!(CHANNEL_NAMES as readonly string[]).includes(name)) {
            throw targets.wrong('a viseme such as PP or a face part such as jawOpen', `a channel ${name}`);
          }
          return [
            name,
            Object.fromEntries(
              keysOf(targets).map((target) => [target, targets.get(target).number(-STRONGEST, STRONGEST)]),
            ),
          ];
        }),
      ),
    }),
    ...(joints.value !== undefined && {
      joints: Object.fromEntries(
        keysOf(joints).map((name) => {
          const node = joints.get(name);
          if (!(JOINT_PARTS as readonly string[]).includes(name)) {
            throw node.wrong(`one of ${JOINT_PARTS.join(', ')}`, `a joint ${name}`);
          }
          return [name, node.value === null ? null : node.text()];
        }),
      ),
    }),
  };
}

/** What each channel of a map pulls. Throws {@link InputError} for a name that the rig does not have; `file` stands before it. */
export function pullsOfMap(map: FaceMap, rig: Rig, joints: MouthJoints, file: string): Map<Channel, Pull[]> {
  return new Map(
    Object.entries(map.channels ?? {}).map(([channel, targets]) => [
      channel as Channel,
      Object.entries(targets)
        .flatMap(([name, gain]) => pullsNamed(rig, joints, `${file}, channels.${channel}`, name, gain))
        .filter(({ gain }) => gain !== 0),
    ]),
  );
}

/** The node that a map names for a part: its index, -1 for none, undefined where the map says nothing. */
export function nodeOfMap(map: FaceMap, rig: Rig, joint: JointPart, file: string): number | undefined {
  const name = map.joints?.[joint];
  if (name === undefined) return undefined;
  if (name === null) return -1;
  const index = nodeCalled(rig, name);
  if (index < 0) throw new InputError(`${file}, joints.${joint}`, 'the name of a node', JSON.stringify(name));
  return index;
}

function pullsNamed(rig: Rig, joints: MouthJoints, where: string, name: string, gain: number): Pull[] {
  if (name.startsWith(JOINT)) {
    const on = name.slice(JOINT.length);
    if (on === 'jaw' || on === 'head') {
      const joint = joints[on];
      if (joint !== undefined) return [{ on, name: joint, gain }];
      throw new InputError(
        where,
        'a joint of the character',
        `${JSON.stringify(name)}, and nothing is its ${on}`,
      );
    }
  }
  const expressions: Pull[] = rig.expressions.flatMap((each, expression) =>
    name === EXPRESSION + each.name ? { on: 'expression', expression, name: each.name, gain } : [],
  );
  if (expressions.length > 0) return expressions;
  const targets = (fits: (mesh: string, target: string) => boolean): Pull[] =>
    rig.meshes.flatMap((mesh, at) =>
      mesh.targets.flatMap((each, target): Pull[] =>
        fits(mesh.name, each) ? [{ on: 'target', mesh: at, target, name: each, gain }] : [],
      ),
    );
  const ways: ((mesh: string, target: string) => boolean)[] = [
    (_, target) => target === name,
    (mesh, target) => `${mesh}/${target}` === name,
    (_, target) => keyOf(target) === keyOf(name) && keyOf(name) !== '',
  ];
  for (const way of ways) {
    const found = targets(way);
    if (found.length > 0) return found;
  }
  throw new InputError(where, 'the name of a target of the character', JSON.stringify(name));
}

/** Writes down what was found for every channel, ready to be changed by hand and read again. */
export function writeFaceMap(
  rig: Rig,
  solutions: ReadonlyMap<Channel, readonly Pull[]>,
): NonNullable<FaceMap['channels']> {
  const meshesWith = (name: string): number =>
    rig.meshes.filter((mesh) => mesh.targets.includes(name)).length;
  return Object.fromEntries(
    [...solutions].map(([channel, pulls]) => {
      const entries: [string, number][] = pulls.map((pull) => {
        if (pull.on === 'expression') return [EXPRESSION + pull.name, pull.gain];
        if (pull.on !== 'target') return [JOINT + pull.on, pull.gain];
        const alike = pulls.filter((each) => each.on === 'target' && each.name === pull.name);
        const everywhere =
          alike.length === meshesWith(pull.name) && alike.every((each) => each.gain === pull.gain);
        return [everywhere ? pull.name : `${rig.meshes[pull.mesh]!.name}/${pull.name}`, pull.gain];
      });
      return [channel, Object.fromEntries(entries)];
    }),
  );
}
