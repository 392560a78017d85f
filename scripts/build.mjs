/** Builds the library into dist/: one module for each source file with its types, and the worklet and the worker as one file each. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleThread, THREAD_FILES } from './bundle-threads.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const compiled = spawnSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
if (compiled.status !== 0) process.exit(compiled.status ?? 1);
for (const [file, { folder }] of Object.entries(THREAD_FILES)) {
  writeFileSync(
    join(dist, folder, file),
    await bundleThread(/** @type {keyof typeof THREAD_FILES} */ (file), { minify: true }),
  );
}
copyFileSync(join(root, 'src/playback/silence.wav'), join(dist, 'playback/silence.wav'));
console.log('Built dist/.');
