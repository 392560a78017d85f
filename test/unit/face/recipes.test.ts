import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { mixOf } from '../../../src/face/recipes.ts';
import { VISEMES } from '../../../src/speech/viseme.ts';
import { Glb } from '../../kit/zoo/glb.ts';

type Mix = readonly (readonly [name: string, weight: number])[];

/** How far the lips of a character part in the middle, and how wide its mouth is, millimetres, for a mix of targets. */
async function lipsOf(who: string): Promise<(mix: Mix) => { apart: number; wide: number }> {
  const glb = Glb.open(await readFile(new URL(`../../../assets/characters/${who}.glb`, import.meta.url)));
  const { primitives, extras } = glb.json.meshes.find((mesh) => mesh.extras?.lipPairs)!;
  const { attributes, targets } = primitives[0]!;
  const names = extras!.targetNames as string[];
  const pairs = extras!.lipPairs as { name: string; upper: number; lower: number }[];
  const rest = glb.read(attributes.POSITION!);
  const shifts = new Map(names.map((name, index) => [name, glb.read(targets![index]!.POSITION!)]));
  return (mix) => {
    const at = (vertex: number, axis: number): number =>
      1000 *
      mix.reduce(
        (sum, [name, weight]) => sum + weight * shifts.get(name)![vertex * 3 + axis]!,
        rest[vertex * 3 + axis]!,
      );
    const { upper, lower } = pairs.find(({ name }) => name === 'centre')!;
    const across = pairs.map((pair) => at(pair.upper, 0));
    return { apart: at(upper, 1) - at(lower, 1), wide: Math.max(...across) - Math.min(...across) };
  };
}

describe.each(['mira', 'tomas'])('mixes of ARKit parts, on %s,', (who) => {
  it.each(VISEMES.filter((viseme) => viseme !== 'sil'))(
    'open and round the mouth as %s does',
    async (viseme) => {
      const measure = await lipsOf(who);
      const [own, mix] = [measure([[`viseme_${viseme}`, 1]]), measure(mixOf(viseme))];
      expect(Math.abs(mix.apart - own.apart)).toBeLessThan(2);
      expect(Math.abs(mix.wide - own.wide)).toBeLessThan(2);
      if (viseme === 'PP') expect(mix.apart).toBeLessThan(0.5);
    },
  );
});
