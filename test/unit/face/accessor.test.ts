import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openGltf } from '../../../src/face/gltf/container.ts';
import { readRigFile } from '../../../src/face/gltf/file-rig.ts';
import { InputError } from '../../../src/speech/errors.ts';
import { puppet } from '../../kit/zoo/puppet.ts';

type Json = Record<string, Record<string, unknown>[]>;

const { json, binary } = openGltf(puppet((vowel) => `Mouth_${vowel}`).glb.pack(), 'doll.glb');

/** Reads all shapes of the doll after `edit`; the buffer lies beside. */
function shapesAfter(edit: (json: Json) => void): unknown[] {
  const broken = structuredClone(json) as Json;
  edit(broken);
  broken.buffers![0]!.uri = 'doll.bin';
  const bytes = new TextEncoder().encode(JSON.stringify(broken));
  const rig = readRigFile(bytes, 'doll.gltf', (uri) => (uri === 'doll.bin' ? binary : undefined));
  return rig.meshes.map((_, mesh) => rig.shapes!(mesh));
}

/** A target of the face, and the accessor and view of its points. */
function partsOf({ meshes, accessors, bufferViews }: Json) {
  const primitive = meshes!
    .flatMap((mesh) => mesh.primitives as Record<string, unknown>[])
    .find((p) => p.targets)!;
  const [target] = primitive.targets as Record<string, unknown>[];
  const at = target!.POSITION as number;
  const accessor = accessors![at]!;
  return { target: target!, at, accessor, viewAt: accessor.bufferView as number, bufferViews: bufferViews! };
}

describe('the points of a file', () => {
  it('are read from the buffer beside it', () => {
    expect(shapesAfter(() => {})).not.toContain(undefined);
  });

  it.each<[what: string, edit: (json: Json) => void, words: RegExp]>([
    [
      'a count beyond its view',
      (j) => {
        for (const each of j.accessors!) each.count = 1e12;
      },
      /accessors\[\d+\]: expected numbers within its buffer view of \d+ bytes, got 1000000000000 items beyond/,
    ],
    [
      'an offset below 0',
      (j) => Object.assign(partsOf(j).accessor, { byteOffset: -8 }),
      /accessors\[\d+\]\.byteOffset: expected a whole number of 0/,
    ],
    [
      'a stride below 0',
      (j) => Object.assign(j.bufferViews![partsOf(j).viewAt]!, { byteStride: -12 }),
      /byteStride: expected a whole number from 1/,
    ],
    [
      'sparse null',
      (j) => Object.assign(partsOf(j).accessor, { sparse: null }),
      /sparse: expected an object, got null/,
    ],
    [
      'more changes than items',
      (j) => Object.assign(partsOf(j).accessor, { sparse: { count: 1e9 } }),
      /sparse\.count: expected a whole number from 0/,
    ],
    [
      'a view null',
      (j) => {
        j.bufferViews![partsOf(j).viewAt] = null as never;
      },
      /bufferViews\[\d+\]: expected an object, got null/,
    ],
    [
      'a view that is not there',
      (j) => Object.assign(partsOf(j).accessor, { bufferView: 999 }),
      /bufferView: expected a whole number from 0 to/,
    ],
    [
      'a view beyond its buffer',
      (j) => Object.assign(j.bufferViews![partsOf(j).viewAt]!, { byteLength: 1e9 }),
      /bufferViews\[\d+\]: expected bytes within its buffer of \d+, got 1000000000 from/,
    ],
    [
      'an unknown type',
      (j) => Object.assign(partsOf(j).accessor, { componentType: 7 }),
      /componentType: expected one of 5120/,
    ],
    [
      'a target without its accessor',
      (j) => Object.assign(partsOf(j).target, { POSITION: 999 }),
      /targets\[0\]\.POSITION: expected a whole number from 0 to/,
    ],
    [
      'a target of other points',
      (j) => Object.assign(partsOf(j).accessor, { count: 3 }),
      /expected \d+ points in each target, got 3/,
    ],
  ])('are refused with their place: %s', (_what, edit, words) => {
    expect(() => shapesAfter(edit)).toThrow(InputError);
    expect(() => shapesAfter(edit)).toThrow(words);
  });

  it('are not there where none are given, and no more can be said to be', () => {
    const none = (j: Json): void => {
      for (const accessor of j.accessors!) {
        delete accessor.bufferView;
      }
    };
    expect(shapesAfter(none)[0]).toBeUndefined();
    const many = (j: Json): void => {
      none(j);
      for (const accessor of j.accessors!) accessor.count = 4e8;
    };
    expect(() => shapesAfter(many)).toThrow(/count: expected a whole number from 0 to 1000000, got 4/);
  });

  it('stay where a target moves none of them', () => {
    const [shapes] = shapesAfter((j) => {
      delete partsOf(j).target.POSITION;
    }) as { shift(target: number): Float32Array }[];
    expect(shapes!.shift(0).some((far) => far !== 0)).toBe(false);
  });

  it('are read or refused, whatever stands in the file', () => {
    const junk = fc.oneof(fc.constantFrom(null, -1, 1e9, 0.5, '', 'x', true, [], {}, undefined), fc.nat(200));
    const key = fc.constantFrom(
      'count',
      'bufferView',
      'byteOffset',
      'componentType',
      'sparse',
      'byteStride',
      'byteLength',
      'buffer',
    );
    fc.assert(
      fc.property(
        fc.constantFrom('accessors', 'bufferViews'),
        fc.nat(60),
        key,
        junk,
        (list, at, name, value) => {
          try {
            shapesAfter((j) => {
              j[list]![at % j[list]!.length]![name] = value;
            });
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        },
      ),
      { seed: 15, numRuns: 400 },
    );
  });
});
