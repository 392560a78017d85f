import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Code that runs in threads of a page: where it starts, and the file that it becomes beside the module that names it.
 * Everything it imports ends in that one file, since the URL of a worklet or worker is a single asset.
 */
export const THREAD_FILES = {
  'player.worklet.js': { entry: 'src/playback/worklet/main.ts', folder: 'playback' },
  'timing.worker.js': { entry: 'src/voices/timed/timing-worker.ts', folder: 'voices/timed' },
};

/**
 * @param {keyof typeof THREAD_FILES} name
 * @param {{ minify?: boolean }} [options]
 * @returns {Promise<string>} the code of that file
 */
export async function bundleThread(name, { minify = false } = {}) {
  const { outputFiles } = await build({
    entryPoints: [join(root, THREAD_FILES[name].entry)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    minify,
    // What a thread loads beside its own code is handed to it.
    external: ['./lore/*'],
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`esbuild gave no ${name}.`);
  return file.text;
}
