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
  for (const [race, weight] of Object.entries(recipe.race))
    add(`macrodetails/${race}-${recipe.sex}-young`, weight);
  const build = `${recipe.sex}-young-averagemuscle-averageweight`;
  add(`macrodetails/universal-${build}`, 1);
  add(`macrodetails/proportions/${build}-idealproportions`, recipe.ideal);
  for (const [name, weight] of Object.entries(recipe.targets))
    for (const side of name.includes('*') ? ['l', 'r'] : ['']) add(name.replace('*', side), weight);
  return shape;
}
