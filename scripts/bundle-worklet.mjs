import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Where the worklet starts; everything it imports ends in one file, since a worklet's URL is a single asset. */
export const WORKLET_ENTRY = join(root, 'src/playback/worklet/main.ts');

/**
 * @param {{ minify?: boolean }} [options]
 * @returns {Promise<string>} the code of player.worklet.js
 */
export async function bundleWorklet({ minify = false } = {}) {
  const { outputFiles } = await build({
    entryPoints: [WORKLET_ENTRY],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    minify,
  });
  const [file] = outputFiles;
  if (!file) throw new Error('esbuild gave no worklet.');
  return file.text;
}
