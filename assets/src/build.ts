import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Built, buildCharacter } from './character.ts';
import { characters, type Recipe } from './characters.ts';
import { crowd } from './crowd.ts';
import { buildLight } from './light.ts';
import { validate } from './validate.ts';

const out = fileURLToPath(new URL('../characters/', import.meta.url));
mkdirSync(out, { recursive: true });

interface Job {
  name: string;
  recipe: Recipe;
  build: (recipe: Recipe) => Promise<Built>;
  /** Largest file we ship, bytes. */
  limit: number;
}

const jobs: Job[] = [
  ...characters.map((recipe) => ({ name: recipe.name, recipe, build: buildCharacter, limit: 4_000_000 })),
  ...[...characters, ...crowd].map((recipe) => ({
    name: `${recipe.name}-light`,
    recipe,
    build: buildLight,
    limit: 600_000,
  })),
];

const wanted = process.argv.slice(2);
let failed = false;
for (const { name, recipe, build, limit } of jobs) {
  if (wanted.length && !wanted.includes(name)) continue;
  const { bytes, report, facts } = await build(recipe);
  writeFileSync(join(out, `${name}.glb`), bytes);
  console.log(`\n${name}.glb  ${(bytes.length / 1e6).toFixed(2)} MB`);
  for (const line of report) console.log(`  ${line}`);
  for (const fact of facts)
    console.log(`  ${fact.holds ? 'ok ' : 'BAD'} ${fact.what}: ${fact.value.toFixed(2)} ${fact.unit}`);
  const issues = await validate(bytes);
  console.log(`  glTF validator: ${issues.errors} errors, ${issues.warnings} warnings`);
  for (const message of issues.messages) console.log(`    ${message}`);
  if (bytes.length > limit) console.error(`  The file is over ${limit} bytes`);
  if (issues.errors || facts.some((fact) => !fact.holds) || bytes.length > limit) failed = true;
}
if (failed) {
  console.error('\nThe build does not meet its contract; see BAD, errors or size above.');
  process.exitCode = 1;
}
