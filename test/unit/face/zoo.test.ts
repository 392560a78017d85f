import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readRigFile } from '../../../src/face/gltf/file-rig.ts';
import { planFace } from '../../../src/face/plan.ts';
import { VISEMES } from '../../../src/speech/viseme.ts';
import { ZOO } from '../../kit/zoo/index.ts';

let character: Uint8Array;

beforeAll(async () => {
  character = await readFile(new URL('../../../assets/characters/mira.glb', import.meta.url));
});

describe.each(ZOO.map((exhibit) => [exhibit.name, exhibit] as const))('the file of %s', (name, exhibit) => {
  it('is read for what it is', async () => {
    const { bytes } = await exhibit.make(character);
    const { report } = planFace(readRigFile(bytes, `${name}.glb`));
    expect(report.scheme.split('+')[0]).toBe(exhibit.scheme);
    expect(report.problems.map(({ code }) => code)).toEqual(exhibit.problems);
    for (const viseme of VISEMES) {
      const own = exhibit.own === 'all' || exhibit.own.includes(viseme);
      const expected = own ? 'own' : exhibit.rest;
      if (viseme !== 'sil')
        expect(`${viseme} ${report.visemes[viseme].origin}`).toBe(`${viseme} ${expected}`);
    }
  });
});
