import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FaceMap, readFaceMap } from '../../../src/face/face-map.ts';
import { readRigFile } from '../../../src/face/gltf/file-rig.ts';
import { planFace } from '../../../src/face/plan.ts';
import type { Rig } from '../../../src/face/rig.ts';
import { CHANNEL } from '../../../src/pose/channels.ts';
import { InputError } from '../../../src/speech/errors.ts';
import { ZOO } from '../../kit/zoo/index.ts';

let character: Uint8Array;
beforeAll(async () => {
  character = await readFile(new URL('../../../assets/characters/mira.glb', import.meta.url));
});

async function rigOf(name: string): Promise<Rig> {
  const { bytes } = await ZOO.find((exhibit) => exhibit.name === name)!.make(character);
  return readRigFile(bytes, name);
}

describe('a face map', () => {
  it.each([
    [undefined, 'expected an object, got nothing'],
    [{ version: 2 }, 'version: expected 1, got 2'],
    [{ version: 1, chanels: {} }, 'chanels: expected version, channels or joints'],
    [{ version: 1, channels: { ah: {} } }, 'channels.ah: expected a viseme such as PP or a face part'],
    [{ version: 1, channels: { aa: 'mouth' } }, 'channels.aa: expected an object, got "mouth"'],
    [{ version: 1, channels: { aa: { mouth: '1' } } }, 'channels.aa.mouth: expected a number from -2 to 2'],
    [
      { version: 1, channels: { aa: { mouth: 3 } } },
      'channels.aa.mouth: expected a number from -2 to 2, got 3',
    ],
    [{ version: 1, joints: { chin: 'x' } }, 'joints.chin: expected one of head'],
    [{ version: 1, joints: { head: 3 } }, 'joints.head: expected a string, got 3'],
  ])('is refused in words for %j', (value, words) => {
    expect(() => readFaceMap(value, 'map.json')).toThrow(InputError);
    expect(() => readFaceMap(value, 'map.json')).toThrow(words);
  });

  it('is read as it stands', () => {
    const map = {
      version: 1,
      channels: { aa: { 'Head/Key 3': 0.8 }, PP: {} },
      joints: { jaw: null, head: 'Skull' },
    };
    expect(readFaceMap(structuredClone(map))).toEqual(map);
  });

  it('wins over what is found, for one mesh or for all, and can silence a channel', async () => {
    const rig = await rigOf('oculus');
    const map: FaceMap = {
      version: 1,
      channels: { aa: { viseme_O: 0.5, 'Teeth/viseme_aa': 1 }, PP: {} },
      joints: { head: 'Neck', leftEye: null },
    };
    const { drives, joints, report } = planFace(rig, map);
    const aa = drives.filter(({ channel }) => channel === CHANNEL.aa);
    const meshOf = (index: number): string => rig.meshes[index]!.name;
    expect(
      aa.map(({ mesh, target, gain }) => [meshOf(mesh), rig.meshes[mesh]!.targets[target], gain]),
    ).toEqual([
      ...rig.meshes
        .filter(({ targets }) => targets.includes('viseme_O'))
        .map(({ name }) => [name, 'viseme_O', 0.5]),
      ['Teeth', 'viseme_aa', 1],
    ]);
    expect(drives.filter(({ channel }) => channel === CHANNEL.PP)).toEqual([]);
    expect(rig.nodes[joints.head!]!.name).toBe('Neck');
    expect(joints.leftEye).toBeUndefined();
    expect(report.scheme).toBe('map+oculus+arkit');
  });

  it('gives a voice to targets without names', async () => {
    const rig = await rigOf('nameless');
    const { report } = planFace(rig, { version: 1, channels: { aa: { 'Head/morphTarget10': 1 } } });
    expect(report.visemes.aa).toEqual({ origin: 'own', from: ['morphTarget10'] });
  });

  it.each([
    [
      { channels: { aa: { nothing: 1 } } },
      'channels.aa: expected the name of a target of the character, got "nothing"',
    ],
    [{ joints: { head: 'Nobody' } }, 'joints.head: expected the name of a node, got "Nobody"'],
  ])('that names what is not there is refused: %j', async (content, words) => {
    const rig = await rigOf('oculus');
    expect(() => planFace(rig, readFaceMap({ version: 1, ...content }))).toThrow(words);
  });

  it.each(ZOO.map(({ name }) => name))('written down and read again says the same of %s', async (name) => {
    const rig = await rigOf(name);
    const before = planFace(rig);
    const after = planFace(rig, readFaceMap(JSON.parse(JSON.stringify(before.map))));
    const key = (drive: object): string => JSON.stringify(Object.entries(drive).sort());
    expect(after.drives.map(key).sort()).toEqual(before.drives.map(key).sort());
    expect(after.swings.map(key).sort()).toEqual(before.swings.map(key).sort());
    expect(after.joints).toEqual(before.joints);
  });
});
