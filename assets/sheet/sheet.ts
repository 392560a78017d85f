import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import sharp from 'sharp';

/**
 * Renders the contact sheets: the real glb files in Babylon.js in headless Chromium (software WebGL).
 * Usage: `npm run sheet [-- mira tomas-light …]`. `CHROMIUM_BIN` names the browser, default /usr/bin/chromium.
 */

const folder = fileURLToPath(new URL('../characters/', import.meta.url));
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.glb'))
  .map((file) => file.slice(0, -'.glb'.length));
const FLAGS = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
];
const MINUTES = 60_000;

const bundle = await build({
  entryPoints: [fileURLToPath(new URL('./page.ts', import.meta.url))],
  bundle: true,
  format: 'iife',
  write: false,
  logLevel: 'error',
});
const script = bundle.outputFiles[0]!.contents;

const server = createServer((request, response) => {
  const url = request.url ?? '/';
  const file = /^\/characters\/([a-z-]+\.glb)$/.exec(url);
  if (url === '/')
    response
      .setHeader('content-type', 'text/html')
      .end('<!doctype html><link rel=icon href=data:><script src="/page.js"></script>');
  else if (url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script);
  else if (file) response.setHeader('content-type', 'model/gltf-binary').end(readFileSync(folder + file[1]));
  else response.writeHead(404).end();
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
  args: FLAGS,
  chromiumSandbox: false,
  timeout: MINUTES,
});
try {
  const args = process.argv.slice(2);
  // Private aid: `--shots file.json --to picture.png` renders other shots.
  const option = (name: string): string | undefined =>
    args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
  const shots = option('--shots') ? JSON.parse(readFileSync(option('--shots')!, 'utf8')) : undefined;
  const names = args.filter((a, i) => !a.startsWith('--') && !args[i - 1]?.startsWith('--'));
  for (const name of names.length ? names : files) {
    const page = await browser.newPage();
    page.on('console', (message) => message.type() === 'error' && console.error(`  page: ${message.text()}`));
    page.on('pageerror', (error) => console.error(`  page: ${error.message}`));
    page.setDefaultTimeout(5 * MINUTES);
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { timeout: MINUTES });
    const url = await Promise.race([
      page.evaluate(
        ([n, s, w]) =>
          (window as unknown as { render(n: string, s?: unknown, w?: number): Promise<string> }).render(
            n,
            s,
            w,
          ),
        [name, shots, shots ? 1400 : undefined] as const,
      ),
      new Promise<never>((_, reject) =>
        setTimeout(() => reject(new Error('Rendering took over 5 minutes')), 5 * MINUTES).unref(),
      ),
    ]);
    const png = Buffer.from(url.split(',')[1]!, 'base64');
    const to = option('--to')?.replace('%', name) ?? `${folder}${name}-sheet.jpg`;
    const image = to.endsWith('.png') ? sharp(png).png() : sharp(png).jpeg({ quality: 86, mozjpeg: true });
    const bytes = await image.toBuffer();
    writeFileSync(to, bytes);
    console.log(`${to.split('/').at(-1)}  ${(bytes.length / 1000).toFixed(0)} kB`);
    await page.close();
  }
} finally {
  await browser.close();
  server.close();
}
