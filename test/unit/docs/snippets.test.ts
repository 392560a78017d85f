/** The code in the documents is right as it stands: names, options and types are those of today. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const PAGES = ['README.md', ...(await readdir(join(ROOT, 'docs'))).map((name) => `docs/${name}`)]
  .filter((page) => page.endsWith('.md'))
  .sort();

let folder: string;
let faults: string[];

beforeAll(async () => {
  await mkdir(join(ROOT, 'dist-test'), { recursive: true });
  folder = await mkdtemp(join(ROOT, 'dist-test/docs-')); // Below the root: packages are found from there.
  const places = new Map<string, { page: string; line: number }>();
  for (const page of PAGES) {
    for (const { code, line } of snippetsOf(await readFile(join(ROOT, page), 'utf8'))) {
      const file = `snippet-${places.size}.ts`;
      places.set(file, { page, line });
      await writeFile(join(folder, file), `${code}\nexport {};\n`);
    }
  }
  expect(places.size).toBeGreaterThan(30);
  await writeFile(join(folder, 'names.d.ts'), await namesWithoutImport());
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(CONFIG));
  const told = await compile();
  faults = told.map((row) => {
    const [, file = '', at = '0', what] = /^(?:.*\/)?([\w.-]+)\((\d+),\d+\): (.*)$/.exec(row) ?? [];
    const place = places.get(file);
    return place ? `${place.page}:${place.line + Number(at)}: ${what}` : row;
  });
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

it.each(PAGES)('the code in %s is right', (page) => {
  expect(faults.filter((fault) => fault.startsWith(`${page}:`))).toEqual([]);
});

it('nothing else was wrong', () => {
  expect(faults.filter((fault) => !PAGES.some((page) => fault.startsWith(`${page}:`)))).toEqual([]);
});

const CONFIG = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    paths: {
      'babylon-parley': ['../../src/index.ts'],
      'babylon-parley/captions': ['../../src/captions/index.ts'],
      'babylon-parley/bubbles': ['../../src/bubbles/index.ts'],
      'babylon-parley/cutscene': ['../../src/stage/index.ts'],
      'babylon-parley/gateway': ['../../src/gateway/index.ts'],
      'babylon-parley/inspector': ['../../src/inspector/index.ts'],
      'babylon-parley/overlay': ['../../src/inspector/overlay.ts'],
      'babylon-parley/voices/*': ['../../src/voices/*/index.ts'],
    },
  },
  include: ['.'],
};

/** The fenced pieces of TypeScript on a page, each with the line of its fence, from 1. */
function snippetsOf(page: string): { code: string; line: number }[] {
  return [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(({ 1: code = '', index }) => ({
    code,
    line: page.slice(0, index).split('\n').length,
  }));
}

/** As README says: what `babylon-parley` itself exports, and what belongs to the game. */
async function namesWithoutImport(): Promise<string> {
  const exported = await readFile(join(ROOT, 'src/index.ts'), 'utf8');
  const own = [...exported.matchAll(/^export \{([^}]*)\}/gm)]
    .flatMap(([, list = '']) => list.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '));
  const game = await readFile(join(import.meta.dirname, 'game.ts'), 'utf8');
  const declared = [...game.matchAll(/^export (?:declare (?:const|function) (\w+)|\{ (\w+) \})/gm)];
  const of = (from: string) => (name: string) => `declare const ${name}: typeof import('${from}').${name};`;
  return [
    ...own.map(of('babylon-parley')),
    ...declared.map(([, name, passedOn]) => of('../../test/unit/docs/game.ts')((name ?? passedOn)!)),
  ].join('\n');
}

/** What the compiler has to say, a row for each fault. */
function compile(): Promise<string[]> {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [compiler, '-p', folder, '--pretty', 'false'],
      { maxBuffer: 2 ** 26 },
      (error, out, err) => {
        const rows = `${out}${err}`.split('\n').filter((row) => row !== '' && !row.startsWith(' '));
        resolve(error && rows.length === 0 ? [error.message] : rows);
      },
    );
  });
}
