import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCharacter } from './character.ts';
import { characters } from './characters.ts';
import { validate } from './validate.ts';

const out = fileURLToPath(new URL('../characters/', import.meta.url));
mkdirSync(out, { recursive: true });

/** Largest file we ship, bytes. */
const LIMIT = 4_000_000;

const wanted = process.argv.slice(2);
let failed = false;
for (const recipe of characters) {
  if (wanted.length && !wanted.includes(recipe.name)) continue;
  const { bytes, report, facts } = await buildCharacter(recipe);
  writeFileSync(join(out, `${recipe.name}.glb`), bytes);
  console.log(`\n${recipe.name}.glb  ${(bytes.length / 1e6).toFixed(2)} MB`);
  for (const line of report) console.log(`  ${line}`);
  for (const fact of facts)
    console.log(`  ${fact.holds ? 'ok ' : 'BAD'} ${fact.what}: ${fact.value.toFixed(2)} ${fact.unit}`);
  const issues = await validate(bytes);
  console.log(`  glTF validator: ${issues.errors} errors, ${issues.warnings} warnings`);
  for (const message of issues.messages) console.log(`    ${message}`);
  if (bytes.length > LIMIT) console.error(`  The file is over ${LIMIT} bytes`);
  if (issues.errors || facts.some((fact) => !fact.holds) || bytes.length > LIMIT) failed = true;
}
if (failed) {
  console.error('\nThe build does not meet its contract; see BAD, errors or size above.');
  process.exitCode = 1;
}
