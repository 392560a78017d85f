/** A page whose policy allows no WebAssembly, in a browser without WebCodecs: lines come as PCM, and are heard. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHROMIUM_ARGS, findChromium } from '../../scripts/chromium.mjs';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import { toneVoices } from '../kit/tone-voices.ts';

const POLICY = "default-src 'self'; script-src 'self'";
const root = join(import.meta.dirname, '../..');
let server: Server;
let gateway: Gateway;
let browser: Browser;

const PAGE = `
import { gatewayVoices } from './src/voices/gateway/index.ts';
delete globalThis.AudioDecoder;
globalThis.listen = async () => {
  const voices = gatewayVoices('ws://' + location.host + '/v1/speech');
  let samples = 0;
  for await (const part of voices.speak({ text: 'Heard all the same.' }, new AbortController().signal))
    if (part.type === 'audio') samples += part.samples.length;
  voices.dispose();
  return samples;
};
`;

beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: PAGE, resolveDir: root, sourcefile: 'page.js' },
    ...({ bundle: true, splitting: true, format: 'esm', target: 'es2022' } as const),
    ...{ outdir: '/', entryNames: 'page', write: false },
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
  gateway = createGateway({ source: toneVoices() });
  server = createServer((request, response) => {
    if (gateway.handle(request, response)) return;
    const script = files.get(request.url!);
    response.setHeader('Content-Security-Policy', POLICY);
    response.setHeader('Content-Type', script ? 'text/javascript' : 'text/html');
    response.end(script ?? '<!doctype html><script type="module" src="/page.js"></script>');
  });
  gateway.attach(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const executablePath = findChromium();
  browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    chromiumSandbox: false,
    args: CHROMIUM_ARGS,
  });
});

afterAll(async () => {
  await browser?.close();
  await gateway?.close();
  server?.closeAllConnections();
  server?.close();
});

it('speaks', async () => {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction('typeof listen === "function"');
  const forbidden = await page.evaluate(() =>
    WebAssembly.compile(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)).then(
      () => false,
      () => true,
    ),
  );
  expect(forbidden).toBe(true);
  const heard = (await page.evaluate('listen()')) as number;
  expect(heard).toBe(Math.round('Heard all the same.'.length * 0.06 * 44_100));
}, 60_000);
