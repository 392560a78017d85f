import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Speaks in a process of its own, which never disposes its voices, and returns what it printed. */
function speakWith(module: string, ...flags: string[]): string {
  const script = join(folder, 'speak.mjs');
  writeFileSync(
    script,
    `import { localVoices } from '${pathToFileURL(module)}';
     let samples = 0;
     for await (const part of localVoices().speak({ text: 'Hello.' }, new AbortController().signal)) {
       if (part.type === 'audio') samples += part.samples.length;
     }
     console.log(samples > 20_000 ? 'spoken' : samples);`,
  );
  return execFileSync(process.execPath, [...flags, script], { cwd: root, encoding: 'utf8', timeout: 30_000 });
}

describe('the thread of local voices', { timeout: 60_000 }, () => {
  it('starts from the checkout, and lets the process end when it is idle', () => {
    expect(speakWith(join(root, 'src/synth/local-voices.ts'), '--import', 'tsx').trim()).toBe('spoken');
  });

  it('starts from the built package', () => {
    const built = join(folder, 'dist');
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    spawnSync(
      process.execPath,
      [compiler, '-p', 'tsconfig.build.json', '--declaration', 'false', '--outDir', built],
      {
        cwd: root,
      },
    );
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    expect(speakWith(join(built, 'synth/local-voices.js')).trim()).toBe('spoken');
  });
});
