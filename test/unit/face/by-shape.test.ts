import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { type MeshShapes, openingByShape } from '../../../src/face/by-shape.ts';
import { openGltf } from '../../../src/face/gltf/container.ts';
import { readRigFile } from '../../../src/face/gltf/file-rig.ts';
import { planFace } from '../../../src/face/plan.ts';
import type { Rig } from '../../../src/face/rig.ts';
import { ZOO } from '../../kit/zoo/index.ts';

/** A head of points from the chin (0) to the crown (1), whose targets move those from `low` to `high` by `fall`. */
function headOf(targets: readonly (readonly [low: number, high: number, fall: number])[]): Rig {
  const heights = Array.from({ length: 50 }, (_, point) => point / 49);
  const shapes: MeshShapes = {
    rest: heights.flatMap((height) => [0, height, 0]),
    shift: (target) => {
      const [low, high, fall] = targets[target]!;
      return heights.flatMap((height) => [0, height >= low && height <= high ? -fall : 0, 0]);
    },
    up: [0, 1, 0],
  };
  return {
    meshes: [
      { name: 'Head', targets: targets.map((_, index) => `morphTarget${index}`), vertices: 50, vectors: 1 },
    ],
    nodes: [],
    expressions: [],
    humanoid: {},
    extensions: [],
    loaded: false,
    shapes: () => shapes,
  };
}

const BLINK = [0.6, 0.65, 0.05] as const;
const BROW_DOWN = [0.7, 0.8, 0.04] as const;
const JAW = [0, 0.3, 0.1] as const;
const SMILE = [0.2, 0.3, -0.03] as const;

describe('an opening mouth without a name', () => {
  it('is what carries most down in the lower face', () => {
    expect(openingByShape(headOf([BLINK, BROW_DOWN, JAW, SMILE]))).toEqual([
      { on: 'target', mesh: 0, target: 2, name: 'morphTarget2', gain: 1 },
    ]);
  });

  it.each([
    ['what moves the whole body', [[0, 1, 0.1], BLINK]],
    ['what goes up', [SMILE, BLINK]],
    ['what is higher than another', [BLINK, [0.05, 0.2, -0.1]]],
    ['what does not move', [[0.5, 0.5, 0]]],
  ] as const)('is not %s', (_what, targets) => {
    expect(openingByShape(headOf(targets))).toEqual([]);
  });

  it.each(['mira', 'tomas'])('is found for %s, with the teeth and without the lashes', async (who) => {
    const character = await readFile(new URL(`../../../assets/characters/${who}.glb`, import.meta.url));
    const names = async (name: string): Promise<string[]> => {
      const { bytes } = await ZOO.find((exhibit) => exhibit.name === name)!.make(character);
      const rig = readRigFile(bytes, name);
      return openingByShape(rig).map((pull) => `${rig.meshes[pull.mesh]!.name}/${pull.name}`);
    };
    expect(await names('oculus')).toEqual([
      'Head/jawOpen',
      'MouthCavity/jawOpen',
      'Teeth/jawOpen',
      'Tongue/jawOpen',
    ]);
    expect(await names('goblin')).toEqual([
      'Head/jawOpen',
      'MouthCavity/jawOpen',
      'Teeth/jawOpen',
      'Tongue/jawOpen',
    ]);
    expect(await names('no-targets')).toEqual([]);
  });

  it('is found where the points lie on their backs, by what raises them', async () => {
    const character = await readFile(new URL('../../../assets/characters/mira.glb', import.meta.url));
    const read = async (name: string): Promise<Rig> =>
      readRigFile((await ZOO.find((exhibit) => exhibit.name === name)!.make(character)).bytes, name);
    const [standing, lying] = [await read('nameless'), await read('nameless-lying')];
    expect(openingByShape(lying)).toEqual(openingByShape(standing));
    const unraised = (mesh: number): MeshShapes => ({ ...lying.shapes!(mesh)!, up: [0, 1, 0] });
    expect(openingByShape({ ...lying, shapes: unraised })).not.toEqual(openingByShape(standing));
  });

  it('is found in a text file that holds its numbers itself', async () => {
    const character = await readFile(new URL('../../../assets/characters/mira.glb', import.meta.url));
    const { bytes } = await ZOO.find(({ name }) => name === 'nameless')!.make(character);
    const { json, binary } = openGltf(bytes, 'it.glb');
    const [buffer] = (json as { buffers: { uri?: string }[] }).buffers;
    buffer!.uri = `data:application/octet-stream;base64,${Buffer.from(binary!).toString('base64')}`;
    const read = (): Rig => readRigFile(new TextEncoder().encode(JSON.stringify(json)), 'it.gltf');
    expect(openingByShape(read())).toEqual(openingByShape(readRigFile(bytes, 'it.glb')));
    expect(openingByShape(read()).length).toBeGreaterThan(1);
    buffer!.uri = 'data:;base64,§';
    expect(openingByShape(read())).toEqual([]);
  });

  it('is not looked for in files whose shapes are packed', async () => {
    const character = await readFile(new URL('../../../assets/characters/mira.glb', import.meta.url));
    const { bytes } = await ZOO.find(({ name }) => name === 'quantised-meshopt')!.make(character);
    const rig = readRigFile(bytes, 'packed');
    expect(openingByShape(rig)).toEqual([]);
    // Where they would be needed, the report says that more may come.
    const meshes = rig.meshes.map((mesh) => ({ ...mesh, targets: mesh.targets.map((_, at) => `Key ${at}`) }));
    const { problems, visemes } = planFace({ ...rig, meshes }).report;
    expect(visemes.aa).toEqual({ origin: 'solved', from: ['Head'] });
    expect(problems[0]).toMatchObject({
      code: 'no-target-names',
      message: expect.stringMatching(/the head nods instead\. The shapes are packed/),
    });
  });
});
