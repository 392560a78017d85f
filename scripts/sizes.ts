/** Prints what a game ships: the library, the worklet, and the demo page. `npm run bench` runs it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build as bundle } from 'esbuild';
import { build as buildPage } from 'vite';
import { bundleThread } from './bundle-threads.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1).padStart(8)} KiB`;
}

function row(name: string, content: Uint8Array | string): void {
  console.log(`${name.padEnd(44)} ${kib(Buffer.byteLength(content))}  gzip ${kib(gzipSync(content).length)}`);
}

const { outputFiles } = await bundle({
  entryPoints: [join(root, 'src/index.ts')],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
  external: ['@babylonjs/*', 'ws', './lore/*', './wasm-decoder.ts'],
});
row('library for games, without Babylon', outputFiles[0]!.contents);
for (const name of ['sounds', 'english']) {
  row(`loaded by timedVoices: ${name}`, readFileSync(join(root, `src/lipsync/timing/lore/${name}.ts`)));
}
const decoder = await bundle({
  entryPoints: [join(root, 'src/voices/gateway/wasm-decoder.ts')],
  bundle: true,
  minify: true,
  format: 'esm',
  write: false,
});
row('loaded by gatewayVoices where a browser has no Opus', decoder.outputFiles[0]!.contents);
row('audio worklet', await bundleThread('player.worklet.js', { minify: true }));
row('worker of timedVoices', await bundleThread('timing.worker.js', { minify: true }));

await buildPage({ configFile: join(root, 'vite.config.ts'), logLevel: 'error' });
const page = join(root, 'dist-demo');
let total = 0;
for (const path of readdirSync(page, { recursive: true, encoding: 'utf8' }).sort()) {
  const file = join(page, path);
  if (statSync(file).isDirectory()) continue;
  const content = readFileSync(file);
  total += /\.(js|css|html)$/.test(path) ? gzipSync(content).length : content.length;
  if (content.length > 50_000) row(`demo: ${relative(page, file)}`, content);
}
console.log(`demo page as it travels (code gzipped)        ${kib(total)}`);
