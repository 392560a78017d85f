/** Builds the library into dist/: one module for each source file with its types, and the worklet as one file. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorklet } from './bundle-worklet.mjs';

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
writeFileSync(join(dist, 'playback/player.worklet.js'), await bundleWorklet());
copyFileSync(join(root, 'src/playback/silence.wav'), join(dist, 'playback/silence.wav'));
console.log('Built dist/.');
