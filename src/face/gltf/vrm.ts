import {
  JOINT_PARTS,
  type JointPart,
  type Override,
  type Rig,
  type RigBind,
  type RigExpression,
  type RigGaze,
} from '../rig.ts';

/** What a VRM says about its face: the `VRM` (0.x) or `VRMC_vrm` (1.0) extension of the file. */
export type VrmFace = Pick<Rig, 'expressions' | 'humanoid'> & Partial<Pick<Rig, 'vrm' | 'gaze'>>;

/** Where the things that a VRM names by their index in the file are in the rig. */
export interface VrmPlaces {
  /** Meshes of the rig made of the glTF node. */
  meshesOfNode(node: number): readonly number[];
  /** Meshes of the rig made of the glTF mesh, on whichever nodes. */
  meshesOfMesh(mesh: number): readonly number[];
  /** Node of the rig made of the glTF node, or -1. */
  nodeOf(node: number): number;
}

/** Names of VRM 1 for the presets of VRM 0 (vrm-specification, 1.0, "Preset Expressions"). */
const VRM0_PRESETS: Readonly<Record<string, string>> = {
  neutral: 'neutral',
  a: 'aa',
  i: 'ih',
  u: 'ou',
  e: 'ee',
  o: 'oh',
  blink: 'blink',
  blink_l: 'blinkLeft',
  blink_r: 'blinkRight',
  joy: 'happy',
  angry: 'angry',
  sorrow: 'sad',
  fun: 'relaxed',
  lookup: 'lookUp',
  lookdown: 'lookDown',
  lookleft: 'lookLeft',
  lookright: 'lookRight',
};

const NO_OVERRIDES = { mouth: 'none', blink: 'none', gaze: 'none' } as const;
const DEGREE = Math.PI / 180;

/**
 * Reads what a file's extensions say about its face; nothing where it is no VRM. Never throws: what is malformed is left
 * out, and binds that point at no target keep a mesh of -1, so that they can be told.
 */
export function readVrm(extensions: Readonly<Record<string, unknown>>, places: VrmPlaces): VrmFace {
  const one = objectOf(extensions.VRMC_vrm);
  if (one) return readVrm1(one, places);
  const zero = objectOf(extensions.VRM);
  return zero ? readVrm0(zero, places) : { expressions: [], humanoid: {} };
}

function readVrm1(vrm: Json, places: VrmPlaces): VrmFace {
  const expressions = objectOf(vrm.expressions);
  const read = (group: Json | undefined, preset: boolean): RigExpression[] =>
    Object.entries(group ?? {}).flatMap(([name, value]) => {
      const expression = objectOf(value);
      if (!expression) return [];
      return {
        name,
        preset,
        binary: expression.isBinary === true,
        overrides: {
          mouth: overrideOf(expression.overrideMouth),
          blink: overrideOf(expression.overrideBlink),
          gaze: overrideOf(expression.overrideLookAt),
        },
        binds: listOf(expression.morphTargetBinds).flatMap((bind) =>
          bindsOf(places.meshesOfNode(numberOf(bind.node, -1)), bind.index, numberOf(bind.weight, 1)),
        ),
      };
    });
  const bones = objectOf(objectOf(vrm.humanoid)?.humanBones);
  const gaze = objectOf(vrm.lookAt);
  return {
    vrm: 1,
    expressions: [
      ...read(objectOf(expressions?.preset), true),
      ...read(objectOf(expressions?.custom), false),
    ],
    humanoid: humanoidOf(places, (bone) => objectOf(bones?.[bone])?.node),
    ...(gaze && {
      gaze: gazeOf(gaze.type === 'expression', [
        rangeOf(gaze.rangeMapHorizontalInner, 'inputMaxValue', 'outputScale'),
        rangeOf(gaze.rangeMapHorizontalOuter, 'inputMaxValue', 'outputScale'),
        rangeOf(gaze.rangeMapVerticalUp, 'inputMaxValue', 'outputScale'),
        rangeOf(gaze.rangeMapVerticalDown, 'inputMaxValue', 'outputScale'),
      ]),
    }),
  };
}

function readVrm0(vrm: Json, places: VrmPlaces): VrmFace {
  const groups = listOf(objectOf(vrm.blendShapeMaster)?.blendShapeGroups);
  const bones = listOf(objectOf(vrm.humanoid)?.humanBones);
  const gaze = objectOf(vrm.firstPerson);
  return {
    vrm: 0,
    expressions: groups.map((group) => {
      const preset = VRM0_PRESETS[String(group.presetName).toLowerCase()];
      return {
        name: preset ?? String(group.name ?? ''),
        preset: preset !== undefined,
        binary: group.isBinary === true,
        overrides: NO_OVERRIDES,
        binds: listOf(group.binds).flatMap((bind) =>
          bindsOf(places.meshesOfMesh(numberOf(bind.mesh, -1)), bind.index, numberOf(bind.weight, 100) / 100),
        ),
      };
    }),
    humanoid: humanoidOf(places, (name) => bones.find(({ bone }) => bone === name)?.node),
    ...(gaze && {
      gaze: gazeOf(gaze.lookAtTypeName === 'BlendShape', [
        rangeOf(gaze.lookAtHorizontalInner, 'xRange', 'yRange'),
        rangeOf(gaze.lookAtHorizontalOuter, 'xRange', 'yRange'),
        rangeOf(gaze.lookAtVerticalUp, 'xRange', 'yRange'),
        rangeOf(gaze.lookAtVerticalDown, 'xRange', 'yRange'),
      ]),
    }),
  };
}

function bindsOf(meshes: readonly number[], index: unknown, weight: number): RigBind[] {
  const target = numberOf(index, -1);
  return (meshes.length > 0 ? meshes : [-1]).map((mesh) => ({
    mesh,
    target,
    weight: Math.min(Math.max(weight, 0), 1),
  }));
}

/** Names of VRM's bones for each part, best first. */
const bonesOf = (part: JointPart): string[] => (part === 'chest' ? ['upperChest', 'chest'] : [part]);

function humanoidOf(places: VrmPlaces, nodeOf: (bone: string) => unknown): VrmFace['humanoid'] {
  const found = JOINT_PARTS.map((part) => {
    const nodes = bonesOf(part).map((bone) => places.nodeOf(numberOf(nodeOf(bone), -1)));
    return [part, nodes.find((node) => node >= 0)] as const;
  });
  return Object.fromEntries(found.filter(([, node]) => node !== undefined));
}

/** `ranges`: output for each degree of gaze inwards, outwards, up and down. */
function gazeOf(byExpression: boolean, [inner, outer, up, down]: [number, number, number, number]): RigGaze {
  // By bone, degrees come out for degrees; by expression, a share of it for degrees.
  const unit = byExpression ? 1 / DEGREE : 1;
  return {
    by: byExpression ? 'expression' : 'bone',
    yaw: ((inner + outer) / 2) * unit,
    up: up * unit,
    down: down * unit,
  };
}

function rangeOf(value: unknown, input: string, output: string): number {
  const range = objectOf(value);
  const most = numberOf(range?.[input], 90);
  return most > 0 ? numberOf(range?.[output], most) / most : 0;
}

type Json = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value)
    ? value.flatMap((item): Json[] => {
        const json = objectOf(item);
        return json ? [json] : [];
      })
    : [];
}

const overrideOf = (value: unknown): Override => (value === 'block' || value === 'blend' ? value : 'none');
const numberOf = (value: unknown, fallback: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : fallback;
