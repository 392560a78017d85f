/** Makes VRMs: what their targets are is said by an extension of the file, and their names mean nothing. */
import type { Glb } from './glb.ts';
import { targetNamesOf, wrapIn } from './reshape.ts';

/** Presets of VRM 1 with the project's targets that show them. */
const PRESETS: Readonly<Record<string, readonly string[]>> = {
  aa: ['viseme_aa'],
  ih: ['viseme_I'],
  ou: ['viseme_U'],
  ee: ['viseme_E'],
  oh: ['viseme_O'],
  blink: ['eyeBlinkLeft', 'eyeBlinkRight'],
  blinkLeft: ['eyeBlinkLeft'],
  blinkRight: ['eyeBlinkRight'],
  happy: ['mouthSmileLeft', 'mouthSmileRight', 'cheekSquintLeft', 'cheekSquintRight'],
  angry: ['browDownLeft', 'browDownRight'],
  sad: ['mouthFrownLeft', 'mouthFrownRight', 'browInnerUp'],
  surprised: ['eyeWideLeft', 'eyeWideRight', 'browOuterUpLeft', 'browOuterUpRight'],
  relaxed: ['mouthSmileLeft', 'mouthSmileRight'],
};
const VRM0_NAMES: Readonly<Record<string, string>> = {
  aa: 'a',
  ih: 'i',
  ou: 'u',
  ee: 'e',
  oh: 'o',
  blinkLeft: 'blink_l',
  blinkRight: 'blink_r',
  happy: 'joy',
  sad: 'sorrow',
  relaxed: 'fun',
};
const BONES: Readonly<Record<string, string>> = {
  hips: 'Hips',
  spine: 'Spine',
  chest: 'Spine1',
  upperChest: 'Spine2',
  neck: 'Neck',
  head: 'Head',
  leftEye: 'LeftEye',
  rightEye: 'RightEye',
};

/** Every target that an expression shows: node or mesh, and index. */
function bindsOf(glb: Glb, names: readonly string[]): { node: number; mesh: number; index: number }[] {
  return glb.json.nodes.flatMap(({ mesh }, node) =>
    mesh === undefined
      ? []
      : targetNamesOf(glb, mesh).flatMap((name, index) =>
          names.includes(name) ? [{ node, mesh, index }] : [],
        ),
  );
}

const boneOf = (glb: Glb, name: string): number =>
  glb.json.nodes.findIndex((node) => node.name === name && node.mesh === undefined);

/** Calls every bone and target what tells nothing. */
function makeMute(glb: Glb): void {
  glb.json.meshes.forEach((mesh, index) => {
    const names = targetNamesOf(glb, index);
    if (names.length > 0)
      mesh.extras = { ...mesh.extras, targetNames: names.map((_, target) => `shape ${target}`) };
  });
  glb.json.nodes.forEach((node, index) => {
    node.name = node.mesh === undefined ? `bone${index}` : `part${index}`;
  });
}

/** `overrides`: added to expressions by their names, as `{ happy: { overrideMouth: 'blend' } }`. */
export function vrm1(glb: Glb, overrides: Readonly<Record<string, Record<string, unknown>>> = {}): Glb {
  const preset = Object.fromEntries(
    Object.entries(PRESETS).map(([name, targets]) => [
      name,
      {
        isBinary: false,
        morphTargetBinds: bindsOf(glb, targets).map(({ node, index }) => ({ node, index, weight: 1 })),
        ...overrides[name],
      },
    ]),
  );
  const humanBones = Object.fromEntries(
    Object.entries(BONES).map(([bone, name]) => [bone, { node: boneOf(glb, name) }]),
  );
  const range = { inputMaxValue: 90, outputScale: 45 };
  glb.json.extensions = {
    VRMC_vrm: {
      specVersion: '1.0',
      meta: { name: 'Zoo', authors: ['babylon-parley'], licenseUrl: 'https://vrm.dev/licenses/1.0/' },
      humanoid: { humanBones },
      expressions: { preset, custom: {} },
      lookAt: {
        type: 'bone',
        offsetFromHeadBone: [0, 0.06, 0],
        rangeMapHorizontalInner: range,
        rangeMapHorizontalOuter: range,
        rangeMapVerticalDown: range,
        rangeMapVerticalUp: range,
      },
    },
  };
  glb.json.extensionsUsed = ['VRMC_vrm'];
  makeMute(glb);
  return glb;
}

/**
 * As UniVRM writes it: names at the primitives, weights in percent, looking along -Z. `custom`: targets that have an
 * expression of their own too, as "Perfect Sync" has for all of ARKit's.
 */
export function vrm0(glb: Glb, custom: readonly string[] = []): Glb {
  const blendShapeGroups = Object.entries(PRESETS).map(([name, targets]) => {
    const preset = VRM0_NAMES[name] ?? name;
    return {
      name: preset.toUpperCase(),
      presetName: name === 'surprised' ? 'unknown' : preset,
      isBinary: false,
      binds: bindsOf(glb, targets).map(({ mesh, index }) => ({ mesh, index, weight: 100 })),
      materialValues: [],
    };
  });
  blendShapeGroups.push(
    ...custom.map((name) => ({
      name: name[0]!.toUpperCase() + name.slice(1),
      presetName: 'unknown',
      isBinary: false,
      binds: bindsOf(glb, [name]).map(({ mesh, index }) => ({ mesh, index, weight: 100 })),
      materialValues: [],
    })),
  );
  const humanBones = Object.entries(BONES).map(([bone, name]) => ({ bone, node: boneOf(glb, name) }));
  const range = { curve: [0, 0, 0, 1, 1, 1, 1, 0], xRange: 90, yRange: 45 };
  glb.json.extensions = {
    VRM: {
      specVersion: '0.0',
      meta: { title: 'Zoo' },
      humanoid: { humanBones },
      blendShapeMaster: { blendShapeGroups },
      firstPerson: {
        lookAtTypeName: 'Bone',
        lookAtHorizontalInner: range,
        lookAtHorizontalOuter: range,
        lookAtVerticalDown: range,
        lookAtVerticalUp: range,
      },
    },
  };
  glb.json.extensionsUsed = ['VRM'];
  makeMute(glb);
  for (const mesh of glb.json.meshes) {
    const { targetNames, ...extras } = mesh.extras ?? {};
    if (!targetNames) continue;
    mesh.extras = extras;
    for (const primitive of mesh.primitives) primitive.extras = { targetNames };
  }
  return wrapIn(glb, { name: 'turned', rotation: [0, 1, 0, 0] });
}
