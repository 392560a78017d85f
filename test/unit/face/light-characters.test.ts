import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectFace } from '../../../src/face/binding.ts';
import { type LoadedCharacter, loadCharacter } from '../../kit/character-file.ts';

const folder = fileURLToPath(new URL('../../../assets/characters/', import.meta.url));
const LIGHT = readdirSync(folder)
  .filter((file) => file.endsWith('-light.glb'))
  .map((file) => file.slice(0, -'.glb'.length));

it('ships six people in a light version', () => {
  expect(LIGHT.sort()).toEqual(
    ['amara', 'bruno', 'greta', 'kofi', 'mira', 'tomas'].map((name) => `${name}-light`),
  );
});

describe.each(LIGHT)('%s', (name) => {
  let character: LoadedCharacter;
  beforeAll(async () => {
    character = await loadCharacter(name);
  });
  afterAll(() => character.dispose());

  it('has at most 3,000 vertices in less than 600 kB', () => {
    const meshes = character.root.getChildMeshes();
    expect(meshes.reduce((sum, mesh) => sum + mesh.getTotalVertices(), 0)).toBeLessThanOrEqual(3000);
    expect(statSync(`${folder}${name}.glb`).size).toBeLessThan(600_000);
  });

  it('speaks with 15 visemes and 5 expressions, which move positions only', () => {
    const managers = character.root.getChildMeshes().flatMap((mesh) => mesh.morphTargetManager ?? []);
    const names = new Set<string>();
    for (const manager of managers)
      for (let index = 0; index < manager.numTargets; index++) {
        const target = manager.getTarget(index);
        names.add(target.name);
        expect([target.hasPositions, target.hasNormals, target.hasTangents]).toEqual([true, false, false]);
      }
    expect([...names].filter((target) => target.startsWith('viseme_'))).toHaveLength(15);
    expect([...names].filter((target) => !target.startsWith('viseme_')).sort()).toEqual([
      'browDown',
      'browInnerUp',
      'eyeBlink',
      'mouthFrown',
      'mouthSmile',
    ]);
  });

  it('has a whole face without problems, in less than 1 MB of morph targets', () => {
    const report = inspectFace(character.root);
    expect(report.problems).toEqual([]);
    expect(report.score).toBe(100);
    expect(Object.values(report.visemes).map(({ origin }) => origin)).toEqual(Array(15).fill('own'));
    expect(report.morphBytes).toBeGreaterThan(200_000);
    expect(report.morphBytes).toBeLessThan(1_000_000);
  });

  it('closes its lips at rest and on p, and opens them on a', () => {
    const set = (viseme: string, weight: number): void => {
      for (const mesh of character.root.getChildMeshes())
        for (let index = 0; index < (mesh.morphTargetManager?.numTargets ?? 0); index++) {
          const target = mesh.morphTargetManager!.getTarget(index);
          if (target.name === `viseme_${viseme}`) target.influence = weight;
        }
    };
    const inner = () => character.lips.gaps().filter((pair) => !pair.name.endsWith('2'));
    for (const { mm } of inner()) expect(mm).toBeLessThan(0.6);
    set('PP', 1);
    for (const { mm } of inner()) expect(mm).toBeLessThan(1);
    set('PP', 0);
    set('aa', 1);
    expect(inner().find((pair) => pair.name === 'centre')!.openMm).toBeGreaterThan(4);
    set('aa', 0);
  });
});
