import type { Recipe } from './characters.ts';
import { addScaled } from './geometry.ts';
import { readTarget } from './makehuman.ts';

/**
 * The character's base shape, dm: base mesh, macro targets (without them the mesh is an androgynous dummy),
 * then the recipe's detail targets. Neutral-face shapes come later, from the morphs.
 */
export function shapeOf(recipe: Recipe, base: Float64Array): Float64Array {
  const shape = base.slice();
  const add = (name: string, weight: number): void => void addScaled(shape, readTarget(name), weight);
  const old = recipe.old ?? 0;
  for (const [age, share] of [
    ['young', 1 - old],
    ['old', old],
  ] as const) {
    if (share === 0) continue;
    for (const [race, weight] of Object.entries(recipe.race))
      add(`macrodetails/${race}-${recipe.sex}-${age}`, weight * share);
    for (const [muscle, strong] of sharesOf(recipe.muscle ?? 0, 'muscle'))
      for (const [weight, heavy] of sharesOf(recipe.weight ?? 0, 'weight')) {
        const build = `${recipe.sex}-${age}-${muscle}-${weight}`;
        add(`macrodetails/universal-${build}`, share * strong * heavy);
        add(`macrodetails/proportions/${build}-idealproportions`, share * strong * heavy * recipe.ideal);
      }
  }
  for (const [name, weight] of Object.entries(recipe.targets))
    for (const side of name.includes('*') ? ['l', 'r'] : ['']) add(name.replace('*', side), weight);
  return shape;
}

/** How much of the least, the average and the most of something makes a measure from -1 to 1. */
function sharesOf(measure: number, of: string): [string, number][] {
  const side: [string, number] = [measure < 0 ? `min${of}` : `max${of}`, Math.abs(measure)];
  const middle: [string, number] = [`average${of}`, 1 - Math.abs(measure)];
  return [middle, side].filter(([, share]) => share > 0);
}
