import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openGltf } from '../../../src/face/gltf/container.ts';
import { readRigFile } from '../../../src/face/gltf/file-rig.ts';
import { planFace } from '../../../src/face/plan.ts';
import { InputError } from '../../../src/speech/errors.ts';
import { Glb } from '../../kit/zoo/glb.ts';
import { puppet } from '../../kit/zoo/puppet.ts';

const doll = puppet((vowel) => `Mouth_${vowel}`).glb.pack();
const textOf = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json));
const read = (json: unknown): unknown => readRigFile(textOf(json), 'it.gltf');
const asset = { version: '2.0' };

describe('a glTF container', () => {
  it('is opened as .glb and as text', () => {
    const { json, binary } = openGltf(doll, 'doll.glb');
    expect(json).toMatchObject({ asset });
    expect(binary!.length).toBeGreaterThan(1_000);
    expect(openGltf(textOf(json), 'doll.gltf')).toEqual({ json, binary: undefined });
  });

  it.each([
    ['nothing', new Uint8Array(), 'a glTF file, got an empty one'],
    ['noise', Uint8Array.of(1, 2, 3, 4, 5), 'a .glb, .vrm or .gltf file, got something else'],
    ['a beginning', doll.slice(0, 15), 'a whole .glb, got only 15 bytes of one'],
    ['a half', doll.slice(0, 500), `${doll.length} bytes, as its header says, got 500: it is cut off`],
  ])('says what is wrong with %s', (_what, bytes, words) => {
    expect(() => openGltf(bytes, 'it.glb')).toThrow(`it.glb: expected ${words}`);
  });
});

describe('a glTF document', () => {
  it.each([
    [{}, 'asset: expected an object'],
    [{ asset: { version: '1.0' } }, 'asset.version: expected 2.0, got 1.0'],
    [{ asset, nodes: {} }, 'nodes: expected a list'],
    [{ asset, scenes: [{ nodes: [0] }] }, 'scenes[0].nodes[0]: expected a whole number from 0 to -1'],
    [{ asset, nodes: [{ rotation: [0, 0, 1] }] }, 'nodes[0].rotation: expected 4 numbers'],
    [{ asset, nodes: [{ matrix: [0, 'x'] }] }, 'nodes[0].matrix[1]: expected a number'],
    [{ asset, nodes: [{ mesh: 3 }] }, 'nodes[0].mesh: expected a whole number'],
    [
      { asset, nodes: [{ children: [0] }], scenes: [{ nodes: [0] }] },
      'nodes[0]: expected one place in the scene',
    ],
    [
      { asset, meshes: [{ primitives: [{ attributes: {} }] }] },
      'attributes.POSITION: expected a whole number',
    ],
    [{ asset, skins: [{ joints: ['x'] }] }, 'skins[0].joints[0]: expected a whole number'],
  ])('names the place of what is wrong in %j', (json, words) => {
    expect(() => read(json)).toThrow(InputError);
    expect(() => read(json)).toThrow(words);
  });

  it('may lack everything that a face needs', () => {
    expect(read({ asset })).toMatchObject({ meshes: [], nodes: [{ name: '__root__' }] });
  });

  it('is read or refused, whatever stands in it, and never crashes', () => {
    const { json } = Glb.open(doll);
    const paths: (string | number)[][] = [];
    const collect = (value: unknown, path: (string | number)[]): void => {
      if (path.length > 0) paths.push(path);
      if (typeof value === 'object' && value !== null) {
        for (const [key, inner] of Object.entries(value)) collect(inner, [...path, key]);
      }
    };
    collect({ ...json, extensions: { VRMC_vrm: VRM1, VRM: {} } }, []);
    const junk = fc.oneof(fc.constantFrom(null, -1, 1e9, 0.5, '', 'x', true, [], {}), fc.jsonValue());
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...paths), junk), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const broken = structuredClone({ ...json, extensions: { VRMC_vrm: VRM1 } });
          for (const [path, value] of changes) {
            let owner: unknown = broken;
            for (const key of path.slice(0, -1))
              owner = (owner as Record<string, unknown> | undefined)?.[key];
            if (typeof owner === 'object' && owner !== null) Reflect.set(owner, path.at(-1)!, value);
          }
          try {
            planFace(readRigFile(textOf(broken), 'it.gltf'));
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        },
      ),
      { seed: 4, numRuns: 400 },
    );
  });
});

const VRM1 = {
  humanoid: { humanBones: { head: { node: 2 } } },
  expressions: {
    preset: { aa: { morphTargetBinds: [{ node: 3, index: 0, weight: 1 }], overrideMouth: 'none' } },
  },
  lookAt: { type: 'bone', rangeMapHorizontalInner: { inputMaxValue: 90, outputScale: 10 } },
};
