/**
 * Compiles the program once for all tests that start it as a child: a compiled one begins in a third of a second, one
 * that is compiled as it starts takes two, and there are some two hundred starts.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT, builtProgram } from './children.ts';

const root = join(import.meta.dirname, '../..');
const stamp = join(BUILT, 'stamp');

/** Run by Vitest before all tests. Throws where the sources do not compile. */
export default function build(): void {
  if (isFresh()) return;
  rmSync(BUILT, { recursive: true, force: true });
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['-p', 'tsconfig.build.json', '--outDir', BUILT, '--declaration', 'false'];
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...options], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${builtProgram()} was not built:\n${stdout}`);
  writeFileSync(stamp, '');
}

function isFresh(): boolean {
  const made = timeOf(stamp);
  return (
    made > 0 &&
    ['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json'].every((name) => newest(name) < made)
  );
}

/** When a file, or the newest in a folder, was written; deletions are seen in the time of their folder. */
function newest(name: string): number {
  const path = join(root, name);
  const inside = statSync(path).isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : [];
  return Math.max(timeOf(path), ...inside.map((file) => timeOf(join(path, file))));
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
